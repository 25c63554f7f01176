// Reading encoded words (RFC 2047). Writing them is in encoded-word.ts.
import { Buffer } from 'node:buffer';
import { latin1, latin1Bytes } from '../base/internal.ts';
import { decodeBase64 } from './base64.ts';
import { type CharsetOptions, decodeCharset, type TextOptions } from './charset.ts';
import { canonicalCharset } from './charset-label.ts';
import { EQUALS, hexOctet, SPACE } from './octets.ts';

// The lengths are bounded, so that a flood of beginnings costs linear time.
const BEGINNING = /=\?([^?*\s]{1,64})(?:\*[^?\s]{0,64})?\?([BbQq])\?/g;
const BLANKS = /^[ \t\r\n]*$/;
const BASE64 = /^[A-Za-z0-9+/=_ \t\r\n-]*$/;
const EIGHT_BIT = /[\x80-\xff]/;
const UNKNOWN = '';
const UNDERSCORE = 0x5f;
const HEADER_OPTIONS: CharsetOptions = { keepByteOrderMark: true, fallbackCharset: 'windows-1252' };

/**
 * A header value with its encoded words decoded. `raw` is the unfolded value, one character (U+0000 to
 * U+00FF) for each octet. Adjacent words of one charset are joined before they are decoded, because
 * some writers divide a character between words. Octets above 127, inside a word or around it, are
 * taken as they are meant: the word's charset inside; outside UTF-8 if valid, else the fallback charset,
 * which is windows-1252 when none is given: a header can not say its charset. What is not a word, or in
 * UTF-7, or not ASCII in a charset that is not known here, stays as it is.
 */
export function decodeWords(raw: string, options: TextOptions = {}): string {
  const charsetOptions = headerOptions(options);
  if (!raw.includes('=?')) return decodeOutside(raw, charsetOptions);
  let out = '';
  let at = 0;
  let charset = '';
  let hasWord = false;
  let octets = '';
  for (const word of findWords(raw, options)) {
    const between = raw.slice(at, word.start);
    const adjacent = hasWord && BLANKS.test(between);
    if (hasWord && !(adjacent && charset === word.charset)) {
      out += decodeOctets(octets, charset, charsetOptions);
      octets = '';
    }
    // RFC 2047 section 6.2: white space between adjacent words is not shown.
    if (!adjacent) out += decodeOutside(between, charsetOptions);
    charset = word.charset;
    octets += word.octets;
    hasWord = true;
    at = word.end;
  }
  if (hasWord) out += decodeOctets(octets, charset, charsetOptions);
  return out + decodeOutside(raw.slice(at), charsetOptions);
}

/** Whether an encoded word in the raw value hides a line end or NUL. */
export function hidesLineEnds(raw: string): boolean {
  for (const { charset, octets } of findWords(raw, { utf7: true })) {
    const text = decodeOctets(octets, charset, { ...HEADER_OPTIONS, utf7: true });
    if (/[\0\r\n]/.test(text)) return true;
  }
  return false;
}

/** How the text of a header is decoded: what is not declared is guessed, as there is no place to declare it. */
export function headerOptions({ utf7 = false, fallbackCharset }: TextOptions): CharsetOptions {
  if (!utf7 && fallbackCharset === undefined) return HEADER_OPTIONS;
  return { ...HEADER_OPTIONS, utf7, ...(fallbackCharset !== undefined && { fallbackCharset }) };
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly charset: string;
  /** One character for each. */
  readonly octets: string;
}

function* findWords(raw: string, { utf7 = false }: TextOptions): Generator<Word> {
  let at = 0;
  let close = -1;
  for (;;) {
    BEGINNING.lastIndex = at;
    const match = BEGINNING.exec(raw);
    if (!match) return;
    const [beginning, label = '', encoding = ''] = match;
    const payloadStart = match.index + beginning.length;
    at = payloadStart;
    if (close < payloadStart) close = raw.indexOf('?=', payloadStart);
    if (close < 0) return;
    // A beginning before the end (and not the padding before it): this word was never closed.
    const next = raw.indexOf('=?', payloadStart);
    if (next >= 0 && next < close - 1) continue;
    const payload = raw.slice(payloadStart, close);
    const octets = encoding.toUpperCase() === 'Q' ? decodeQ(payload) : decodeB(payload);
    if (octets === undefined) continue;
    // Nearly every charset has ASCII in it.
    const charset = canonicalCharset(label) ?? (EIGHT_BIT.test(octets) ? UNKNOWN : 'us-ascii');
    if (charset === UNKNOWN || (charset === 'utf-7' && !utf7)) continue;
    at = close + 2;
    yield { start: match.index, end: at, charset, octets };
  }
}

function decodeB(payload: string): string | undefined {
  return BASE64.test(payload) ? latin1(decodeBase64(payload)) : undefined;
}

function decodeQ(payload: string): string {
  if (!payload.includes('=')) return payload.replaceAll('_', ' ');
  const source = latin1Bytes(payload);
  const target = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let octet = source[i] ?? 0;
    if (octet === UNDERSCORE) octet = SPACE;
    else if (octet === EQUALS && i + 2 < source.length) {
      const encoded = hexOctet(source[i + 1] ?? 0, source[i + 2] ?? 0);
      if (encoded <= 0xff) {
        octet = encoded;
        i += 2;
      }
    }
    target[length++] = octet;
  }
  return latin1(target, 0, length);
}

// Charsets in which what looks like ASCII may be something else.
const NOT_ASCII = /^(?:iso-2022|hz|utf-(?:7|16|32))/;
const PRINTABLE_ASCII = /^[ -~]*$/;

function decodeOctets(octets: string, charset: string, options: CharsetOptions): string {
  if (PRINTABLE_ASCII.test(octets) && !NOT_ASCII.test(charset)) return octets;
  return decodeCharset(latin1Bytes(octets), charset, options).text;
}

function decodeOutside(text: string, options: CharsetOptions): string {
  return EIGHT_BIT.test(text) ? decodeCharset(latin1Bytes(text), undefined, options).text : text;
}
