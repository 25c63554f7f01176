// The bodies and parts of a message that was read: decoded when they are first asked for, and what the caller makes of
// them. A part can stand in several lists; taken out of one, it is taken out of the message.
import { joinTexts, type ParsedEntity } from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import type { AttachedPart } from './attached-part.ts';
import { type MakeAttachment, type MessageBody, toAttachments, toViews } from './body-lists.ts';
import { applyEdits } from './edit/apply-edits.ts';
import type { AttachmentEdit, BodyEdits } from './edit/body-edits.ts';
import { checkText } from './field-checks.ts';
import { cidReferences } from './html/cid-references.ts';
import { PartList } from './part-list.ts';
import type { StoredMail } from './stored-mail.ts';
import { StoredPart } from './stored-part.ts';
import { storedViews } from './stored-parts.ts';

/** A text that the caller set. */
interface SetText {
  readonly value: string | undefined;
}

/** The bodies and parts of a message that was read. */
export function storedBody<A extends AttachedPart>(
  stored: StoredMail,
  make: MakeAttachment<A>,
): StoredBody<A> {
  return new StoredBody(stored, make);
}

/** What a message that was read holds. */
class StoredBody<A extends AttachedPart> implements MessageBody<A> {
  readonly #stored: StoredMail;
  readonly #make: MakeAttachment<A>;
  readonly #decoded = new Map<'text' | 'html', string | undefined>();
  #text: SetText | undefined;
  #html: SetText | undefined;
  #attachments: PartList<A> | undefined;
  #linked: PartList<A> | undefined;
  #views: PartList<AlternateView> | undefined;

  constructor(stored: StoredMail, make: MakeAttachment<A>) {
    this.#stored = stored;
    this.#make = make;
  }

  get text(): string | undefined {
    return this.#text ? this.#text.value : this.#read('text');
  }
  set text(value: string | undefined) {
    const before = this.#text;
    this.#text = this.#setText('text', value);
    this.#check(() => {
      this.#text = before;
    });
  }

  get html(): string | undefined {
    return this.#html ? this.#html.value : this.#read('html');
  }
  set html(value: string | undefined) {
    const before = this.#html;
    this.#html = this.#setText('html', value);
    this.#check(() => {
      this.#html = before;
    });
  }

  get attachments(): A[] {
    const list = this.#attachmentList();
    this.#settle();
    return list.items;
  }
  set attachments(value: readonly unknown[]) {
    this.#assign(this.#attachmentList(), toAttachments(value, 'attachments', this.#make));
  }

  get linkedResources(): A[] {
    const list = this.#linkedList();
    this.#settle();
    return list.items;
  }
  set linkedResources(value: readonly unknown[]) {
    this.#assign(this.#linkedList(), toAttachments(value, 'linkedResources', this.#make));
  }

  get alternateViews(): AlternateView[] {
    const list = this.#viewList();
    this.#settle();
    return list.items;
  }
  set alternateViews(value: readonly AlternateView[]) {
    this.#assign(this.#viewList(), toViews(value));
  }

  /** What the caller changed; `undefined` when nothing. */
  edits(): BodyEdits | undefined {
    const removed = this.#settle();
    const attachments = this.#attachmentEdits();
    const linked = this.#newLinked(removed);
    const views = this.#views?.added() ?? [];
    const isChanged =
      this.#text || this.#html || attachments || removed.size + linked.length + views.length > 0;
    if (!isChanged) return undefined;
    return {
      bodies: this.#stored.bodies,
      ...(this.#text && { text: this.#text }),
      ...(this.#html && { html: this.#html }),
      ...(attachments && { attachments }),
      removed,
      linked: linked.map(({ part }) => part),
      views,
    };
  }

  /** What there was. */
  #read(property: 'text' | 'html'): string | undefined {
    if (!this.#decoded.has(property)) {
      this.#decoded.set(property, joinTexts(this.#stored.bodies[property]));
    }
    return this.#decoded.get(property);
  }

  /** What was set, when it is not what there was. */
  #setText(property: 'text' | 'html', value: string | undefined): SetText | undefined {
    if (value === this.#read(property)) return undefined;
    return { value: value === undefined ? undefined : checkText(value, property) };
  }

  #assign<T extends object>(list: PartList<T>, value: T[]): void {
    const before = list.items;
    list.items = value;
    this.#check(() => {
      list.items = before;
    });
  }

  /** Throws, with the change undone, when it can't be written. */
  #check(undo: () => void): void {
    try {
      const edits = this.edits();
      if (edits) applyEdits(this.#stored.root, edits);
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** Takes what was taken out of one list out of the others; gives what is gone from the message. */
  #settle(): Set<ParsedEntity> {
    const lists = [this.#attachments, this.#linked, this.#views].filter(
      (list) => list !== undefined,
    );
    const removed = lists.map((list) => list.removed());
    for (const list of lists) {
      for (const [index, parts] of removed.entries()) if (lists[index] !== list) list.forget(parts);
    }
    return new Set(removed.flat());
  }

  /** The attachments when they are not those that were read, in that order. */
  #attachmentEdits(): readonly AttachmentEdit[] | undefined {
    const list = this.#attachments;
    if (!list || (list.added().length === 0 && list.isInOrder())) return undefined;
    const seen = new Set<A>();
    return toAttachments(list.items, 'attachments', this.#make).map((item): AttachmentEdit => {
      const stored = seen.has(item) ? undefined : list.storedOf(item);
      seen.add(item);
      return stored ? { stored } : { part: item.part };
    });
  }

  /** New resources, but for those that are in the message as attachments. */
  #newLinked(removed: ReadonlySet<ParsedEntity>): A[] {
    const added = this.#linked?.added() ?? [];
    const attached = new Set(this.#attachments?.items);
    return toAttachments(added, 'linkedResources', this.#make).filter((item) => {
      const stored = this.#attachments?.storedOf(item);
      return !attached.has(item) || (stored !== undefined && removed.has(stored));
    });
  }

  #attachmentList(): PartList<A> {
    this.#attachments ??= new PartList(
      this.#stored.bodies.attachments.map((leaf, index): [ParsedEntity, A] => [
        leaf,
        this.#make(new StoredPart(leaf), `attachments[${index}]`),
      ]),
    );
    return this.#attachments;
  }

  #linkedList(): PartList<A> {
    if (!this.#linked) {
      const shown = cidReferences(this.html ?? '');
      const found = this.#attachmentList().stored();
      this.#linked = new PartList(
        found.filter(([, { cid }]) => cid !== undefined && shown.has(cid)),
      );
    }
    return this.#linked;
  }

  #viewList(): PartList<AlternateView> {
    this.#views ??= new PartList(storedViews(this.#stored.root));
    return this.#views;
  }
}

export type { StoredBody };
