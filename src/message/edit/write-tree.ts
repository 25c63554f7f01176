// From the tree of a changed message to its pieces. What did not change is a range of what was read.
import { latin1, latin1Bytes, utf8Bytes } from '../../base/internal.ts';
import type { HeaderField, ParsedEntity } from '../../mime/index.ts';
import { encodeBetween, writeHeaderLines } from '../../mime/internal.ts';
import type { Identity } from '../identity.ts';
import type { Part } from '../part.ts';
import { endsInEmptyLine, fieldLines, storedEntries, writeHeader } from '../stored-header.ts';
import { multipartType, type Subtype } from '../structure.ts';
import type { ReadyPart } from '../structure-input.ts';
import { entityOf, type NewLeaf } from './new-leaf.ts';
import type { PartNode, PartTree } from './part-node.ts';
import type { EditPiece } from './pieces.ts';
import { replacedText } from './replaced-text.ts';
import { StoredMultipart } from './stored-multipart.ts';

/** Header fields by name in lower case; `undefined` takes one away. */
export type FieldChanges = ReadonlyMap<string, HeaderField | undefined>;

/** A changed message without the fields that are not about its body. */
export interface WrittenTree {
  /** The fields of the message's header that the changes of its body ask for. */
  readonly fields: FieldChanges;
  readonly body: readonly EditPiece[];
}

/** Writes a tree; `ready` has every file that is new. */
export function writeTree(
  { top, root }: PartTree,
  ready: ReadonlyMap<Part, ReadyPart>,
  identity: Identity,
): WrittenTree {
  if (top === undefined) return { fields: headerFields(root, new Map(), []), body: [] };
  const { fields, body } = new TreeWriter(root, ready, identity).write(top);
  const isOther = top.stored !== root;
  const own = top.stored && isOther ? contentFields(top.stored) : [];
  const needsEnd = top.stored !== root || top.children.length === 0;
  return {
    fields: isOther ? headerFields(root, fields, own) : withMimeVersion(root, fields),
    body: needsEnd && !endsInLineEnd(body.at(-1)) ? [...body, { written: '\r\n' }] : body,
  };
}

interface WrittenPart {
  /** All fields of a new part, the changed ones of one that was read. */
  readonly fields: FieldChanges;
  readonly body: readonly EditPiece[];
}

class TreeWriter {
  readonly #root: ParsedEntity;
  readonly #ready: ReadonlyMap<Part, ReadyPart>;
  readonly #identity: Identity;
  readonly #boundaries: string[] = [];
  readonly #made = new Map<Subtype, number>();

  constructor(root: ParsedEntity, ready: ReadonlyMap<Part, ReadyPart>, identity: Identity) {
    this.#root = root;
    this.#ready = ready;
    this.#identity = identity;
  }

  /** What a part is made of. */
  write(node: PartNode): WrittenPart {
    const { content } = node;
    if (content.kind === 'new') return this.#newLeaf(content.leaf);
    if (content.kind === 'multipart') return this.#newMultipart(node, content.subtype);
    const { part } = content;
    if (node.text !== undefined) {
      const { fields, body } = replacedText(part, node.text, this.#boundaries);
      return { fields, body: [body] };
    }
    const { headerEnd, end } = part.range;
    if (!node.isChanged) return { fields: noFields, body: [{ start: headerEnd, end }] };
    return { fields: noFields, body: this.#storedMultipart(node, part) };
  }

  #newLeaf(leaf: NewLeaf): WrittenPart {
    const entity = entityOf(leaf, this.#ready);
    if (entity === undefined || entity.body.kind === 'multipart') return nothing;
    const fields = entity.fields({ utf8: false });
    const { encoding, content } = encodeBetween(entity.body, fields, this.#boundaries);
    const transfer = { name: 'Content-Transfer-Encoding', value: encoding };
    const all = encoding === '7bit' ? fields : [...fields, transfer];
    return { fields: byName(all), body: [{ written: content }] };
  }

  #newMultipart({ children }: PartNode, subtype: Subtype): WrittenPart {
    const count = (this.#made.get(subtype) ?? 0) + 1;
    this.#made.set(subtype, count);
    const token = this.#identity.boundaryToken(() => false);
    const boundary = `=_${subtype.slice(0, 3)}${count === 1 ? '' : count}_${token}`;
    const [first] = children;
    const rootType = subtype === 'related' ? first && typeOf(first) : undefined;
    const value = multipartType(subtype, boundary, rootType);
    const body: EditPiece[] = [];
    this.#boundaries.push(boundary);
    for (const child of children) {
      const lineEnd = body.length === 0 ? '' : '\r\n';
      body.push(
        { written: `${lineEnd}--${boundary}\r\n` },
        ...this.#part(child),
        ...closers(child),
      );
    }
    this.#boundaries.pop();
    body.push({ written: `\r\n--${boundary}--` });
    return { fields: byName([{ name: 'Content-Type', value }]), body };
  }

  /** A multipart of which parts changed, were taken out or put in; all between them stays. */
  #storedMultipart({ children }: PartNode, part: ParsedEntity): EditPiece[] {
    const { range, parts } = part;
    const read = new StoredMultipart(part);
    const { delimiter, starts, ends } = read;
    const body: EditPiece[] = [{ start: range.headerEnd, end: starts[0] ?? range.end }];
    /** What stood from one octet to another; set off from what is new before it. */
    const keep = (start: number, end: number, before: PartNode | undefined): void => {
      if (start === end) return;
      const isNew = before?.isNew === true || before?.isChanged === true;
      const isSetOff = !isNew || read.isLineEnd(start) || this.#endsLine(body.at(-1));
      if (!isSetOff) body.push({ written: '\r\n' });
      body.push({ start, end });
    };
    this.#boundaries.push(delimiter.slice(2));
    let before: PartNode | undefined;
    for (const child of children) {
      const at = child.slot ?? 0;
      if (before && child.slot !== undefined && before.slot === at - 1) {
        keep(ends[at - 1] ?? 0, starts[at] ?? 0, before);
      } else if (before) body.push(...closers(before), { written: `\r\n${delimiter}\r\n` });
      body.push(...this.#part(child));
      before = child;
    }
    this.#boundaries.pop();
    if (before && !read.isClosed && before.slot !== parts.length - 1) {
      body.push(...closers(before), { written: `\r\n${delimiter}--\r\n` });
    }
    keep(ends.at(-1) ?? range.end, range.end, before);
    return body;
  }

  #endsLine(piece: EditPiece | undefined): boolean {
    const isKept = piece && !(piece instanceof Uint8Array) && 'start' in piece;
    if (!isKept) return endsInLineEnd(piece);
    return /[\r\n]/.test(latin1(this.#root.source.read(piece.end - 1, piece.end)));
  }

  /** A part with its header. */
  #part(node: PartNode): EditPiece[] {
    const { stored } = node;
    if (stored && stored !== this.#root && !node.isChanged) {
      return [{ start: stored.range.start, end: stored.range.end }];
    }
    const { fields, body } = this.write(node);
    return [...this.#header(node, fields), ...body];
  }

  #header({ stored, isNew }: PartNode, fields: FieldChanges): EditPiece[] {
    const lines = { written: `${linesOf(fields)}\r\n` };
    if (stored === undefined) return [lines];
    // The message itself has become a part: what its header says of the body goes with the body.
    if (stored === this.#root) {
      const stays = (name: string): boolean => isAboutBody(name) && !fields.has(name.toLowerCase());
      return [...fieldLines(stored, stays), lines];
    }
    const changes = { properties: fields, entries: storedEntries(stored), write: neverAdded };
    const header = writeHeader(stored, changes);
    return isNew && !endsInEmptyLine(header) ? [...header, { written: '\r\n' }] : header;
  }
}

const nothing: WrittenPart = { fields: new Map(), body: [] };
const noFields: FieldChanges = new Map();

/** What ends the multiparts that the input ended in: other parts come after them now. */
function closers(node: PartNode): EditPiece[] {
  const open: EditPiece[] = [];
  for (let at: PartNode | undefined = node; at?.stored; at = at.children.at(-1)) {
    const { stored } = at;
    const isWhole = at.children.at(-1)?.slot === stored.parts.length - 1;
    if (!isWhole || stored.parts.length === 0) break;
    const { isClosed, delimiter } = new StoredMultipart(stored);
    if (!isClosed) open.unshift({ written: `\r\n${delimiter}--\r\n` });
  }
  return open;
}

const neverAdded = ({ name }: { readonly name: string }): HeaderField => ({ name, value: '' });

const byName = (fields: readonly HeaderField[]): FieldChanges =>
  new Map(fields.map((field) => [field.name.toLowerCase(), field]));

function linesOf(fields: FieldChanges): string {
  const set = [...fields.values()].filter((field) => field !== undefined);
  return writeHeaderLines(set, { utf8: false });
}

function typeOf({ content, stored }: PartNode): string {
  if (content.kind === 'multipart') return `multipart/${content.subtype}`;
  return stored?.contentType.value ?? 'text/html';
}

/** Fields that are about the octets of the body as it was. */
const COUNTS: ReadonlySet<string> = new Set(['content-length', 'content-md5', 'lines']);

const isAboutBody = (name: string): boolean =>
  /^content-/i.test(name) && !COUNTS.has(name.toLowerCase());

/** The header of a message whose body is another part than before: `own` are that part's fields, `fields` the new ones. */
function headerFields(
  root: ParsedEntity,
  fields: FieldChanges,
  own: readonly HeaderField[],
): FieldChanges {
  const changes = new Map<string, HeaderField | undefined>();
  for (const { name } of root.headers.fields) {
    if (isAboutBody(name)) changes.set(name.toLowerCase(), undefined);
  }
  for (const field of own) changes.set(field.name.toLowerCase(), field);
  for (const [name, field] of fields) changes.set(name, field);
  return withMimeVersion(root, changes);
}

function withMimeVersion(root: ParsedEntity, fields: FieldChanges): FieldChanges {
  const changes = new Map(fields);
  for (const name of COUNTS) if (root.headers.raw(name) !== undefined) changes.set(name, undefined);
  const isMime = [...fields.values()].some((field) => field !== undefined);
  if (isMime && root.headers.raw('MIME-Version') === undefined) {
    changes.set('mime-version', { name: 'MIME-Version', value: '1.0' });
  }
  return changes;
}

/** The fields of a part about its body, as they came. */
function contentFields(part: ParsedEntity): HeaderField[] {
  return part.headers.fields
    .filter(({ name }) => isAboutBody(name))
    .map(({ name, raw }) => ({ name, value: asText(raw.trim()).replace(/\r\n?|\n/g, '\r\n') }));
}

/** Octets as the text that has them in UTF-8; what is not UTF-8 becomes it. */
function asText(raw: string): string {
  const text = latin1Bytes(raw);
  const decoded = new TextDecoder().decode(text);
  return latin1(utf8Bytes(decoded)) === raw ? decoded : raw;
}

function endsInLineEnd(piece: EditPiece | undefined): boolean {
  if (piece === undefined) return true;
  if (piece instanceof Uint8Array) return /[\r\n]$/.test(latin1(piece.subarray(-1)));
  if (!('written' in piece)) return true;
  const { written } = piece;
  if (typeof written === 'string') return written === '' || written.endsWith('\r\n');
  return written instanceof Uint8Array && latin1(written.subarray(-2)) === '\r\n';
}
