// Fields of free text (RFC 5322 section 2.2.1): Subject, Comments, X-….

import { limits } from '../../base/index.ts';
import { encodeWords } from '../../codec/index.ts';
import { FoldedValue, LINE_COLUMNS } from './fold.ts';
import { checkFieldText, type HeaderField, type HeaderOptions } from './header-field.ts';

// Text that every reader gives back as it is: printable, no blank at an end, none twice, nothing that
// reads as an encoded word.
const PLAIN_ASCII = /^(?:[!-~]+(?: (?=[!-~]))?)*$/;
const PLAIN_WORD = /^[!-~]+$/;
const PLAIN_UTF8_WORD = /^[^\p{C}\p{Z}]+$/u;

/**
 * A field of free text. What a reader would not give back as it is (not ASCII, controls, blanks at the
 * ends or doubled, text that looks like an encoded word) goes into encoded words (RFC 2047).
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: CR, LF or NUL in the text.
 */
export function unstructuredField(name: string, text: string, o: HeaderOptions): HeaderField {
  if (
    name.length + 2 + text.length <= LINE_COLUMNS &&
    PLAIN_ASCII.test(text) &&
    !text.includes('=?')
  ) {
    return { name, value: text };
  }
  checkFieldText(name, text);
  const plain = o.utf8 ? PLAIN_UTF8_WORD : PLAIN_WORD;
  const words = text.split(' ');
  const isPlain = (word: string): boolean =>
    plain.test(word) && !word.includes('=?') && word.length < limits.writtenLineBytes / 3;
  let first = 0;
  while (first < words.length && isPlain(words[first] ?? '')) first += 1;
  let last = words.length;
  while (last > first && isPlain(words[last - 1] ?? '')) last -= 1;
  const value = new FoldedValue(name);
  for (const word of words.slice(0, first)) value.add(word);
  if (first < last) {
    const options = { phrase: false, firstLineRoom: value.room };
    for (const word of encodeWords(words.slice(first, last).join(' '), options)) value.add(word);
  }
  for (const word of words.slice(last)) value.add(word);
  return { name, value: value.toString() };
}
