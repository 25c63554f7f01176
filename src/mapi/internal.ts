// For the rooms above: what conversion needs beside the public names.

export { smtpSearchKey } from './mapi-recipient.ts';
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
