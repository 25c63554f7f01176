// The cards of a vCard file, versions 2.1, 3.0 and 4.0, folded any way, in any charset. Nothing malformed throws.
import { enforceLimit, latin1, latin1Bytes, utf8Bytes } from '../../base/internal.ts';
import { decodeCharset, decodeQuotedPrintable } from '../../codec/index.ts';
import type { Vcard, VcardProperty } from './vcard.ts';

/**
 * Every card of a file; what stands outside of cards is left out, cards inside cards too.
 *
 * @throws {@link LimitError} The file is over `limits.calendarBytes` or `calendarLines`.
 */
export function readVcards(file: string | Uint8Array): Vcard[] {
  const bytes = typeof file === 'string' ? utf8Bytes(file) : unicodeToUtf8(file);
  enforceLimit('calendarBytes', bytes.length, 'The size of the vCard file');
  const lines = latin1(bytes).split(/\r\n?|\n/);
  enforceLimit('calendarLines', lines.length, 'The number of lines of the vCard file');
  const cards: Vcard[] = [];
  let open: { version: string; properties: VcardProperty[] } | undefined;
  let depth = 0;
  for (const line of wholeLines(lines)) {
    const bound = /^\s*(BEGIN|END)\s*:\s*VCARD\s*$/i.exec(line.length < 100 ? line : '');
    if (bound?.[1]?.toUpperCase() === 'BEGIN') {
      depth += 1;
      if (depth === 1) open = { version: '', properties: [] };
    } else if (bound) {
      depth = Math.max(0, depth - 1);
      if (depth === 0 && open) {
        cards.push(open);
        open = undefined;
      }
    } else if (open && depth === 1) {
      const property = readProperty(line);
      if (property?.name === 'VERSION') open.version ||= property.value.trim();
      else if (property) open.properties.push(property);
    }
  }
  // A file that was cut short gives what there is.
  if (open) cards.push(open);
  return cards;
}

/** UTF-16 with a mark becomes UTF-8; of UTF-8 the mark is taken off. */
function unicodeToUtf8(bytes: Uint8Array): Uint8Array {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return utf8Bytes(decodeCharset(bytes, 'utf-16le').text);
  if (a === 0xfe && b === 0xff) return utf8Bytes(decodeCharset(bytes, 'utf-16be').text);
  return a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes;
}

const IS_QUOTED_PRINTABLE = /^[^:]{0,500};(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i;

/** Lines put together: folded ones, and those of quoted-printable that end in `=`. */
function* wholeLines(lines: readonly string[]): Generator<string, void> {
  for (let at = 0; at < lines.length; at++) {
    const pieces = [lines[at] ?? ''];
    if (IS_QUOTED_PRINTABLE.test(pieces[0] ?? '')) {
      while (pieces.at(-1)?.endsWith('=') && at + 1 < lines.length) {
        at += 1;
        pieces.push(lines[at] ?? '');
      }
      yield pieces.join('\r\n');
      continue;
    }
    while (/^[ \t]/.test(lines[at + 1] ?? '')) {
      at += 1;
      pieces.push((lines[at] ?? '').slice(1));
    }
    const line = pieces.join('');
    if (line !== '') yield line;
  }
}

const NAME = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)$/;

function readProperty(line: string): VcardProperty | undefined {
  const { head, value } = cut(line);
  const [first = '', ...rest] = head;
  const match = NAME.exec(first.trim());
  if (!match || value === undefined) return undefined;
  const parameters = rest.map(readParameter);
  return {
    group: match[1] ?? '',
    name: (match[2] ?? '').toUpperCase(),
    parameters,
    value: decodeValue(value, parameters),
  };
}

/** The name and the parameters, at the semicolons that are in no quotes, and the value. */
function cut(line: string): { head: string[]; value: string | undefined } {
  const head: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === ';' || char === ':')) {
      head.push(line.slice(start, at));
      start = at + 1;
      if (char === ':') return { head, value: line.slice(start) };
    }
  }
  return { head, value: undefined };
}

type Parameter = readonly [name: string, values: readonly string[]];

/** A parameter; version 2.1 writes types and encodings without their name. */
function readParameter(text: string): Parameter {
  const equals = text.indexOf('=');
  if (equals < 0) {
    const bare = text.trim().toUpperCase();
    const isEncoding = /^(?:QUOTED-PRINTABLE|BASE64|8BIT|7BIT)$/.test(bare);
    return [isEncoding ? 'ENCODING' : 'TYPE', [bare]];
  }
  const values = text.slice(equals + 1).match(/"[^"]*"|[^,"]+/g) ?? [];
  const plain = values.map((value) => decodeCarets(decodeOctets(value.replaceAll('"', ''))));
  return [text.slice(0, equals).trim().toUpperCase(), plain];
}

/** RFC 6868. */
const decodeCarets = (text: string): string =>
  text.includes('^')
    ? text.replace(/\^[n^']/g, (pair) => (pair === '^n' ? '\n' : pair === "^'" ? '"' : '^'))
    : text;

const decodeOctets = (text: string, charset?: string): string =>
  /[\x80-\xff]/.test(text) || charset !== undefined
    ? decodeCharset(latin1Bytes(text), charset, { fallbackCharset: 'windows-1252' }).text
    : text;

function decodeValue(value: string, parameters: readonly Parameter[]): string {
  const of = (name: string): string | undefined =>
    parameters.find(([key]) => key === name)?.[1][0]?.toUpperCase();
  const encoding = of('ENCODING');
  if (encoding === 'BASE64' || encoding === 'B') return value.replace(/\s+/g, '');
  const charset = of('CHARSET');
  if (encoding !== 'QUOTED-PRINTABLE') return decodeOctets(value, charset);
  const octets = decodeQuotedPrintable(latin1Bytes(value));
  const text = decodeCharset(octets, charset, { fallbackCharset: 'windows-1252' }).text;
  // Line ends were encoded, not escaped.
  return text.replace(/\r\n?|\n/g, '\\n');
}
