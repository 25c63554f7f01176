// What a message holds under its header: the forms of its text, and its parts. Given by the caller, or decoded from
// what was read when it is first asked for.
import type { AlternateView } from './alternate-view.ts';
import { checkView } from './alternate-view.ts';
import type { AttachedPart } from './attached-part.ts';
import type { Content } from './compose.ts';
import { checkText, fieldError, kindOf } from './field-checks.ts';
import type { ComposeOptions } from './message-fields.ts';
import type { Part } from './part.ts';
import { areInMemory } from './ready-parts.ts';
import { type StoredMail, StoredPart } from './stored-mail.ts';
import { joinText, storedViews } from './stored-parts.ts';
import { WatchedLists } from './watched-lists.ts';

/** The attachment that something given in a list stands for; `property` names it in errors, as `attachments[0]`. */
export type MakeAttachment<A extends AttachedPart> = (input: unknown, property: string) => A;

/** The bodies and parts of one message; `A` is how an attachment is shown to the caller. */
export class MessageBody<A extends AttachedPart> {
  readonly #stored: StoredMail | undefined;
  readonly #make: MakeAttachment<A>;
  readonly #lists: WatchedLists | undefined;
  #text: string | undefined;
  #html: string | undefined;
  #attachments: A[] | undefined;
  #linkedResources: A[] | undefined;
  #alternateViews: AlternateView[] | undefined;

  constructor(stored: StoredMail | undefined, make: MakeAttachment<A>) {
    this.#stored = stored;
    this.#make = make;
    this.#lists = stored && new WatchedLists();
  }

  get text(): string | undefined {
    if (this.#stored) this.#text ??= joinText(this.#stored.bodies.text);
    return this.#text;
  }
  set text(value: string | undefined) {
    this.#refuseStored('text', value !== this.text);
    this.#text = value === undefined ? undefined : checkText(value, 'text');
  }

  get html(): string | undefined {
    if (this.#stored) this.#html ??= joinText(this.#stored.bodies.html);
    return this.#html;
  }
  set html(value: string | undefined) {
    this.#refuseStored('html', value !== this.html);
    this.#html = value === undefined ? undefined : checkText(value, 'html');
  }

  get attachments(): A[] {
    this.#attachments ??= this.#readAttachments();
    this.#lists?.watch('attachments', this.#attachments);
    return this.#attachments;
  }
  set attachments(value: readonly unknown[]) {
    this.#refuseStored('attachments', true);
    this.#attachments = this.#toAttachments(value, 'attachments');
  }

  get linkedResources(): A[] {
    this.#linkedResources ??= this.#stored ? this.#readLinked() : [];
    this.#lists?.watch('linkedResources', this.#linkedResources);
    return this.#linkedResources;
  }
  set linkedResources(value: readonly unknown[]) {
    this.#refuseStored('linkedResources', true);
    this.#linkedResources = this.#toAttachments(value, 'linkedResources');
  }

  get alternateViews(): AlternateView[] {
    this.#alternateViews ??= this.#stored ? storedViews(this.#stored.root) : [];
    this.#lists?.watch('alternateViews', this.#alternateViews);
    return this.#alternateViews;
  }
  set alternateViews(value: readonly AlternateView[]) {
    this.#refuseStored('alternateViews', true);
    if (!Array.isArray(value)) throw notAList('alternateViews', value);
    this.#alternateViews = value.map(checkView);
  }

  /** Everything of a composed message, as it is now. */
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

  /** Whether no file and no stream has to be read for it. */
  isInMemory(): boolean {
    const { linked, attached } = this.content({});
    return areInMemory(linked) && areInMemory(attached);
  }

  /** Throws when a list was changed that can't be written. */
  checkUnchanged(): void {
    const changed = this.#lists?.changed();
    if (changed !== undefined) this.#refuseStored(changed, true);
  }

  #partsOf(list: readonly unknown[] | undefined, property: string): readonly Part[] {
    return list === undefined ? none : this.#toAttachments(list, property).map(({ part }) => part);
  }

  #toAttachments(list: readonly unknown[], property: string): A[] {
    if (!Array.isArray(list)) throw notAList(property, list);
    return list.map((item: unknown, index) => this.#make(item, `${property}[${index}]`));
  }

  #readAttachments(): A[] {
    const leaves = this.#stored?.bodies.attachments ?? [];
    return this.#toAttachments(
      leaves.map((leaf) => new StoredPart(leaf)),
      'attachments',
    );
  }

  #readLinked(): A[] {
    const { attachments, html = '' } = this;
    return attachments.filter(({ cid }) => cid !== undefined && html.includes(`cid:${cid}`));
  }

  #refuseStored(property: string, isChanged: boolean): void {
    if (this.#stored && isChanged) {
      throw fieldError(property, `of a message that was read can't be replaced; ${composeAnew}`);
    }
  }
}

const none: readonly Part[] = [];

const notAList = (property: string, value: unknown): Error =>
  fieldError(property, `must be an array, got ${kindOf(value)}`);

const composeAnew =
  'compose a new one with what is to stay: new MailMessage({ subject: old.subject, html: old.html, … })';
