// Text of any charset to a string.
import { isUtf8 } from 'node:buffer';
import { viewOf } from '../base/internal.ts';

/** How text is decoded. */
export interface CharsetOptions {
  /** Whether UTF-7 is decoded; its text can hide markup from filters, so it is refused. Default: `false`. */
  readonly utf7?: boolean;
  /** Whether U+FEFF at the beginning is kept as a character. Default: `false`. */
  readonly keepByteOrderMark?: boolean;
}

/** Decoded text. */
export interface DecodedText {
  /** The text. */
  readonly text: string;
  /** Whether the label named a charset that is known here; when not, the charset was guessed. */
  readonly known: boolean;
}

/** The name a charset label stands for, in lower case; `undefined` when it is not known here. */
export function canonicalCharset(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Decodes octets; without a known label they are UTF-8 when valid and windows-1252 when not. */
export function decodeCharset(
  bytes: Uint8Array,
  label: string | undefined,
  options: CharsetOptions = {},
): DecodedText {
  const name = label === undefined ? undefined : canonicalCharset(label);
  const known = name !== undefined;
  const encoding =
    name !== undefined && name !== 'windows-1252' ? name : isUtf8(bytes) ? 'utf-8' : 'windows-1252';
  const ignoreBOM = options.keepByteOrderMark === true;
  return { text: new TextDecoder(encoding, { ignoreBOM }).decode(viewOf(bytes)), known };
}
