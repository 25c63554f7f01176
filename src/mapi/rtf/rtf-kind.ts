// What an RTF text is: itself, or the coat of HTML or plain text (MS-OXRTFEX section 2.1.3.1).
import { latin1 } from '../../base/internal.ts';
import { RtfScanner, TokenKind } from './rtf-scanner.ts';

/** `'html'`, `'text'`: RTF that was made of it and gives it back; `'rtf'`: RTF that somebody wrote as such. */
export type RtfKind = 'html' | 'text' | 'rtf';

/** The word that tells must be among so many groups and words at the beginning. */
const TOKENS = 10;
/** They are never longer than this. */
const HEAD_BYTES = 4096;

/** What an RTF text is: HTML or plain text in RTF's clothes, or RTF proper. */
export function rtfKind(rtf: Uint8Array): RtfKind {
  const scanner = new RtfScanner(latin1(rtf, 0, Math.min(rtf.length, HEAD_BYTES)));
  for (let token = 0; token < TOKENS && scanner.next(); token++) {
    if (scanner.kind !== TokenKind.word) continue;
    if (scanner.word === 'fromhtml' && scanner.parameter !== 0) return 'html';
    if (scanner.word === 'fromtext') return 'text';
  }
  return 'rtf';
}
