// RTF that somebody wrote as such, read for what it says: paragraphs and rows of runs with a style. How they are written
// down, the target knows.
import { type RtfGroup, type RtfHandler, RtfWalker } from './rtf-walker.ts';

/** Bits of a style. */
export const Style = {
  bold: 1,
  italic: 2,
  underline: 4,
  strike: 8,
  superscript: 16,
  subscript: 32,
  /** Text that is not shown (`\v`). */
  hidden: 64,
} as const;

/** Text in one style; `\n` is a line end within the paragraph, `\t` a tab. */
export interface RtfRun {
  readonly text: string;
  /** Bits of {@link Style}. */
  readonly style: number;
  /** Where it leads; `''` when nowhere. */
  readonly link: string;
}

/** What takes the paragraphs. */
export interface RtfTarget {
  /** A paragraph. */
  paragraph(runs: readonly RtfRun[]): void;
  /** A row of a table, a list of runs for each cell. */
  row(cells: readonly (readonly RtfRun[])[]): void;
}

/** Walks through RTF and gives its paragraphs to a target. @throws LimitError Over `limits.rtfDepth`. */
export function renderRtf(rtf: Uint8Array, target: RtfTarget): void {
  const renderer = new Renderer(target);
  new RtfWalker(rtf, renderer).walk();
  renderer.end();
}

const TOGGLES: Readonly<Record<string, number>> = {
  b: Style.bold,
  i: Style.italic,
  ul: Style.underline,
  uld: Style.underline,
  uldb: Style.underline,
  uldash: Style.underline,
  ulw: Style.underline,
  ulwave: Style.underline,
  strike: Style.strike,
  striked: Style.strike,
  v: Style.hidden,
};

const CHARACTERS: Readonly<Record<string, string>> = {
  line: '\n',
  lbr: '\n',
  tab: '\t',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  bullet: '\u2022',
  endash: '\u2013',
  emdash: '\u2014',
  enspace: '\u2002',
  emspace: '\u2003',
  qmspace: '\u2005',
  zwj: '\u200d',
  zwnj: '\u200c',
  ltrmark: '\u200e',
  rtlmark: '\u200f',
  '~': '\u00a0',
  _: '\u2011',
  '\t': '\t',
};

/** Words that end a paragraph. */
const ENDS: ReadonlySet<string> = new Set(['par', 'sect', 'page', 'column', '\r', '\n']);

const PICTURE = '[image]';
/** More cells than any table has; what is over stands in the last one. */
const MOST_CELLS = 1000;

class Renderer implements RtfHandler {
  readonly #target: RtfTarget;
  #runs: RtfRun[] = [];
  #cells: RtfRun[][] = [];
  #isInTable = false;
  /** The links of the fields that are open, the innermost last. */
  readonly #links: string[] = [];
  #instruction = '';

  constructor(target: RtfTarget) {
    this.#target = target;
  }

  text(text: string, group: RtfGroup, isSymbol: boolean): void {
    if (group.destination === 'fldinst') this.#instruction += text;
    else if (group.destination === 'list') this.#add(isSymbol ? bullets(text) : text, group);
    else if (group.destination === '') this.#add(text, group);
  }

  word(name: string, parameter: number | undefined, group: RtfGroup): void {
    const toggle = Object.hasOwn(TOGGLES, name) ? (TOGGLES[name] ?? 0) : 0;
    if (toggle > 0) setStyle(group, toggle, parameter !== 0);
    else if (group.destination !== '' && group.destination !== 'list') return;
    else if (Object.hasOwn(CHARACTERS, name)) this.#add(CHARACTERS[name] ?? '', group);
    else if (ENDS.has(name)) this.#par(group);
    else this.#layout(name, group);
  }

  destination(name: string): string | undefined {
    switch (name) {
      case 'field':
        this.#links.push('');
        return 'field';
      case 'fldinst':
        this.#instruction = '';
        return 'fldinst';
      case 'fldrslt':
      case 'shppict':
        return '';
      case 'pntext':
      case 'listtext':
        return 'list';
      case 'nonesttables':
        return 'none';
      case 'pict':
        this.#runs.push({ text: PICTURE, style: 0, link: this.#links.at(-1) ?? '' });
        return 'none';
      default:
        return undefined;
    }
  }

  close(closed: RtfGroup, outer: RtfGroup): void {
    if (closed.destination === outer.destination) return;
    if (closed.destination === 'fldinst' && this.#links.length > 0) {
      this.#links[this.#links.length - 1] = linkOf(this.#instruction);
    } else if (closed.destination === 'field') this.#links.pop();
  }

  /** What is still open. */
  end(): void {
    if (this.#cells.length > 0) this.#row();
    if (this.#runs.length > 0) this.#target.paragraph(this.#runs);
    this.#runs = [];
  }

  #add(text: string, group: RtfGroup): void {
    if ((group.style & Style.hidden) !== 0 || text === '') return;
    const link = this.#links.at(-1) ?? '';
    const last = this.#runs.at(-1);
    if (last && last.style === group.style && last.link === link) {
      this.#runs[this.#runs.length - 1] = { text: last.text + text, style: last.style, link };
    } else this.#runs.push({ text, style: group.style, link });
  }

  #par(group: RtfGroup): void {
    if (this.#isInTable) this.#add('\n', group);
    else {
      if (this.#cells.length > 0) this.#row();
      this.#target.paragraph(this.#runs);
      this.#runs = [];
    }
  }

  #layout(name: string, group: RtfGroup): void {
    switch (name) {
      case 'plain':
        group.style = 0;
        break;
      case 'ulnone':
        setStyle(group, Style.underline, false);
        break;
      case 'super':
        setStyle(group, Style.subscript, false);
        setStyle(group, Style.superscript, true);
        break;
      case 'sub':
        setStyle(group, Style.superscript, false);
        setStyle(group, Style.subscript, true);
        break;
      case 'nosupersub':
        setStyle(group, Style.superscript | Style.subscript, false);
        break;
      case 'pard':
        this.#isInTable = false;
        break;
      case 'intbl':
        this.#isInTable = true;
        break;
      case 'cell':
      case 'nestcell':
        if (this.#cells.length < MOST_CELLS) {
          this.#cells.push(this.#runs);
          this.#runs = [];
        }
        break;
      case 'row':
      case 'nestrow':
        this.#row();
        break;
    }
  }

  #row(): void {
    if (this.#cells.length > 0) this.#target.row(this.#cells);
    this.#cells = [];
  }
}

function setStyle(group: RtfGroup, bits: number, isOn: boolean): void {
  group.style = isOn ? group.style | bits : group.style & ~bits;
}

/** What fonts of symbols show before the items of a list. */
const bullets = (text: string): string => text.replace(/[^\s]/g, '\u2022');

/** The address of a field's instruction: `HYPERLINK "https://…"`; `''` when it is none. */
function linkOf(instruction: string): string {
  const match = /^\s*HYPERLINK\s+(?:\\[a-z]\s+)*(?:"([^"]*)"|(\S+))/i.exec(
    instruction.slice(0, 8192),
  );
  const link = (match?.[1] ?? match?.[2] ?? '').trim();
  return /^(?:https?|ftp|mailto|tel|news|cid|file):/i.test(link) ? link : '';
}
