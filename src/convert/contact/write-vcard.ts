// A card as it is written to a file: CRLF, folded at 75 octets (RFC 6350 section 3.2).
import type { Vcard, VcardProperty } from './vcard.ts';

/** The card as text. */
export function writeVcard({ version, properties }: Vcard): string {
  const lines = ['BEGIN:VCARD', `VERSION:${version}`, ...properties.map(lineOf), 'END:VCARD'];
  return lines.map((line) => `${fold(line.toWellFormed())}\r\n`).join('');
}

const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g;

function lineOf({ group, name, parameters, value }: VcardProperty): string {
  const written = parameters.map(
    ([key, values]) => `;${key}=${values.map(parameterValue).join(',')}`,
  );
  return `${group === '' ? '' : `${group}.`}${name}${written.join('')}:${value.replace(CONTROLS, '')}`;
}

/** RFC 6868: what can't stand in quotes is written with carets. */
function parameterValue(value: string): string {
  const carets = value
    .replaceAll('^', '^^')
    .replace(/\r\n?|\n/g, '^n')
    .replaceAll('"', "^'")
    .replace(CONTROLS, '');
  return /[:;,]/.test(carets) ? `"${carets}"` : carets;
}

const LINE_OCTETS = 75;

/** Folds between characters. */
function fold(line: string): string {
  if (line.length * 3 <= LINE_OCTETS) return line;
  const pieces: string[] = [];
  let start = 0;
  let octets = 0;
  for (let at = 0; at < line.length; ) {
    const code = line.codePointAt(at) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (octets + size > LINE_OCTETS) {
      pieces.push(line.slice(start, at));
      start = at;
      // The space that a folded line begins with.
      octets = 1;
    }
    octets += size;
    at += code < 0x10000 ? 1 : 2;
  }
  pieces.push(line.slice(start));
  return pieces.join('\r\n ');
}
