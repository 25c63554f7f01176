// HTML cut into tags and text, as browsers cut it (WHATWG HTML section 13.2.5), in one pass whatever it holds.

/** An attribute as it stands: references such as `&amp;` are not decoded. */
export interface HtmlAttribute {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** What takes the pieces of HTML in their order. */
export interface HtmlSink {
  /** Text as it stands; it may hold `<` where that begins no tag. */
  text(text: string): void;
  open(name: string, attributes: readonly HtmlAttribute[]): void;
  close(name: string): void;
}

const TAG_NAME = /[a-z][^\s/>]*/iy;
const BETWEEN = /[\s/]*/y;
const ATTRIBUTE_NAME = /[^\s/>][^\s/>=]*/y;
const EQUALS = /\s*=\s*/y;
const UNQUOTED = /[^\s>]*/y;
/** Elements whose content is no markup and nothing to read. */
const RAW = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'iframe',
  'xmp',
  'noembed',
  'noframes',
]);

/** Cuts HTML; comments, declarations, scripts and style sheets are left out. */
export function readHtml(html: string, sink: HtmlSink): void {
  let at = 0;
  let textStart = 0;
  const flush = (end: number): void => {
    if (end > textStart) sink.text(html.slice(textStart, end));
  };
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    const next = html.charAt(open + 1);
    const isClosing = next === '/';
    const name = match(TAG_NAME, html, isClosing ? open + 2 : open + 1);
    if (name === '' && next !== '!' && next !== '?' && !isClosing) {
      at = open + 1;
      continue;
    }
    flush(open);
    if (name === '') at = endOfComment(html, open);
    else if (isClosing) {
      sink.close(name.toLowerCase());
      at = after(html, '>', open);
    } else at = readTag(html, open + 1 + name.length, name.toLowerCase(), sink);
    textStart = at;
  }
  flush(html.length);
}

function readTag(html: string, start: number, name: string, sink: HtmlSink): number {
  const attributes: HtmlAttribute[] = [];
  let at = start;
  for (;;) {
    at += match(BETWEEN, html, at).length;
    if (at >= html.length) return at;
    if (html.charAt(at) === '>') break;
    const attribute = match(ATTRIBUTE_NAME, html, at);
    at += attribute.length;
    const equals = match(EQUALS, html, at);
    at += equals.length;
    let value = '';
    const quote = equals === '' ? '' : html.charAt(at);
    if (quote === '"' || quote === "'") {
      const end = html.indexOf(quote, at + 1);
      if (end < 0) return html.length;
      value = html.slice(at + 1, end);
      at = end + 1;
    } else if (equals !== '') {
      value = match(UNQUOTED, html, at);
      at += value.length;
    }
    attributes.push({ name: attribute.toLowerCase(), value });
  }
  if (RAW.has(name)) return endOfRaw(html, name, at + 1);
  sink.open(name, attributes);
  return at + 1;
}

function endOfRaw(html: string, name: string, start: number): number {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi');
  end.lastIndex = start;
  const found = end.exec(html);
  return found ? after(html, '>', found.index) : html.length;
}

function endOfComment(html: string, open: number): number {
  return html.startsWith('<!--', open) ? after(html, '-->', open + 2) : after(html, '>', open);
}

function after(html: string, end: string, from: number): number {
  const found = html.indexOf(end, from);
  return found < 0 ? html.length : found + end.length;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
