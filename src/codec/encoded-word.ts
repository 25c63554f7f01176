// Writing encoded words (RFC 2047). Reading them is in encoded-word-reader.ts.

import { utf8Bytes } from '../base/internal.ts';
import { encodeBase64 } from './base64.ts';

/** Where encoded words are going to stand. */
export interface EncodeWordsOptions {
  /** Whether the words stand in a phrase, where fewer characters may be left as they are (RFC 2047 section 5, rule 3). */
  readonly phrase: boolean;
  /** Columns left on the first line for the first word; below 24 the first word is made for a line of its own. */
  readonly firstLineRoom: number;
}

/**
 * The whole text as encoded words in UTF-8, each at most 75 characters and readable on its own; the
 * writer puts a space or a fold between them. A lone surrogate becomes U+FFFD.
 */
export function encodeWords(text: string, options: EncodeWordsOptions): string[] {
  const words: string[] = [];
  let room = options.firstLineRoom < 24 ? 75 : Math.min(75, options.firstLineRoom);
  let piece = '';
  const flush = (): void => {
    if (piece !== '') words.push(`=?utf-8?B?${encodeBase64(utf8Bytes(piece))}?=`);
    piece = '';
    room = 75;
  };
  for (const char of text) {
    const octets = Math.floor((room - 12) / 4) * 3;
    if (utf8Bytes(piece + char).length > octets) flush();
    piece += char;
  }
  flush();
  return words;
}
