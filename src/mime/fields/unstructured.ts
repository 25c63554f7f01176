// Fields of free text (RFC 5322 section 2.2.1): Subject, Comments, X-….
import { limits } from '../../base/index.ts';
import { encodeWords } from '../../codec/index.ts';
import { looksEncoded } from './encoded-look.ts';
import { columns, FoldedValue, LINE_COLUMNS } from './fold.ts';
import { checkFieldText, type HeaderField, type HeaderOptions } from './header-field.ts';

// Printable words with single blanks between: what every reader gives back as it is.
const PLAIN_LINE = /^[!-~]+(?: [!-~]+)*$/;
const PLAIN_WORD = /^[!-~]+$/;
const PLAIN_UTF8_WORD = /^[^\p{C}\p{Z}]+$/u;

/**
 * A field of free text. What a reader would not give back as it is (not ASCII, controls, blanks at the
 * ends or doubled, text that looks like an encoded word) goes into encoded words (RFC 2047).
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: CR, LF or NUL in the text.
 */
export function unstructuredField(name: string, text: string, o: HeaderOptions): HeaderField {
  const isShort = name.length + 2 + text.length <= LINE_COLUMNS;
  if (isShort && PLAIN_LINE.test(text) && !looksEncoded(text)) {
    return { name, value: text };
  }
  checkFieldText(name, text);
  const value = new FoldedValue(name);
  const words = text === '' ? [] : text.split(' ');
  const [start, end] = encodedRange(words, plainWord(name, o));
  for (const word of words.slice(0, start)) value.add(word);
  if (start < end) {
    const options = { phrase: false, firstLineRoom: value.room };
    const encoded = encodeWords(words.slice(start, end).join(' '), options);
    for (const word of encoded) value.add(word);
  }
  for (const word of words.slice(end)) value.add(word);
  return { name, value: value.toString() };
}

/** The words that must be encoded, and all between them: the blank between two encoded words is lost (RFC 2047 section 6.2). */
function encodedRange(
  words: readonly string[],
  isPlain: (word: string) => boolean,
): readonly [number, number] {
  const start = words.findIndex((word) => !isPlain(word));
  if (start < 0) return [words.length, words.length];
  let end = words.length;
  while (isPlain(words[end - 1] ?? '')) end -= 1;
  const isBlank = end - start === 1 && words[start] === '';
  if (!isBlank) return [start, end];
  // A lone empty word is a doubled blank or one at the end: the word beside it takes the blank along.
  return end < words.length ? [start, end + 1] : [start - 1, end];
}

function plainWord(name: string, { utf8 }: HeaderOptions): (word: string) => boolean {
  const pattern = utf8 ? PLAIN_UTF8_WORD : PLAIN_WORD;
  const bound = limits.writtenLineBytes - name.length - 2;
  return (word) => pattern.test(word) && !looksEncoded(word) && columns(word) <= bound;
}
