// The bodies and parts of a message that is composed: as the caller gave them.
import type { AlternateView } from './alternate-view.ts';
import type { AttachedPart } from './attached-part.ts';
import { type MakeAttachment, type MessageBody, toAttachments, toViews } from './body-lists.ts';
import type { Content } from './compose.ts';
import { checkText } from './field-checks.ts';
import type { ComposeOptions } from './message-fields.ts';
import type { Part } from './part.ts';

/** What a composed message holds. */
export class ComposedBody<A extends AttachedPart> implements MessageBody<A> {
  readonly #make: MakeAttachment<A>;
  #text: string | undefined;
  #html: string | undefined;
  #attachments: A[] | undefined;
  #linkedResources: A[] | undefined;
  #alternateViews: AlternateView[] | undefined;

  constructor(make: MakeAttachment<A>) {
    this.#make = make;
  }

  get text(): string | undefined {
    return this.#text;
  }
  set text(value: string | undefined) {
    this.#text = value === undefined ? undefined : checkText(value, 'text');
  }

  get html(): string | undefined {
    return this.#html;
  }
  set html(value: string | undefined) {
    this.#html = value === undefined ? undefined : checkText(value, 'html');
  }

  get attachments(): A[] {
    this.#attachments ??= [];
    return this.#attachments;
  }
  set attachments(value: readonly unknown[]) {
    this.#attachments = toAttachments(value, 'attachments', this.#make);
  }

  get linkedResources(): A[] {
    this.#linkedResources ??= [];
    return this.#linkedResources;
  }
  set linkedResources(value: readonly unknown[]) {
    this.#linkedResources = toAttachments(value, 'linkedResources', this.#make);
  }

  get alternateViews(): AlternateView[] {
    this.#alternateViews ??= [];
    return this.#alternateViews;
  }
  set alternateViews(value: readonly AlternateView[]) {
    this.#alternateViews = toViews(value);
  }

  /** Everything as it is now. */
  content(options: ComposeOptions): Content {
    return {
      text: this.#text,
      html: this.#html,
      views: this.#alternateViews ?? [],
      linked: this.#partsOf(this.#linkedResources, 'linkedResources'),
      attached: this.#partsOf(this.#attachments, 'attachments'),
      options,
    };
  }

  #partsOf(list: readonly unknown[] | undefined, property: string): readonly Part[] {
    if (list === undefined) return none;
    return toAttachments(list, property, this.#make).map(({ part }) => part);
  }
}

const none: readonly Part[] = [];
