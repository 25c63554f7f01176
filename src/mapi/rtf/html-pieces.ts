// HTML cut into tags, comments, raw text and text. Nothing is understood and nothing is lost: the pieces are the HTML.

/** A piece of HTML. */
export interface HtmlPiece {
  /** What it is; `'raw'` is the content of a script, style or title, and whatever else is no text nor tag. */
  readonly kind: 'open' | 'close' | 'comment' | 'raw' | 'text';
  /** The name of a tag in lower case; `''` for anything else. */
  readonly name: string;
  /** As it stands in the HTML. */
  readonly source: string;
}

/** Elements whose content is no markup (HTML section 13.2.5). */
const RAW = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
]);

const TAG_NAME = /[A-Za-z][^\s/>]{0,60}/y;

/** The pieces of HTML, in order. Linear in the HTML. */
export function* htmlPieces(html: string): Generator<HtmlPiece, void> {
  let at = 0;
  const quotes = { failures: 0 };
  while (at < html.length) {
    const less = html.indexOf('<', at);
    if (less < 0) {
      yield { kind: 'text', name: '', source: html.slice(at) };
      return;
    }
    const piece = markupAt(html, less, quotes);
    if (!piece) {
      // A lone `<` is text.
      const next = html.indexOf('<', less + 1);
      const end = next < 0 ? html.length : next;
      yield { kind: 'text', name: '', source: html.slice(at, end) };
      at = end;
      continue;
    }
    if (less > at) yield { kind: 'text', name: '', source: html.slice(at, less) };
    yield piece;
    at = less + piece.source.length;
    if (piece.kind === 'open' && RAW.has(piece.name) && !piece.source.endsWith('/>')) {
      const end = endOfRaw(html, at, piece.name);
      if (end > at) yield { kind: 'raw', name: piece.name, source: html.slice(at, end) };
      at = end;
    }
  }
}

function markupAt(html: string, at: number, quotes: Quotes): HtmlPiece | undefined {
  const next = html.charAt(at + 1);
  if (next === '!' || next === '?') {
    const isComment = html.startsWith('<!--', at);
    const close = html.indexOf(isComment ? '-->' : '>', at + (isComment ? 4 : 2));
    const end = close < 0 ? html.length : close + (isComment ? 3 : 1);
    return { kind: 'comment', name: '', source: html.slice(at, end) };
  }
  const isClosing = next === '/';
  TAG_NAME.lastIndex = at + (isClosing ? 2 : 1);
  const name = TAG_NAME.exec(html)?.[0].toLowerCase();
  if (name === undefined) return undefined;
  const source = html.slice(at, endOfTag(html, TAG_NAME.lastIndex, quotes));
  return { kind: isClosing ? 'close' : 'open', name, source };
}

/** How often the quotes of a tag led to the end of the HTML. */
interface Quotes {
  failures: number;
}

/** After so many, quotes mean nothing in this HTML; to follow them every time could take very long. */
const MOST_FAILURES = 20;

/** Behind the `>` that is in no quotes; when a quote is not closed, behind the first one. */
function endOfTag(html: string, start: number, quotes: Quotes): number {
  const last = quotes.failures < MOST_FAILURES ? html.length : start;
  for (let at = start; at < last; at++) {
    const char = html.charAt(at);
    if (char === '>') return at + 1;
    if ((char === '"' || char === "'") && /[\s=]/.test(html.charAt(at - 1))) {
      const close = html.indexOf(char, at + 1);
      if (close < 0) break;
      at = close;
    }
  }
  quotes.failures++;
  const first = html.indexOf('>', start);
  return first < 0 ? html.length : first + 1;
}

function endOfRaw(html: string, start: number, name: string): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  end.lastIndex = start;
  return end.exec(html)?.index ?? html.length;
}
