// What a caller changed under the header of a message that was read. Types only.
import type { MessageBodies, ParsedEntity } from '../../mime/index.ts';
import type { AlternateView } from '../alternate-view.ts';
import type { Part } from '../part.ts';

/** An entry of the list of attachments: a part that was read, or a new one. */
export type AttachmentEdit =
  | { readonly stored: ParsedEntity; readonly part?: undefined }
  | { readonly stored?: undefined; readonly part: Part };

/** The changes, beside what there was. */
export interface BodyEdits {
  /** What there was. */
  readonly bodies: MessageBodies;
  /** The text as it shall be; left out when it stays. */
  readonly text?: { readonly value: string | undefined };
  /** The HTML as it shall be; left out when it stays. */
  readonly html?: { readonly value: string | undefined };
  /** Parts that were taken out of a list. */
  readonly removed: ReadonlySet<ParsedEntity>;
  /** The attachments as they shall be, in order; left out when the list was not looked at. */
  readonly attachments?: readonly AttachmentEdit[];
  /** New parts that the HTML refers to. */
  readonly linked: readonly Part[];
  /** New forms of the text. */
  readonly views: readonly AlternateView[];
}
