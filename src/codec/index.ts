/**
 * Encodings of mail: base64 and quoted-printable (RFC 2045), encoded words (RFC 2047), parameters
 * (RFC 2231), charsets, format=flowed (RFC 3676) and domain names (UTS 46). Pure functions over bytes
 * and strings; no wire, no disk. @module
 */
export { decodeBase64 } from './base64.ts';
export { encodeBase64 } from './base64-text.ts';
export type { CharsetOptions, DecodedText, TextOptions } from './charset.ts';
export { decodeCharset } from './charset.ts';
export { canonicalCharset } from './charset-label.ts';
export { toAsciiDomain, toUnicodeDomain } from './domain.ts';
export type { EncodeWordsOptions } from './encoded-word.ts';
export { encodeWords } from './encoded-word.ts';
export { decodeWords, hidesLineEnds } from './encoded-word-reader.ts';
export type { FlowedOptions } from './flowed.ts';
export { decodeFlowed, encodeFlowed } from './flowed.ts';
export { encodeParameter } from './parameter.ts';
export { decodeParameters } from './parameter-reader.ts';
export type { ParameterizedValue } from './plain-parameters.ts';
export { encodeQuotedPrintable } from './quoted-printable.ts';
export { decodeQuotedPrintable } from './quoted-printable-reader.ts';
export { decodeUuencode } from './uuencode.ts';
