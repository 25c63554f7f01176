// HTML in the coat of RTF (MS-OXRTFEX section 2.2): every tag in a group that only readers of HTML look into, the text once
// for both, and for readers of RTF what it looks like. What is put in comes out again.
import { latin1Bytes } from '../../base/internal.ts';
import { type HtmlPiece, htmlPieces } from './html-pieces.ts';
import { escapeRtf, rtfHead } from './rtf-text.ts';

/**
 * HTML as RTF, not compressed, that gives the same HTML back (MS-OXRTFEX), line ends as CRLF; a reader of RTF shows its text
 * with paragraphs, bold, italic, underlined and links.
 */
export function rtfFromHtml(html: string): Uint8Array {
  const writer = new Writer(html);
  for (const piece of htmlPieces(html)) writer.piece(piece);
  return latin1Bytes(writer.end());
}

// The numbers of \*\htmltagN (MS-OXRTFEX section 2.1.3.1.1): where it stands, whether in a paragraph, whether it closes,
// and the family of the tag.
const IN_BODY = 0;
const IN_HEAD = 1;
const IN_HTML = 2;
const OUTSIDE = 3;
const IN_PARAGRAPH = 4;
const CLOSING = 8;
const OTHER = 240;

const FAMILIES: ReadonlyMap<string, number> = new Map(
  [
    [16, 'html'],
    [32, 'head'],
    [48, 'body'],
    [64, 'p h1 h2 h3 h4 h5 h6 tr li dt dd'],
    [80, 'a b i u s strong em img strike sup sub code small big'],
    [96, 'div table tbody thead tfoot ul ol dl blockquote center hr section article'],
    [112, 'br'],
    [128, 'pre'],
    [144, 'span td th font'],
    [160, 'meta link base'],
  ].flatMap(([family, names]) =>
    String(names)
      .split(' ')
      .map((name): [string, number] => [name, Number(family)]),
  ),
);

/** Families whose tags stand in a paragraph, whatever is around them. */
const INLINE = new Set([80, 144]);
/** Families that begin a line and end it. */
const BLOCKS = new Set([64, 96, 128]);
/** Tags behind which a line is left free. */
const SPACED = /^(?:p|h[1-6]|blockquote|ul|ol|pre)$/;

/** What a tag is for a reader of RTF: a word and its opposite. */
const STYLES: ReadonlyMap<string, string> = new Map([
  ['b', 'b'],
  ['strong', 'b'],
  ['i', 'i'],
  ['em', 'i'],
  ['u', 'ul'],
  ['ins', 'ul'],
  ['s', 'strike'],
  ['strike', 'strike'],
  ['del', 'strike'],
]);

const ENTITY = /&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?/y;
const CUT = /\r\n?|[\n\t&<>]/g;

class Writer {
  readonly #pieces: string[] = [rtfHead('\\fromhtml1')];
  #place: number;
  #isInParagraph = false;
  /** Whether something visible stands in the line, and anywhere. */
  #hasLine = false;
  #hasText = false;
  #depthOfPre = 0;
  #isLink = false;
  /** How often each style is on. */
  readonly #styles = new Map<string, number>();

  constructor(html: string) {
    // Without the tags that say so, everything is the body.
    this.#place = /<(?:html|body)[\s>]/i.test(html) ? OUTSIDE : IN_BODY;
  }

  piece({ kind, name, source }: HtmlPiece): void {
    if (kind === 'text') this.#text(source);
    else if (kind === 'open') this.#open(name, source);
    else if (kind === 'close') this.#close(name, source);
    else this.#group(OTHER + this.#place + this.#inParagraph(), source);
  }

  end(): string {
    this.#endLink();
    this.#pieces.push('}\r\n');
    return this.#pieces.join('');
  }

  #inParagraph(): number {
    return this.#isInParagraph ? IN_PARAGRAPH : 0;
  }

  /** What only a reader of HTML sees. */
  #group(number: number, source: string): void {
    this.#pieces.push(`{\\*\\htmltag${number} ${escapeRtf(source)}}`);
  }

  /** What only a reader of RTF sees. */
  #coat(rtf: string): void {
    this.#pieces.push(`\\htmlrtf ${rtf}\\htmlrtf0 `);
  }

  #numberOf(name: string): number {
    const family = FAMILIES.get(name) ?? OTHER;
    return family + this.#place + (INLINE.has(family) ? IN_PARAGRAPH : this.#inParagraph());
  }

  #open(name: string, source: string): void {
    if (name === 'html') this.#place = OUTSIDE;
    if (name === 'head' || name === 'body') this.#place = IN_HTML;
    const family = FAMILIES.get(name);
    if (family !== undefined && BLOCKS.has(family)) {
      this.#endLine(false);
      this.#isInParagraph = false;
    }
    this.#group(this.#numberOf(name), source);
    this.#pieces.push('\r\n');
    if (name === 'html') this.#place = IN_HTML;
    else if (name === 'head') this.#place = IN_HEAD;
    else if (name === 'body') this.#place = IN_BODY;
    else if (family === 64) this.#isInParagraph = true;
    if (name === 'pre') this.#depthOfPre++;
    this.#openCoat(name, source);
  }

  #openCoat(name: string, source: string): void {
    const style = STYLES.get(name);
    if (style !== undefined) {
      const count = this.#styles.get(style) ?? 0;
      if (count === 0) this.#coat(`\\${style}`);
      this.#styles.set(style, count + 1);
    } else if (name === 'br') {
      this.#coat('\\line');
      this.#hasLine = false;
    } else if (name === 'li') this.#coat('\\bullet\\tab');
    else if (name === 'a') {
      this.#endLink();
      const address = hrefOf(source);
      if (address === '') return;
      this.#isLink = true;
      this.#coat(`{\\field{\\*\\fldinst{HYPERLINK "${escapeRtf(address)}"}}{\\fldrslt\\cf1\\ul`);
    }
  }

  #close(name: string, source: string): void {
    const family = FAMILIES.get(name);
    if (name === 'a') this.#endLink();
    if (name === 'body' || name === 'head') {
      this.#endLink();
      this.#isInParagraph = false;
    }
    if (name === 'body') this.#place = IN_HTML;
    if (name === 'html') this.#place = OUTSIDE;
    this.#group(this.#numberOf(name) + CLOSING, source);
    this.#pieces.push('\r\n');
    if (name === 'head') this.#place = IN_HTML;
    if (name === 'pre') this.#depthOfPre = Math.max(0, this.#depthOfPre - 1);
    const style = STYLES.get(name);
    const count = style === undefined ? 0 : (this.#styles.get(style) ?? 0);
    if (style !== undefined && count > 0) {
      this.#styles.set(style, count - 1);
      if (count === 1) this.#coat(`\\${style}0`);
    } else if (name === 'td' || name === 'th') this.#coat('\\tab');
    if (family !== undefined && BLOCKS.has(family)) {
      this.#endLine(SPACED.test(name));
      this.#isInParagraph = false;
    }
  }

  #endLine(isSpaced: boolean): void {
    if (!this.#hasLine) return;
    this.#coat(isSpaced ? '\\par\\par' : '\\par');
    this.#hasLine = false;
  }

  /** A link ends with its tag, with the next one, or with the text: the groups have to close. */
  #endLink(): void {
    if (!this.#isLink) return;
    this.#isLink = false;
    // Styles that were changed in the group are as they were before; they have to be as they are.
    const styles = [...this.#styles].map(([word, count]) => `\\${word}${count > 0 ? '' : '0'}`);
    this.#coat(`}}${styles.join('')}`);
  }

  #text(source: string): void {
    const isBlank = !/\S/.test(source);
    if (isBlank && this.#depthOfPre === 0 && !this.#hasLine) {
      // Space between tags is nothing to see.
      this.#group(this.#place + this.#inParagraph(), source);
      return;
    }
    if (!this.#hasText) this.#pieces.push('{\\*\\htmltag64}');
    this.#hasText = true;
    this.#hasLine = true;
    let at = 0;
    CUT.lastIndex = 0;
    for (let cut = CUT.exec(source); cut; cut = CUT.exec(source)) {
      if (cut.index > at) this.#pieces.push(escapeRtf(source.slice(at, cut.index)));
      at = cut.index + this.#cut(source, cut.index, cut[0]);
      CUT.lastIndex = at;
    }
    if (at < source.length) this.#pieces.push(escapeRtf(source.slice(at)));
  }

  /** What is text for a reader of HTML and something else for one of RTF; gives its length. */
  #cut(source: string, at: number, char: string): number {
    const isPre = this.#depthOfPre > 0;
    if (char === '\t' || char === '\n' || char === '\r' || char === '\r\n') {
      this.#group(this.#place + IN_PARAGRAPH, char);
      if (!isPre) this.#coat(' ');
      else this.#coat(char === '\t' ? '\\tab' : '\\line');
      return char.length;
    }
    ENTITY.lastIndex = at;
    const entity = char === '&' ? (ENTITY.exec(source)?.[0] ?? char) : char;
    this.#group(80 + IN_PARAGRAPH + this.#place, entity);
    this.#coat(escapeRtf(characterOf(entity)));
    return entity.length;
  }
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  iexcl: '\u00a1',
  cent: '\u00a2',
  pound: '\u00a3',
  yen: '\u00a5',
  sect: '\u00a7',
  copy: '\u00a9',
  laquo: '\u00ab',
  shy: '\u00ad',
  reg: '\u00ae',
  deg: '\u00b0',
  plusmn: '\u00b1',
  micro: '\u00b5',
  para: '\u00b6',
  middot: '\u00b7',
  raquo: '\u00bb',
  frac12: '\u00bd',
  iquest: '\u00bf',
  Agrave: '\u00c0',
  Auml: '\u00c4',
  Aring: '\u00c5',
  Ccedil: '\u00c7',
  Eacute: '\u00c9',
  Ntilde: '\u00d1',
  Ouml: '\u00d6',
  times: '\u00d7',
  Oslash: '\u00d8',
  Uuml: '\u00dc',
  szlig: '\u00df',
  agrave: '\u00e0',
  aacute: '\u00e1',
  acirc: '\u00e2',
  atilde: '\u00e3',
  auml: '\u00e4',
  aring: '\u00e5',
  aelig: '\u00e6',
  ccedil: '\u00e7',
  egrave: '\u00e8',
  eacute: '\u00e9',
  ecirc: '\u00ea',
  euml: '\u00eb',
  iacute: '\u00ed',
  icirc: '\u00ee',
  iuml: '\u00ef',
  ntilde: '\u00f1',
  oacute: '\u00f3',
  ocirc: '\u00f4',
  ouml: '\u00f6',
  oslash: '\u00f8',
  ugrave: '\u00f9',
  uacute: '\u00fa',
  ucirc: '\u00fb',
  uuml: '\u00fc',
  ensp: '\u2002',
  emsp: '\u2003',
  thinsp: '\u2009',
  zwnj: '\u200c',
  ndash: '\u2013',
  mdash: '\u2014',
  lsquo: '\u2018',
  rsquo: '\u2019',
  ldquo: '\u201c',
  rdquo: '\u201d',
  bull: '\u2022',
  hellip: '\u2026',
  euro: '\u20ac',
  trade: '\u2122',
  rarr: '\u2192',
};

/** What a reader of RTF is shown for an entity; what is not known, as it is written. */
function characterOf(entity: string): string {
  const match = /^&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|([A-Za-z0-9]+));?$/.exec(entity);
  if (!match) return entity;
  const [, hex, decimal, name] = match;
  if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? entity) : entity;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code >= 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}

/** Where a link leads, for the instruction of a field; `''` when it can't stand there. */
function hrefOf(source: string): string {
  const match = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/i.exec(source);
  const address = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').replaceAll('&amp;', '&').trim();
  return address.length > 4096 || /["\s\\]/.test(address) ? '' : address;
}
