// The multiparts that are open, and which of them a line delimits (RFC 2046 section 5.1.1).
import { latin1 } from '../../base/internal.ts';
import { trimEnd } from './header-line.ts';

/** What a delimiter line means. */
export interface Delimiter {
  /** Index of the multipart it belongs to; 0 is the outermost. */
  readonly level: number;
  /** Whether it is the last one of its multipart. */
  readonly closing: boolean;
}

interface OpenMultipart {
  readonly boundary: string;
  /** What the same boundary meant further out, to be restored. */
  readonly shadowed: number | undefined;
  parts: number;
  closed: boolean;
}

// Transport padding (RFC 2046) that is still taken for padding.
const PADDING_ROOM = 1000;
const DASH = 0x2d;

/** The open multiparts, outermost first. A map finds the one a line names, however deep the nesting. */
export class Boundaries {
  readonly #open: OpenMultipart[] = [];
  readonly #levels: Map<string, number> = new Map();
  #longest = 0;

  get depth(): number {
    return this.#open.length;
  }

  /** Octets that a delimiter line can have at most. */
  get lineRoom(): number {
    return this.#longest + PADDING_ROOM;
  }

  /** The innermost open multipart. */
  get innermost(): Readonly<OpenMultipart> | undefined {
    return this.#open.at(-1);
  }

  push(boundary: string): void {
    const shadowed = this.#levels.get(boundary);
    this.#levels.set(boundary, this.#open.length);
    this.#open.push({ boundary, shadowed, parts: 0, closed: false });
    this.#longest = Math.max(this.#longest, boundary.length);
  }

  pop(): void {
    const gone = this.#open.pop();
    if (gone && !gone.closed) this.#forget(gone);
  }

  /** Counts a part of the innermost multipart. */
  countPart(): void {
    const innermost = this.#open.at(-1);
    if (innermost) innermost.parts += 1;
  }

  /** The innermost multipart had its last delimiter: what follows is epilogue, its boundary no more than text. */
  close(): void {
    const innermost = this.#open.at(-1);
    if (!innermost) return;
    innermost.closed = true;
    this.#forget(innermost);
  }

  /**
   * Which multipart a line that begins with a dash delimits. The whole line must be the boundary, but
   * for white space at its end: a boundary that begins like another is not mistaken for it.
   */
  delimiterIn(bytes: Buffer, line: number, lineEnd: number): Delimiter | undefined {
    if (bytes[line + 1] !== DASH || lineEnd - line > this.lineRoom) return undefined;
    const text = latin1(bytes, line + 2, trimEnd(bytes, line + 2, lineEnd));
    const level = this.#levels.get(text);
    if (level !== undefined) return { level, closing: false };
    if (!text.endsWith('--')) return undefined;
    const closed = this.#levels.get(text.slice(0, -2));
    return closed === undefined ? undefined : { level: closed, closing: true };
  }

  #forget(multipart: OpenMultipart): void {
    if (multipart.shadowed === undefined) this.#levels.delete(multipart.boundary);
    else this.#levels.set(multipart.boundary, multipart.shadowed);
  }
}
