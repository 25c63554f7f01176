// The parts of a message with their numbers (as IMAP counts them, RFC 3501 section 6.4.5), and the tree drawn.
import { LimitError, limits, printable } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import type { Paint } from '../paint.ts';
import { formatSize } from '../text.ts';

/** A part with its number. */
export interface Part {
  /** Such as `1.2`; `''` for a multipart that is the whole message. */
  readonly number: string;
  readonly entity: ParsedEntity;
  readonly children: readonly Part[];
}

/** The whole message as a part; a message that is not a multipart is part 1. */
export function numberParts(root: ParsedEntity): Part {
  return partOf(root, root.parts.length > 0 ? '' : '1', 0);
}

function partOf(entity: ParsedEntity, number: string, depth: number): Part {
  const prefix = number === '' ? '' : `${number}.`;
  const children = childrenOf(entity, depth).map((child, i) =>
    partOf(child, `${prefix}${i + 1}`, depth + 1),
  );
  return { number, entity, children };
}

function childrenOf(entity: ParsedEntity, depth: number): readonly ParsedEntity[] {
  const inner = depth < limits.depth ? messageIn(entity) : undefined;
  if (!inner) return entity.parts;
  // The parts of a message inside are counted below the part that holds it.
  return inner.parts.length > 0 ? inner.parts : [inner];
}

/** The message inside; one past a limit is shown as a part without parts. */
function messageIn(entity: ParsedEntity): ParsedEntity | undefined {
  try {
    return entity.message();
  } catch (error) {
    if (error instanceof LimitError) return undefined;
    throw error;
  }
}

/** The part of that number; `undefined` when there is none. */
export function findPart(part: Part, number: string): Part | undefined {
  if (part.number === number) return part;
  for (const child of part.children) {
    const found = findPart(child, number);
    if (found) return found;
  }
  return undefined;
}

/** Every part below and with this one, in order. */
export function* walk(part: Part): Generator<Part> {
  yield part;
  for (const child of part.children) yield* walk(child);
}

/** The tree as lines of text. */
export function drawTree(part: Part, paint: Paint): string[] {
  return [label(part, paint), ...branches(part, paint, '')];
}

function* branches(part: Part, paint: Paint, indent: string): Generator<string> {
  for (const [i, child] of part.children.entries()) {
    const last = i === part.children.length - 1;
    yield `${indent}${last ? '└─ ' : '├─ '}${label(child, paint)}`;
    yield* branches(child, paint, `${indent}${last ? '   ' : '│  '}`);
  }
}

function label({ number, entity }: Part, paint: Paint): string {
  const { contentType, disposition, filename, cid } = entity;
  const about = [
    contentType.parameters.get('charset'),
    entity.encoding,
    disposition?.value,
    cid === undefined ? undefined : `cid:${cid}`,
    sizeLabel(entity),
  ].filter((word) => word !== undefined);
  const name = filename === undefined ? '' : ` '${printable(filename, 120)}'`;
  const type = printable(contentType.value, 80);
  return `${number === '' ? '' : `${paint.bold(number)}  `}${type}${name}  ${paint.dim(printable(about.join(', ')))}`;
}

// Larger parts are not decoded to learn their size.
const MEASURED_OCTETS = 16_777_216;

/** The size of the decoded content for people; of a large part in base64, what it must be about. */
export function sizeLabel(entity: ParsedEntity): string {
  const { rawSize, encoding, parts } = entity;
  if (parts.length > 0 || isIdentity(encoding)) return formatSize(rawSize);
  if (rawSize <= MEASURED_OCTETS) return formatSize(entity.content().length);
  // RFC 2045 section 6.8: 76 characters and a line end for 57 octets.
  return `about ${formatSize(encoding === 'base64' ? (rawSize / 78) * 57 : rawSize)}`;
}

/** Octets of the decoded content; of a multipart and a message inside, as they were sent. */
export async function sizeOf(entity: ParsedEntity): Promise<number> {
  const { rawSize, encoding, parts } = entity;
  if (parts.length > 0 || isIdentity(encoding)) return rawSize;
  if (rawSize <= MEASURED_OCTETS) return entity.content().length;
  let size = 0;
  for await (const { length } of entity.pass()) size += length;
  return size;
}

function isIdentity(encoding: string): boolean {
  return encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
}
