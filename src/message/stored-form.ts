// How a message that was read is written: byte for byte but for the fields and parts that changed.
import { latin1, latin1Bytes, utf8Bytes } from '../base/internal.ts';
import type {
  HeaderField,
  HeaderOptions,
  ParsedEntity,
  Rendered,
  SegmentSource,
} from '../mime/index.ts';
import type { ContentSource } from './content-source.ts';
import { applyEdits } from './edit/apply-edits.ts';
import type { BodyEdits } from './edit/body-edits.ts';
import type { EditPiece } from './edit/pieces.ts';
import { type FieldChanges, type WrittenTree, writeTree } from './edit/write-tree.ts';
import { storedChanges } from './head-fields.ts';
import { emptyHead, needsUtf8, settleLists } from './head-values.ts';
import { Identity } from './identity.ts';
import {
  type MessageForm,
  type MessageState,
  type Prepared,
  unfolded,
  type Writable,
} from './message-form.ts';
import { NewSegment } from './new-segment.ts';
import type { Part } from './part.ts';
import { type RawPiece, RawRendering, SourceRange } from './raw-rendering.ts';
import { areReady, readyLater, readyNow } from './ready-parts.ts';
import {
  currentFields,
  endsInEmptyLine,
  type HeaderChanges,
  isUnchanged,
  isUntouched,
  lineEndOf,
  storedEntries,
  writeHeader,
} from './stored-header.ts';
import type { StoredMail } from './stored-mail.ts';
import type { ReadyPart } from './structure-input.ts';

/** What a message that was read has become. */
export interface StoredChanges extends Writable {
  readonly identity: Identity;
  /** What changed under the header; `undefined` when nothing. */
  edits(): BodyEdits | undefined;
}

/** How a message that was read is written. */
export function storedForm(stored: StoredMail, changes: StoredChanges): MessageForm {
  return new StoredForm(stored, changes);
}

/** A message that was read, as it came but for what never goes on the wire. */
export function untouchedForm(stored: StoredMail): MessageForm {
  const entries = storedEntries(stored.root);
  const identity = new Identity(undefined);
  const changes = { values: emptyHead(), entries: () => entries, identity, edits: () => undefined };
  return new StoredForm(stored, changes);
}

/** A message that was read. */
class StoredForm implements MessageForm {
  readonly #stored: StoredMail;
  readonly #changes: StoredChanges;

  constructor(stored: StoredMail, changes: StoredChanges) {
    this.#stored = stored;
    this.#changes = changes;
  }

  get state(): MessageState {
    if (this.#changes.edits()) return 'body-changed';
    settleLists(this.#changes.values);
    const changes = this.#headerChanges({ utf8: true });
    return isUnchanged(this.#stored.root, changes) ? 'as-read' : 'head-changed';
  }

  root(): ParsedEntity {
    return this.#stored.root;
  }

  *current(): Generator<HeaderField> {
    const { headers } = this.#stored.root;
    settleLists(this.#changes.values);
    const edits = this.#changes.edits();
    const tree = edits && this.#write(edits, []);
    const changes = withFields(this.#headerChanges({ utf8: true }), tree?.fields ?? none);
    if (isUntouched(headers.fields, changes)) {
      yield* headers.fields;
      return;
    }
    for (const item of currentFields(headers.fields, changes)) {
      const field = 'field' in item ? unfolded(item.field) : headers.fields[item.index];
      if (field !== undefined) yield field;
    }
  }

  prepare(outer: readonly ContentSource[]): Prepared | Promise<Prepared> {
    const tree = this.#tree(outer);
    const measured = this.#stored.measure();
    const writeNow =
      (written: WrittenTree | undefined): Prepared =>
      ({ utf8 = false }) =>
        this.#render(written, utf8, true);
    if (measured === undefined && !(tree instanceof Promise)) return writeNow(tree);
    return Promise.all([tree, measured]).then(([written]) => writeNow(written));
  }

  file(): Rendered | Promise<Rendered> {
    const tree = this.#tree([]);
    return tree instanceof Promise
      ? tree.then((written) => this.#render(written, true, false))
      : this.#render(tree, true, false);
  }

  /** The body when it changed; a promise when something new has to be waited for. */
  #tree(outer: readonly ContentSource[]): WrittenTree | undefined | Promise<WrittenTree> {
    const edits = this.#changes.edits();
    if (edits === undefined) return undefined;
    const parts = newParts(edits);
    return areReady(parts)
      ? this.#write(edits, readyNow(parts))
      : readyLater(parts, outer).then((ready) => this.#write(edits, ready));
  }

  #write(edits: BodyEdits, ready: readonly ReadyPart[]): WrittenTree {
    const tree = applyEdits(this.#stored.root, edits);
    const parts = new Map(ready.map((item) => [item.part, item]));
    return writeTree(tree, parts, this.#changes.identity);
  }

  #render(tree: WrittenTree | undefined, utf8: boolean, forWire: boolean): Rendered {
    const { root } = this.#stored;
    const { source, range } = root;
    settleLists(this.#changes.values);
    const options = { utf8: utf8 && needsUtf8(this.#changes.values) };
    const changes = withFields(this.#headerChanges(options), tree?.fields ?? none);
    const written = forWire ? withoutHidden(changes) : changes;
    const received = source.read(range.start, range.headerEnd);
    const pieces =
      tree === undefined && isUnchanged(root, written)
        ? [{ start: 0, end: source.size }]
        : [
            ...this.#header(written, tree),
            ...(tree?.body ?? [{ start: range.headerEnd, end: source.size }]),
          ];
    // On the wire every line ends in CRLF; in a file new lines end as the others do.
    const lineEnd = forWire || tree === undefined ? '\r\n' : lineEndOf(root);
    return new RawRendering(this.#toRaw(pieces, lineEnd), received, options.utf8);
  }

  #header(changes: HeaderChanges, tree: WrittenTree | undefined): EditPiece[] {
    const { root } = this.#stored;
    const header = writeHeader(root, changes);
    const isComplete = tree === undefined || tree.body.length === 0 || endsInEmptyLine(header);
    return isComplete ? header : [...header, utf8Bytes(lineEndOf(root))];
  }

  #toRaw(pieces: readonly EditPiece[], lineEnd: string): RawPiece[] {
    const { source } = this.#stored.root;
    return pieces.flatMap((piece): RawPiece[] => {
      if (piece instanceof Uint8Array) return [piece];
      if ('written' in piece) return [newPiece(piece.written, lineEnd)];
      const { start, end } = piece;
      if (start === end) return [];
      if (source.bytes) return [source.bytes.subarray(start, end)];
      return [new SourceRange(source, this.#stored.facts, start, end)];
    });
  }

  #headerChanges(o: HeaderOptions): HeaderChanges {
    const { values } = this.#changes;
    return storedChanges(values, this.#stored.root.headers, this.#changes.entries(), o);
  }
}

const none: FieldChanges = new Map();

function withFields(changes: HeaderChanges, fields: FieldChanges): HeaderChanges {
  return fields.size === 0
    ? changes
    : { ...changes, properties: new Map([...changes.properties, ...fields]) };
}

// RFC 5322 section 3.6.3: hidden recipients are in the envelope only.
function withoutHidden(changes: HeaderChanges): HeaderChanges {
  const properties = new Map(changes.properties);
  properties.set('bcc', undefined).set('resent-bcc', undefined);
  return { ...changes, properties };
}

function newParts({ attachments = [], linked }: BodyEdits): Part[] {
  return [...attachments.flatMap(({ part }) => (part ? [part] : [])), ...linked];
}

function newPiece(written: string | Uint8Array | SegmentSource, lineEnd: string): RawPiece {
  if (typeof written === 'string') return latin1Bytes(written.replaceAll('\r\n', lineEnd));
  if (!(written instanceof Uint8Array)) return new NewSegment(written, lineEnd);
  return lineEnd === '\r\n' ? written : latin1Bytes(latin1(written).replaceAll('\r\n', lineEnd));
}
