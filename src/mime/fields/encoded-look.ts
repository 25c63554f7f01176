// What a reader would take for an encoded word (RFC 2047 section 2), strict or not.

const BEGINS_WORD = /=\?[^?]*\?[bq]\?/i;

/** Whether the text holds something that reads as an encoded word, so that it has to be encoded itself. */
export function looksEncoded(text: string): boolean {
  return text.includes('=?') && BEGINS_WORD.test(text);
}
