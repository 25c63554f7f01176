/**
 * From any format of mail to any other: which format bytes are, and messages as EML, MSG, OFT, TNEF, EMLX, MHT and HTML
 * (MS-OXCMAIL, MS-OXCICAL, RFC 2557).
 * @module
 */

export type { ConvertOptions, ConvertReport } from './conversion.ts';
export { convert } from './convert.ts';
export type { ConvertAllOptions, ConvertOutcome } from './convert-all.ts';
export { convertAll } from './convert-all.ts';
export type { ConvertFormat } from './convert-formats.ts';
export type { JsonAddress, JsonPart, MessageJson } from './data/message-json.ts';
export { detectFormat } from './detect/detect-format.ts';
export type { FileFormat } from './detect/file-format.ts';
export type { EmlxState } from './emlx/emlx-state.ts';
export { emlxState } from './emlx/emlx-state.ts';
export type { Loss, LossCode, Note } from './loss.ts';
export type { MailFromMapiOptions } from './mail/mail-from-mapi.ts';
export { mailFromMapi } from './mail/mail-from-mapi.ts';
export type { MapiFromMailOptions } from './mail/mapi-from-mail.ts';
export { mapiFromMail } from './mail/mapi-from-mail.ts';
export type { OpenTnefOptions } from './tnef/open-tnef.ts';
export { openTnef } from './tnef/open-tnef.ts';
export type { PackTnefOptions } from './tnef/pack-tnef.ts';
export { packTnef } from './tnef/pack-tnef.ts';
