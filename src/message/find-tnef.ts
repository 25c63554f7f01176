// Where a message that was read holds TNEF: the part usually called winmail.dat.
import { latin1 } from '../base/internal.ts';
import type { ParsedEntity } from '../mime/index.ts';

const TYPES: ReadonlySet<string> = new Set([
  'application/ms-tnef',
  'application/vnd.ms-tnef',
  'application/x-ms-tnef',
]);
const NAMES = /^(?:win(?:mail)?\.dat|.*\.tnef)$/i;
// The signature 78 9F 3E 22 in base64, in quoted-printable and as it is.
const SIGNATURES = ['eJ8+I', 'x=9F>"', 'x\x9f>"'];
const LOOKED_AT = 100;

// What is signed or encrypted counts as it stands, and reports are for machines.
const CLOSED = /^multipart\/(?:signed|encrypted|report)$/;

/**
 * The part that holds the message's TNEF; `undefined` when there is none. It is said to be TNEF or called like it, or the
 * type says nothing; and it begins as TNEF does.
 */
export function findTnef(root: ParsedEntity): ParsedEntity | undefined {
  if (root.parts.length === 0) return isTnef(root) ? root : undefined;
  if (CLOSED.test(root.contentType.value)) return undefined;
  for (const part of root.parts) {
    const found = findTnef(part);
    if (found) return found;
  }
  return undefined;
}

function isTnef(leaf: ParsedEntity): boolean {
  const { value, type } = leaf.contentType;
  if (type !== 'application') return false;
  const isLikely =
    TYPES.has(value) || value === 'application/octet-stream' || NAMES.test(leaf.filename ?? '');
  if (!isLikely) return false;
  const { headerEnd, end } = leaf.range;
  const begins = latin1(leaf.source.read(headerEnd, Math.min(end, headerEnd + LOOKED_AT)));
  const first = begins.replace(/^[\r\n]+/, '');
  return SIGNATURES.some((signature) => first.startsWith(signature));
}
