// Messages inside messages (message/rfc822). RFC 2046 section 5.2.1 allows 7bit and 8bit for them and
// nothing else, and readers that know no better show base64 there as text. So:
// 1. What can travel is written octet for octet (bare CR and LF become CRLF, as everywhere).
// 2. What cannot (octets over 0x7F for a server without 8BITMIME, lines over 998 octets) is rewritten as
//    a relay would have to (RFC 6152 section 3): the parts inside get another transfer encoding, and
//    decode to the same content as before.
// 3. What must not be rewritten, because a signature covers it, or cannot be read, goes out in base64
//    against the rule: its octets stay whole, and most readers understand it.
import { PosthornError } from '../../base/index.ts';
import { concatBytes, latin1Bytes } from '../../base/internal.ts';
import { encodeQuotedPrintable } from '../../codec/index.ts';
import { encodeBase64Lines } from '../../codec/internal.ts';
import { parseEntity } from '../reader/parse-entity.ts';
import type { ParsedEntity } from '../reader/parsed-entity.ts';
import { type EncodedBody, encodePlain } from './leaf-encoding.ts';
import { toCrlfBytes } from './line-ends.ts';
import { rewriteFields } from './rewrite-fields.ts';

const CRLF = latin1Bytes('\r\n');
const PROTECTED = new Set(['multipart/signed', 'multipart/encrypted']);
const REWRITABLE = new Set(['7bit', '8bit', 'binary', 'quoted-printable', 'base64']);

/** The message as it can travel inside another. */
export function encodeEmbedded(bytes: Uint8Array, eightBit: boolean): EncodedBody {
  const lines = toCrlfBytes(bytes);
  return (
    encodePlain(lines, eightBit) ??
    rewriteMessage(lines, eightBit) ?? { encoding: 'base64', content: encodeBase64Lines(lines) }
  );
}

function rewriteMessage(bytes: Uint8Array, eightBit: boolean): EncodedBody | undefined {
  const pieces: Uint8Array[] = [];
  try {
    if (!rewrite(parseEntity(bytes), { bytes, eightBit, pieces })) return undefined;
  } catch (error) {
    // Too deep to read, or a header that has no proper form: only the octets as they are will do.
    if (error instanceof PosthornError) return undefined;
    throw error;
  }
  // Proves the result, whatever stood between the parts.
  return encodePlain(concatBytes(pieces), eightBit);
}

interface Rewriting {
  readonly bytes: Uint8Array;
  readonly eightBit: boolean;
  readonly pieces: Uint8Array[];
}

/** Puts out the part so that it can travel; says `false` when it must stay as it is but cannot. */
function rewrite(part: ParsedEntity, rewriting: Rewriting): boolean {
  const { bytes, eightBit, pieces } = rewriting;
  const { start, headerEnd, end } = part.range;
  const whole = bytes.subarray(start, end);
  if (encodePlain(whole, eightBit)) {
    pieces.push(whole);
    return true;
  }
  if (PROTECTED.has(part.contentType.value) || hasNul(part)) return false;
  if (part.parts.length === 0) return rewriteLeaf(part, rewriting);
  pieces.push(rewriteFields(part, eightBit ? '8bit' : '7bit', eightBit), CRLF);
  let at = headerEnd;
  for (const inner of part.parts) {
    pieces.push(bytes.subarray(at, inner.range.start));
    if (!rewrite(inner, rewriting)) return false;
    at = inner.range.end;
  }
  pieces.push(bytes.subarray(at, end));
  return true;
}

/** A NUL in a header has no other form: a header that is read and written again is without it. */
function hasNul(part: ParsedEntity): boolean {
  return part.headers.fields.some(({ raw }) => raw.includes('\0'));
}

function rewriteLeaf(part: ParsedEntity, { eightBit, pieces }: Rewriting): boolean {
  const isFine = encodePlain(part.raw, eightBit) !== undefined;
  if (!isFine && !REWRITABLE.has(part.encoding)) return false;
  const { encoding, content } = isFine
    ? { encoding: part.encoding, content: part.raw }
    : encodeLeaf(part, eightBit);
  pieces.push(rewriteFields(part, encoding, eightBit), CRLF);
  pieces.push(typeof content === 'string' ? latin1Bytes(content) : content);
  return true;
}

function encodeLeaf(part: ParsedEntity, eightBit: boolean): EncodedBody {
  const content = part.content();
  if (part.contentType.value === 'message/rfc822') return encodeEmbedded(content, eightBit);
  // What was base64 stays so: its line ends are data.
  const isText = part.contentType.type === 'text' && part.encoding !== 'base64';
  return isText
    ? { encoding: 'quoted-printable', content: encodeQuotedPrintable(content) }
    : { encoding: 'base64', content: encodeBase64Lines(content) };
}
