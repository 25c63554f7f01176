// Writing quoted-printable (RFC 2045 section 6.7): one pass over the octets, driven by a table.
import { Buffer } from 'node:buffer';
import { CR, EQUALS, LF, SPACE, scratchOf, TAB } from './octets.ts';

const LETTER_F = 0x46;

// What an octet is to the encoder: it stays, it ends a line, or it is encoded; then its class is
// ENCODED and one more for each further octet of its UTF-8 sequence.
const STAYS = 0;
const BREAK = 1;
const ENCODED = 2;

const binaryClasses = new Uint8Array(256).fill(ENCODED);
binaryClasses.fill(STAYS, 0x20, 0x7f);
binaryClasses[TAB] = STAYS;
binaryClasses[EQUALS] = ENCODED;
binaryClasses.fill(ENCODED + 1, 0xc0, 0xe0);
binaryClasses.fill(ENCODED + 2, 0xe0, 0xf0);
binaryClasses.fill(ENCODED + 3, 0xf0, 0xf8);

const textClasses = binaryClasses.slice();
textClasses[CR] = BREAK;
textClasses[LF] = BREAK;

// Written as one 32-bit word: the three octets of `=XX` or of a soft break, and one that the next write covers.
const DIGITS = '0123456789ABCDEF';
const encodedWords = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  const digits = (DIGITS.charCodeAt(byte >> 4) << 16) | (DIGITS.charCodeAt(byte & 15) << 8);
  encodedWords[byte] = (EQUALS << 24) | digits;
}
const SOFT_BREAK_WORD = 0x3d0d0a00;

// Columns before the `=` of a soft break; a line that ends by itself may have one more.
const SOFT_COLUMNS = 75;

/**
 * Text in quoted-printable: every CRLF, LF and CR becomes a CRLF; no line is over 76 columns; blanks at
 * the end of a line and `From ` at the start of one are encoded; an encoded octet is never divided and a
 * UTF-8 sequence stays on one line.
 */
export function encodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  return encode(bytes, textClasses);
}

/** Octets in quoted-printable where CR and LF are data, not line ends, and are encoded too. */
export function encodeQuotedPrintableBinary(bytes: Uint8Array): Uint8Array {
  return encode(bytes, binaryClasses);
}

function encode(bytes: Uint8Array, classes: Uint8Array): Uint8Array {
  const { length } = bytes;
  // At worst three octets for one, and three for a soft break after at least 64 columns.
  const target = scratchOf(length * 3 + Math.ceil((length * 3) / 64) * 3 + 8);
  const words = new DataView(target.buffer, target.byteOffset, target.length);
  let at = 0;
  let lineStart = 0;
  let i = 0;
  while (i < length) {
    let byte = bytes[i] ?? 0;
    const kind = classes[byte] ?? ENCODED;

    if (kind === STAYS) {
      if (byte === LETTER_F && at === lineStart && isFrom(bytes, i)) {
        words.setUint32(at, encodedWords[byte] ?? 0);
        at += 3;
        i++;
        continue;
      }
      const stop = i + Math.min(length - i, SOFT_COLUMNS - (at - lineStart));
      if (i >= stop) {
        if (endsLine(bytes, i + 1, classes)) {
          target[at++] = byte;
          i++;
        } else {
          words.setUint32(at, SOFT_BREAK_WORD);
          at += 3;
          lineStart = at;
        }
        continue;
      }
      // Four at a time: it halves the time of plain text.
      while (i + 4 <= stop) {
        const a = bytes[i] ?? 0;
        const b = bytes[i + 1] ?? 0;
        const c = bytes[i + 2] ?? 0;
        const d = bytes[i + 3] ?? 0;
        if (((classes[a] ?? 0) | (classes[b] ?? 0) | (classes[c] ?? 0) | (classes[d] ?? 0)) !== 0) {
          break;
        }
        target[at] = a;
        target[at + 1] = b;
        target[at + 2] = c;
        target[at + 3] = d;
        at += 4;
        i += 4;
      }
      while (i < stop) {
        byte = bytes[i] ?? 0;
        if (classes[byte] !== STAYS) break;
        target[at++] = byte;
        i++;
      }
      continue;
    }

    if (kind === BREAK) {
      at = endWithoutBlank(target, lineStart, at);
      target[at] = CR;
      target[at + 1] = LF;
      at += 2;
      lineStart = at;
      i += byte === CR && i + 1 < length && bytes[i + 1] === LF ? 2 : 1;
      continue;
    }

    const octets = kind - ENCODED + 1;
    const columns = at - lineStart + octets * 3;
    if (
      columns > SOFT_COLUMNS &&
      (columns > SOFT_COLUMNS + 1 || !endsLine(bytes, i + octets, classes))
    ) {
      words.setUint32(at, SOFT_BREAK_WORD);
      at += 3;
      lineStart = at;
    }
    const end = Math.min(length, i + octets);
    do {
      words.setUint32(at, encodedWords[byte] ?? 0);
      at += 3;
      i++;
      if (i === end) break;
      byte = bytes[i] ?? 0;
    } while ((byte & 0xc0) === 0x80);
  }
  return Buffer.from(target.subarray(0, endWithoutBlank(target, lineStart, at)));
}

function endsLine(bytes: Uint8Array, next: number, classes: Uint8Array): boolean {
  return next >= bytes.length || classes[bytes[next] ?? 0] === BREAK;
}

/** A blank that would end the line is written again, encoded; gives where the line ends then. */
function endWithoutBlank(target: Buffer, lineStart: number, end: number): number {
  if (end === lineStart) return end;
  const last = target[end - 1] ?? 0;
  if (last !== SPACE && last !== TAB) return end;
  let at = end - 1;
  if (at + 3 - lineStart > SOFT_COLUMNS + 1) {
    target.writeUInt32BE(SOFT_BREAK_WORD, at);
    at += 3;
  }
  target.writeUInt32BE(encodedWords[last] ?? 0, at);
  return at + 3;
}

// A line that starts like this is altered where mail is stored in mbox files.
function isFrom(bytes: Uint8Array, start: number): boolean {
  return (
    start + 4 < bytes.length &&
    bytes[start + 1] === 0x72 &&
    bytes[start + 2] === 0x6f &&
    bytes[start + 3] === 0x6d &&
    bytes[start + 4] === SPACE
  );
}
