/** What writers and readers above need beside the public codecs; never exported from the package. @module */
export { Base64Decoder } from './base64-decoder.ts';
export { Base64LineEncoder, base64LinesSize, encodeBase64Lines } from './base64-lines.ts';
export { encodeCharset } from './charset-encoder.ts';
export { encodeLegacyName } from './parameter.ts';
export { encodeQuotedPrintableBinary } from './quoted-printable.ts';
export { passQuotedPrintable, QuotedPrintableDecoder } from './quoted-printable-reader.ts';
export type { StreamDecoder } from './stream-decoder.ts';
export { UuencodeDecoder } from './uuencode.ts';
