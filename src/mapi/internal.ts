// For the rooms above: what conversion needs beside the public names.

export { clockOfMinutes, firstDateTime, minutesOfClock } from './calendar/first-date-time.ts';
export type { CompoundStorage, CompoundStream } from './cfb/compound-file.ts';
export { readCompoundFile } from './cfb/compound-file.ts';
export { smtpSearchKey } from './mapi-recipient.ts';
export { MESSAGE_CLASS_ID, TEMPLATE_CLASS_ID } from './msg/names.ts';
export { addProblem } from './problem.ts';
export {
  charsetOfCodePage,
  decodeAnsi,
  decodeHtml,
  pageOfLocale,
  windowsCodePage,
} from './property/code-page.ts';
export { guidBytes, readGuid } from './property/guid.ts';
export { keyId } from './property/property-tag.ts';
export type { TnefOutput } from './tnef/output.ts';
export { tnefOutput } from './tnef/write-tnef.ts';
