// A string to octets of a charset, for formats that can't have Unicode.
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { decodeCharset } from './charset.ts';
import { ICONV_NAMES } from './charset-label.data.ts';
import { canonicalCharset } from './charset-label.ts';

/** Text in a charset. */
export interface EncodedText {
  /** The octets; what the charset does not have has become `?`. */
  readonly bytes: Uint8Array;
  /** Whether the octets are the whole text. */
  readonly isWhole: boolean;
}

type Iconv = typeof import('iconv-lite');
let iconv: Iconv | undefined;

/**
 * Encodes text in the charset that a label means; `undefined` when it is not known here, or can't be written.
 */
export function encodeCharset(text: string, label: string): EncodedText | undefined {
  const name = canonicalCharset(label);
  if (name === undefined) return undefined;
  if (name === 'utf-8') return { bytes: Buffer.from(text), isWhole: true };
  // The same in every charset that is asked for; UTF-16 and UTF-32 have their own ways.
  if (/^[\x00-\x7f]*$/.test(text) && !/^utf-|^hz|^iso-2022/.test(name)) {
    return { bytes: Buffer.from(text, 'latin1'), isWhole: true };
  }
  iconv ??= createRequire(import.meta.url)('iconv-lite') as Iconv;
  // As in reading, ISO-8859-1 is windows-1252.
  const iconvName = ICONV_NAMES[name] ?? (name === 'iso-8859-1' ? 'windows-1252' : name);
  if (!iconv.encodingExists(iconvName)) return undefined;
  const bytes = iconv.encode(text, iconvName, { addBOM: false });
  return { bytes, isWhole: decodeCharset(bytes, name, { keepByteOrderMark: true }).text === text };
}
