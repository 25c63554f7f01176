// Line ends and line lengths of bodies: every line end becomes CRLF, and whether lines fit in 998 octets.
import { limits } from '../../base/index.ts';
import { latin1, latin1Bytes, viewOf } from '../../base/internal.ts';

const LF = 0x0a;
const CR = 0x0d;
const BARE = /\r(?!\n)|(?<!\r)\n/;

/** The text with CRLF for every CRLF, CR and LF. */
export function toCrlf(text: string): string {
  // One replaceAll by a constant is the fastest way V8 has; most text holds LF only.
  if (!text.includes('\r')) return text.includes('\n') ? text.replaceAll('\n', '\r\n') : text;
  return BARE.test(text) ? text.replace(/\r\n?|\n/g, '\r\n') : text;
}

/** The octets with CRLF for every CRLF, CR and LF; the same array when nothing changes. */
export function toCrlfBytes(bytes: Uint8Array): Uint8Array {
  return hasOnlyCrlf(bytes) ? bytes : latin1Bytes(toCrlf(latin1(bytes)));
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
