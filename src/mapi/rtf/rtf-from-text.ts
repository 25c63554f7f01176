// Plain text in the coat of RTF (MS-OXRTFEX section 2.2).
import { latin1Bytes } from '../../base/internal.ts';
import { escapeRtf, rtfHead } from './rtf-text.ts';

/** Plain text as RTF, not compressed, that gives the same text back (MS-OXRTFEX), line ends as CRLF. */
export function rtfFromText(text: string): Uint8Array {
  return latin1Bytes(`${rtfHead('\\fromtext')}${escapeRtf(text)}}\r\n`);
}
