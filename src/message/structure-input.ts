// What a message's tree is built from: the forms of its text, and its parts with their content at hand. Types only.
import type { EntityBody } from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import type { Part } from './part.ts';

/** A part whose content is ready to be written. */
export interface ReadyPart {
  readonly part: Part;
  readonly body: EntityBody;
}

/** The forms of a message's text. */
export interface Bodies {
  readonly text: string | undefined;
  readonly flowed: boolean;
  readonly html: string | undefined;
  readonly views: readonly AlternateView[];
}
