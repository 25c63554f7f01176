// Tags written so that they match: each element ends in the one that it began in.
import { impliedEnds, scopes, tableElements, voidElements } from './html-elements.data.ts';
import { type HtmlAttribute, type HtmlSink, readHtml } from './html-tokens.ts';

/** What is kept of HTML, and how. */
export interface HtmlRules {
  /** Elements inside each other that are kept; of deeper ones only the content. */
  readonly depth: number;
  /** The element that one is written as; `''` for none that still ends where it ends, `undefined` for none at all. */
  written(name: string): string | undefined;
  /** The attributes as they are written, each with a blank before it. */
  attributes(name: string, attributes: readonly HtmlAttribute[]): string;
  /** Whether an element is left out with all that is in it. */
  isHidden(attributes: readonly HtmlAttribute[]): boolean;
  /** What is written behind an element. */
  after(name: string): string;
}

/** The HTML with matching tags, in time that grows with its length. */
export function balanceHtml(html: string, rules: HtmlRules): string {
  const balancer = new Balancer(rules);
  readHtml(html, balancer);
  return balancer.end();
}

interface OpenElement {
  readonly name: string;
  readonly written: string;
}

class Balancer implements HtmlSink {
  readonly #rules: HtmlRules;
  readonly #out: string[] = [];
  readonly #open: OpenElement[] = [];
  /** How many elements were open when one began that is left out. */
  #hiddenAt: number | undefined;

  constructor(rules: HtmlRules) {
    this.#rules = rules;
  }

  text(text: string): void {
    this.#write(text.includes('<') ? text.replaceAll('<', '&lt;') : text);
  }

  open(name: string, attributes: readonly HtmlAttribute[]): void {
    const written = this.#rules.written(name);
    if (written === undefined) return;
    this.#endImplied(name);
    const isVoid = voidElements.has(name);
    if (!isVoid && this.#open.length >= this.#rules.depth) return;
    if (!isVoid && this.#rules.isHidden(attributes)) this.#hiddenAt ??= this.#open.length;
    if (written !== '') this.#write(`<${written}${this.#rules.attributes(name, attributes)}>`);
    if (!isVoid) this.#open.push({ name, written });
  }

  close(name: string): void {
    const at = this.#find(name);
    if (at >= 0) this.#endTo(at);
  }

  end(): string {
    this.#endTo(0);
    return this.#out.join('');
  }

  #write(piece: string): void {
    if (this.#hiddenAt === undefined) this.#out.push(piece);
  }

  #endImplied(name: string): void {
    const ended = impliedEnds.get(name);
    if (ended === undefined) return;
    for (let last = this.#open.at(-1); last && ended.has(last.name); last = this.#open.at(-1)) {
      this.#endTo(this.#open.length - 1);
    }
  }

  /** The innermost open element of this name; none when that is outside the cell. */
  #find(name: string): number {
    const isTable = tableElements.has(name);
    for (let at = this.#open.length - 1; at >= 0; at -= 1) {
      const open = this.#open[at]?.name ?? '';
      if (open === name) return at;
      if (isTable ? open === 'table' : scopes.has(open)) return -1;
    }
    return -1;
  }

  #endTo(length: number): void {
    while (this.#open.length > length) {
      const { name, written } = this.#open.pop() ?? { name: '', written: '' };
      this.#write(`${written === '' ? '' : `</${written}>`}${this.#rules.after(name)}`);
      if (this.#open.length === this.#hiddenAt) this.#hiddenAt = undefined;
    }
  }
}
