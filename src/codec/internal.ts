/** What the writers above need beside the public codecs; never exported from the package. @module */
export { Base64LineEncoder, base64LinesSize, encodeBase64Lines } from './base64-lines.ts';
export { encodeLegacyName } from './parameter.ts';
export { encodeQuotedPrintableBinary } from './quoted-printable.ts';
