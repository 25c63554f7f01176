// Walks through RTF: groups and what they inherit, fonts and their code pages, characters. What words mean for a purpose,
// the handler says. No recursion: depth costs a stack that is bounded.
import { enforceLimit, latin1, latin1Bytes } from '../../base/internal.ts';
import { codePageOfCharset, decodeCodePage, SYMBOL } from './code-page.ts';
import { RtfScanner, TokenKind } from './rtf-scanner.ts';

/** What a group inherits from the one around it. */
export interface RtfGroup {
  /** What the content is, in the words of the handler; `''` is the text of the document. */
  destination: string;
  /** Whether the content is for nobody here. */
  skipped: boolean;
  /** Whether it stands between `\htmlrtf` and `\htmlrtf0`. */
  isHidden: boolean;
  /** The number of the font. */
  font: number;
  /** How many characters stand behind `\uN` for readers that don't know it (`\ucN`). */
  fallback: number;
  /** The style, in the bits of the handler. */
  style: number;
}

/** What is done with what is found. */
export interface RtfHandler {
  /** Text of a group that is not skipped, decoded; of a font of symbols the octets as Windows-1252. */
  text(text: string, group: RtfGroup, isSymbol: boolean): void;
  /** A control word or, by its character, a control symbol. */
  word(name: string, parameter: number | undefined, group: RtfGroup): void;
  /**
   * What the group is that begins with this word: `undefined` when the word is no destination that the handler knows;
   * the group is then skipped if it begins with `\*`.
   */
  destination(name: string, parameter: number | undefined): string | undefined;
  /** A group has ended. */
  close?(closed: RtfGroup, outer: RtfGroup): void;
  /** Whether text in a group is in the document's code page, whatever its font. */
  isPlain?(group: RtfGroup): boolean;
}

/** Destinations without `\*` that hold nothing of the text. */
const UNSEEN: ReadonlySet<string> = new Set(
  (
    'colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf footnote annotation ' +
    'filetbl xe tc rxe txe comment buptim creatim doccomm operator printim revtim title subject author manager company ' +
    'category keywords hlinkbase nonshppict objclass objdata objname template themedata colorschememapping datastore ' +
    'latentstyles listtable listoverridetable revtbl rsidtbl mmathPr xmlnstbl generator pgptbl bkmkstart bkmkend ' +
    'fldtype formfield private1 wgrffmtfilter ftnsep ftnsepc aftnsep aftnsepc'
  ).split(' '),
);

/** The fonts of a document: the code page of each. */
class FontTable {
  readonly #codePages = new Map<number, number>();
  #font = 0;

  /** A word within `\fonttbl`. */
  word(name: string, parameter: number | undefined): void {
    if (parameter === undefined) return;
    if (name === 'f') this.#font = parameter;
    else if (name === 'fcharset') {
      const codePage = codePageOfCharset(parameter);
      if (codePage !== undefined) this.#set(codePage);
    } else if (name === 'cpg') this.#set(parameter);
  }

  codePageOf(font: number): number | undefined {
    return this.#codePages.get(font);
  }

  #set(codePage: number): void {
    // A Word document has hundreds; a hostile one must not fill the memory.
    if (this.#codePages.size < 100_000) this.#codePages.set(this.#font, codePage);
  }
}

/** A walk through one document. */
export class RtfWalker {
  /** The code page of the document (`\ansicpg`). */
  codePage = 1252;
  readonly #rtf: string;
  readonly #scanner: RtfScanner;
  readonly #handler: RtfHandler;
  readonly #fonts = new FontTable();
  readonly #outer: RtfGroup[] = [];
  #group: RtfGroup = {
    destination: '',
    skipped: false,
    isHidden: false,
    font: -1,
    fallback: 1,
    style: 0,
  };
  #defaultFont = -1;
  /** Characters that wait to be decoded together: one may be made of several `\'xx` and letters. */
  #raw = '';
  #rawIsHigh = false;
  /** Characters that are still to be left out behind `\uN`. */
  #unread = 0;
  /** Whether the next token is the first of its group, and whether it came behind `\*`. */
  #isFirst = false;
  #isStarred = false;

  constructor(rtf: Uint8Array, handler: RtfHandler) {
    this.#rtf = latin1(rtf);
    this.#scanner = new RtfScanner(this.#rtf);
    this.#handler = handler;
  }

  /** Walks to the end. @throws LimitError The groups are nested over `limits.rtfDepth`. */
  walk(): void {
    const scanner = this.#scanner;
    while (scanner.next()) {
      switch (scanner.kind) {
        case TokenKind.open:
          this.#open();
          break;
        case TokenKind.close:
          this.#close();
          break;
        case TokenKind.word:
          this.#word(scanner.word, scanner.parameter);
          break;
        case TokenKind.symbol:
          this.#symbol(scanner.word);
          break;
        case TokenKind.octet:
          if (this.#takes()) {
            this.#raw += String.fromCharCode(scanner.octet);
            this.#rawIsHigh ||= scanner.octet > 127;
          }
          break;
        case TokenKind.text:
          this.#text(scanner.start, scanner.end, scanner.hasHigh);
          break;
        default:
          scanner.kind satisfies never;
      }
    }
    this.#flush();
  }

  #open(): void {
    this.#flush();
    this.#unread = 0;
    enforceLimit('rtfDepth', this.#outer.length, 'The nesting of groups of an RTF text');
    const { destination, skipped, isHidden, font, fallback, style } = this.#group;
    this.#outer.push(this.#group);
    this.#group = { destination, skipped, isHidden, font, fallback, style };
    this.#isFirst = true;
    this.#isStarred = false;
  }

  #close(): void {
    this.#flush();
    this.#unread = 0;
    this.#isFirst = false;
    const outer = this.#outer.pop();
    if (!outer) return;
    const closed = this.#group;
    this.#group = outer;
    if (!closed.skipped) this.#handler.close?.(closed, outer);
  }

  /** Whether a character counts: not when the group is skipped, not when it repeats a `\uN` for older readers. */
  #takes(): boolean {
    this.#isFirst = false;
    if (this.#unread > 0) {
      this.#unread--;
      return false;
    }
    return !this.#group.skipped;
  }

  #text(start: number, end: number, hasHigh: boolean): void {
    this.#isFirst = false;
    const passed = Math.min(this.#unread, end - start);
    this.#unread -= passed;
    if (this.#group.skipped || start + passed >= end) return;
    this.#raw += this.#rtf.slice(start + passed, end);
    this.#rawIsHigh ||= hasHigh;
  }

  #flush(): void {
    if (this.#raw === '') return;
    const raw = this.#raw;
    this.#raw = '';
    const group = this.#group;
    const codePage = this.#codePageOf(group);
    const text = this.#rawIsHigh ? decodeCodePage(latin1Bytes(raw), codePage) : raw;
    this.#rawIsHigh = false;
    this.#handler.text(text, group, codePage === SYMBOL);
  }

  #codePageOf(group: RtfGroup): number {
    if (this.#handler.isPlain?.(group)) return this.codePage;
    const font = group.font < 0 ? this.#defaultFont : group.font;
    const codePage = this.#fonts.codePageOf(font) ?? this.codePage;
    // Western text in UTF-8 is written by programs that give every font the charset 0.
    return codePage === 1252 && this.codePage === 65_001 ? this.codePage : codePage;
  }

  #symbol(symbol: string): void {
    if (symbol === '*') {
      if (this.#isFirst) this.#isStarred = true;
      return;
    }
    if (!this.#takes()) return;
    if (symbol === '\\' || symbol === '{' || symbol === '}') this.#raw += symbol;
    else {
      this.#flush();
      this.#handler.word(symbol, undefined, this.#group);
    }
  }

  #word(name: string, parameter: number | undefined): void {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (name === 'bin') {
      this.#scanner.skip(parameter ?? 0);
      return;
    }
    if (this.#group.skipped) return;
    if (this.#unread > 0) {
      this.#unread--;
      return;
    }
    if (name === 'u') {
      this.#unicode(parameter ?? 0);
      return;
    }
    this.#flush();
    if (isFirst && this.#begins(name, parameter)) return;
    const group = this.#group;
    if (group.destination === 'fonttbl') this.#fonts.word(name, parameter);
    else this.#setting(name, parameter, group);
  }

  /** Whether the word says what its group is. */
  #begins(name: string, parameter: number | undefined): boolean {
    const group = this.#group;
    const known = name === 'fonttbl' ? name : this.#handler.destination(name, parameter);
    if (known !== undefined) {
      group.destination = known;
      return true;
    }
    // Within the table of fonts the groups are fonts, with the names of others in them.
    if (this.#isStarred || (group.destination !== 'fonttbl' && UNSEEN.has(name))) {
      group.skipped = true;
      return true;
    }
    return false;
  }

  #setting(name: string, parameter: number | undefined, group: RtfGroup): void {
    switch (name) {
      case 'ansicpg':
        if (parameter !== undefined && parameter > 0) this.codePage = parameter;
        break;
      case 'mac':
        this.codePage = 10_000;
        break;
      case 'pc':
        this.codePage = 437;
        break;
      case 'pca':
        this.codePage = 850;
        break;
      case 'deff':
        this.#defaultFont = parameter ?? 0;
        break;
      case 'f':
        group.font = parameter ?? 0;
        break;
      case 'uc':
        group.fallback = Math.min(Math.max(0, parameter ?? 1), 1000);
        break;
      default:
        if (name === 'plain') group.font = -1;
        this.#handler.word(name, parameter, group);
    }
  }

  #unicode(parameter: number): void {
    this.#flush();
    const group = this.#group;
    this.#unread = group.fallback;
    const code = parameter < 0 ? parameter + 65_536 : parameter;
    if (code <= 0 || code > 0x10ffff || group.destination === 'fonttbl') return;
    this.#handler.text(String.fromCodePoint(code), group, false);
  }
}
