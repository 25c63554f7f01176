// Line ends and line lengths of bodies: every line end becomes CRLF, and whether lines fit in 998 octets.
import { Buffer } from 'node:buffer';
import { limits } from '../../base/index.ts';
import { latin1, latin1Bytes, utf8Bytes, viewOf } from '../../base/internal.ts';
import { lineKernelFor } from './line-kernel.ts';

const LF = 0x0a;
const CR = 0x0d;
const ANY = /\r\n?|\n/g;
const JOINED_BYTES = 32_768;
const BARE = /\r(?!\n)|(?<!\r)\n/;

/**
 * The text with CRLF for every CRLF, CR and LF: as text, or in UTF-8. `octets` is its length in UTF-8,
 * which the caller knows.
 */
export function toCrlf(text: string, octets: number): string | Uint8Array {
  const isAscii = octets === text.length;
  if (text.includes('\r')) {
    const lines = BARE.test(text) ? text.replace(ANY, '\r\n') : text;
    return isAscii ? lines : utf8Bytes(lines);
  }
  if (!text.includes('\n')) return isAscii ? text : utf8Bytes(text);
  const lines = lineKernelFor(octets)?.(text, octets) ?? text.replaceAll('\n', '\r\n');
  if (typeof lines === 'string') return isAscii ? lines : utf8Bytes(lines);
  // Short text is joined with what stands around it; that is quicker than a piece of its own.
  return isAscii && lines.length <= JOINED_BYTES ? lines.toString('latin1') : copyOf(lines);
}

function copyOf(lines: Buffer): Uint8Array {
  const copy = Buffer.allocUnsafe(lines.length);
  lines.copy(copy);
  return copy;
}

/** The octets with CRLF for every CRLF, CR and LF; the same array when nothing changes. */
export function toCrlfBytes(bytes: Uint8Array): Uint8Array {
  return hasOnlyCrlf(bytes) ? bytes : latin1Bytes(latin1(bytes).replace(ANY, '\r\n'));
}

/** Whether every CR and LF of the octets is part of a CRLF. */
export function hasOnlyCrlf(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let lines = 0;
  for (let at = view.indexOf(LF); at >= 0; at = view.indexOf(LF, at + 1)) {
    if (view[at - 1] !== CR) return false;
    lines += 1;
  }
  let returns = 0;
  for (let at = view.indexOf(CR); at >= 0; at = view.indexOf(CR, at + 1)) returns += 1;
  return returns === lines;
}

/** Whether no line is over 998 octets (RFC 5322 section 2.1.1); lines end in CRLF. */
export function linesFit(body: string | Uint8Array): boolean {
  const bound = limits.writtenLineBytes;
  const view = typeof body === 'string' ? body : viewOf(body);
  let start = 0;
  // From each line start, jump to the last line end within reach: few steps, however short the lines.
  while (view.length - start > bound) {
    const end =
      typeof view === 'string'
        ? view.lastIndexOf('\n', start + bound + 1)
        : view.lastIndexOf(LF, start + bound + 1);
    if (end < start) return false;
    start = end + 1;
  }
  return true;
}

/** Whether the body ends in CRLF, or is empty, so that the next line can begin after it. */
export function endsInCrlf(body: string | Uint8Array): boolean {
  if (typeof body === 'string') return body === '' || body.endsWith('\r\n');
  return body.length === 0 || (body.at(-1) === LF && body.at(-2) === CR);
}
