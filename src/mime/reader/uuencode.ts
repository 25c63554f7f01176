// Decoding of uuencoded content (POSIX uuencode), the transfer encoding of mail before MIME.
import { latin1, viewOf } from '../../base/internal.ts';
import { LF } from './window.ts';

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} /;

/**
 * The octets between the `begin` and `end` lines; without a `begin` line every line counts as data.
 * Lines that are not uuencoded are skipped.
 */
export function decodeUuencode(body: Uint8Array): Uint8Array {
  const bytes = viewOf(body);
  const out = Buffer.allocUnsafe(Math.ceil(bytes.length * 0.75) + 3);
  let length = 0;
  let at = dataStart(bytes);
  while (at < bytes.length) {
    const found = bytes.indexOf(LF, at);
    const end = found === -1 ? bytes.length : found;
    const count = ((bytes[at] ?? 0) - 0x20) & 0x3f;
    if (isEnd(bytes, at, end)) break;
    if (isData(bytes, at, end, count)) {
      decodeLine(bytes, at + 1, count, out, length);
      length += count;
    }
    at = end + 1;
  }
  return out.subarray(0, length);
}

function dataStart(bytes: Buffer): number {
  for (let at = bytes.indexOf('begin'); at !== -1; at = bytes.indexOf('begin', at + 5)) {
    const isLine = at === 0 || bytes[at - 1] === LF;
    if (!isLine || !BEGIN.test(latin1(bytes, at, Math.min(bytes.length, at + 20)))) continue;
    const end = bytes.indexOf(LF, at);
    return end === -1 ? bytes.length : end + 1;
  }
  return 0;
}

function isEnd(bytes: Buffer, at: number, end: number): boolean {
  return bytes[at] === 0x65 && end - at <= 5 && /^end\s*$/.test(latin1(bytes, at, end));
}

// Trailing spaces, which stand for zero, are often lost on the way: a line may be short by them, not longer.
function isData(bytes: Buffer, at: number, end: number, count: number): boolean {
  const first = bytes[at] ?? 0;
  return first > 0x20 && first <= 0x60 && count > 0 && end - at - 1 <= 4 * Math.ceil(count / 3) + 3;
}

function decodeLine(bytes: Buffer, at: number, count: number, out: Buffer, start: number): void {
  let from = at;
  for (let to = start; to < start + count; to += 3, from += 4) {
    const bits =
      (six(bytes, from) << 18) |
      (six(bytes, from + 1) << 12) |
      (six(bytes, from + 2) << 6) |
      six(bytes, from + 3);
    out[to] = bits >> 16;
    out[to + 1] = bits >> 8;
    out[to + 2] = bits;
  }
}

function six(bytes: Buffer, at: number): number {
  const octet = bytes[at] ?? 0x20;
  return octet < 0x20 || octet > 0x60 ? 0 : (octet - 0x20) & 0x3f;
}
