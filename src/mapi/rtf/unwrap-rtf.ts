// The HTML or plain text that RTF is the coat of (MS-OXRTFEX section 2.1.3): given back as it was put in.
import { type RtfGroup, type RtfHandler, RtfWalker } from './rtf-walker.ts';

const CRLF = '\r\n';

/** Words that stand for characters, in HTML and in text. */
const CHARACTERS: Readonly<Record<string, readonly [html: string, text: string]>> = {
  par: [CRLF, CRLF],
  line: [CRLF, CRLF],
  tab: ['\t', '\t'],
  lquote: ['&lsquo;', '\u2018'],
  rquote: ['&rsquo;', '\u2019'],
  ldblquote: ['&ldquo;', '\u201c'],
  rdblquote: ['&rdquo;', '\u201d'],
  bullet: ['&bull;', '\u2022'],
  endash: ['&ndash;', '\u2013'],
  emdash: ['&mdash;', '\u2014'],
  '~': ['&nbsp;', '\u00a0'],
  _: ['&shy;', '\u00ad'],
  '\r': [CRLF, CRLF],
  '\n': [CRLF, CRLF],
  '\t': ['\t', '\t'],
};

const HTML_TAG = 'htmltag';
/** The numbers and bullets of lists, for readers of RTF; HTML has its own. */
const LIST_TEXTS = new Set(['pntext', 'listtext']);

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (char) => MARKUP[char] ?? char);

/** Gathers what the coat covers. */
class Unwrapper implements RtfHandler {
  result = '';
  readonly #isHtml: boolean;

  constructor(isHtml: boolean) {
    this.#isHtml = isHtml;
  }

  text(text: string, group: RtfGroup): void {
    if (!this.#counts(group)) return;
    // What stands outside of tags is text, never markup.
    this.result += this.#isHtml && group.destination === '' ? escapeMarkup(text) : text;
  }

  word(name: string, parameter: number | undefined, group: RtfGroup): void {
    if (name === 'htmlrtf') group.isHidden = parameter !== 0;
    else {
      const characters = Object.hasOwn(CHARACTERS, name) ? CHARACTERS[name] : undefined;
      if (characters && this.#counts(group)) this.result += characters[this.#isHtml ? 0 : 1];
    }
  }

  destination(name: string): string | undefined {
    if (LIST_TEXTS.has(name)) return name;
    return this.#isHtml && name === HTML_TAG ? HTML_TAG : undefined;
  }

  isPlain(group: RtfGroup): boolean {
    return group.destination === HTML_TAG;
  }

  #counts(group: RtfGroup): boolean {
    return group.destination === HTML_TAG || (!group.isHidden && group.destination === '');
  }
}

/** The HTML in RTF that was made of HTML. */
export function unwrapHtml(rtf: Uint8Array): string {
  return unwrap(rtf, true);
}

/** The text in RTF that was made of plain text. */
export function unwrapText(rtf: Uint8Array): string {
  return unwrap(rtf, false);
}

function unwrap(rtf: Uint8Array, isHtml: boolean): string {
  const unwrapper = new Unwrapper(isHtml);
  new RtfWalker(rtf, unwrapper).walk();
  return unwrapper.result;
}
