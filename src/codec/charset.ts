// Text of any charset to a string.
import { Buffer, isAscii, isUtf8, transcode } from 'node:buffer';
import { createRequire } from 'node:module';
import { latin1, viewOf } from '../base/internal.ts';
import { ICONV_NAMES } from './charset-label.data.ts';
import { canonicalCharset } from './charset-label.ts';
import { decodeHz, decodeIso2022 } from './iso-2022.ts';
import { decodeUtf16, decodeUtf32 } from './utf-16-32.ts';

/** What the reader of a message may decide about charsets. */
export interface TextOptions {
  /** Whether UTF-7 is decoded; its text can hide markup from filters, so it is refused. Default: `false`. */
  readonly utf7?: boolean | undefined;
  /**
   * Label of the charset for text that is not UTF-8 and whose charset is not given or not known.
   * Default: none, octets that are no UTF-8 become U+FFFD.
   */
  readonly fallbackCharset?: string | undefined;
}

/** How text is decoded. */
export interface CharsetOptions extends TextOptions {
  /** Whether U+FEFF at the beginning of UTF-8 is kept as a character. Default: `false`. */
  readonly keepByteOrderMark?: boolean;
}

/** Decoded text. */
export interface DecodedText {
  /** The text; octets that are nothing in the charset have become U+FFFD. */
  readonly text: string;
  /** Whether the label names a charset that could be used; when not, the text was read as UTF-8 or in the fallback. */
  readonly known: boolean;
}

/**
 * Decodes octets by the label of their charset. The label is believed as far as it goes: `iso-8859-1` is
 * windows-1252 (as the WHATWG has it); `us-ascii` with octets above 127, which can not be, is UTF-8 if
 * valid, else windows-1252. Text without a label, or with one that is not known here, is UTF-8 (RFC 6532)
 * if valid, else in the fallback charset. UTF-7 is left as it is unless asked for.
 */
export function decodeCharset(
  bytes: Uint8Array,
  label: string | undefined,
  options: CharsetOptions = {},
): DecodedText {
  const name = label === undefined ? undefined : canonicalCharset(label);
  const usable = name !== undefined && (name !== 'utf-7' || options.utf7 === true);
  const text = usable ? decodeNamed(bytes, name) : decodeUnlabelled(bytes, options);
  return { text: options.keepByteOrderMark ? text : withoutMark(text), known: usable };
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function decodeNamed(bytes: Uint8Array, name: string): string {
  switch (name) {
    case 'utf-8':
      return decodeUtf8(bytes);
    case 'us-ascii':
      return isUtf8(bytes) ? decodeUtf8(bytes) : decodeWindows1252(bytes);
    case 'iso-8859-1':
    case 'windows-1252':
      return decodeWindows1252(bytes);
    case 'utf-16':
    case 'utf-16le':
    case 'utf-16be':
      return decodeUtf16(bytes, name);
    case 'utf-32':
    case 'utf-32le':
    case 'utf-32be':
      return decodeUtf32(bytes, name);
    case 'iso-2022-jp':
    case 'iso-2022-kr':
    case 'iso-2022-cn':
      return decodeIso2022(bytes, decodeByIconv);
    case 'hz-gb-2312':
      return decodeHz(bytes, decodeByIconv);
    default: {
      const iconvName = ICONV_NAMES[name];
      if (iconvName !== undefined) return decodeByIconv(bytes, iconvName);
      return decoderOf(name).decode(bytes);
    }
  }
}

function decodeUnlabelled(bytes: Uint8Array, { utf7, fallbackCharset }: TextOptions): string {
  const fallback = fallbackCharset === undefined ? undefined : canonicalCharset(fallbackCharset);
  const isUsable = fallback !== undefined && (fallback !== 'utf-7' || utf7 === true);
  return isUsable && !isUtf8(bytes) ? decodeNamed(bytes, fallback) : decodeUtf8(bytes);
}

// Measured on Node 20: below this, transcode's set-up costs more than it saves.
const TRANSCODE_BYTES = 512;

function decodeUtf8(bytes: Uint8Array): string {
  if (isAscii(bytes)) return latin1(bytes);
  return isUtf8(bytes) ? decodeValidUtf8(bytes) : decoderOf('utf-8').decode(bytes);
}

function decodeValidUtf8(bytes: Uint8Array): string {
  if (bytes.length < TRANSCODE_BYTES) return viewOf(bytes).toString('utf8');
  return transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
}

// 0x80 to 0x9F, which Node 20's TextDecoder takes for control characters. Five of them are nothing.
const WINDOWS_1252_C1 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';
const windows1252Units = Uint16Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x80 && octet <= 0x9f ? WINDOWS_1252_C1.charCodeAt(octet - 0x80) : octet,
);

function decodeWindows1252(bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (!/[\x80-\x9f]/.test(text)) return text;
  const units = Buffer.allocUnsafe(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    const unit = windows1252Units[bytes[i] ?? 0] ?? 0;
    units[2 * i] = unit & 0xff;
    units[2 * i + 1] = unit >> 8;
  }
  return units.toString('utf16le');
}

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder>();

function decoderOf(name: string): Decoder {
  let decoder = decoders.get(name);
  if (!decoder) {
    decoder = new TextDecoder(name, { ignoreBOM: true });
    decoders.set(name, decoder);
  }
  return decoder;
}

type Iconv = typeof import('iconv-lite');
let iconv: Iconv | undefined;

// Most programs never meet such a charset: the tables are loaded when the first one comes.
function decodeByIconv(bytes: Uint8Array, iconvName: string): string {
  iconv ??= createRequire(import.meta.url)('iconv-lite') as Iconv;
  return iconv.decode(Buffer.isBuffer(bytes) ? bytes : viewOf(bytes), iconvName, {
    stripBOM: false,
  });
}
