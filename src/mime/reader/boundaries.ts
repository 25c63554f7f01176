// The multiparts that are open, and which of them a line delimits (RFC 2046 section 5.1.1).

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
  /** Default type of its parts is message/rfc822 (RFC 2046 section 5.1.5). */
  readonly digest: boolean;
  parts: number;
  closed: boolean;
}

// Transport padding (RFC 2046) that is still taken for padding.
const PADDING_ROOM = 1000;

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

  push(boundary: string, digest: boolean): void {
    const shadowed = this.#levels.get(boundary);
    this.#levels.set(boundary, this.#open.length);
    this.#open.push({ boundary, shadowed, digest, parts: 0, closed: false });
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
   * Which multipart a line delimits; `line` is without the two dashes and the white space at its end.
   * The whole line must be the boundary: a boundary that begins like another is not mistaken for it.
   */
  match(line: string): Delimiter | undefined {
    const level = this.#levels.get(line);
    if (level !== undefined) return { level, closing: false };
    if (!line.endsWith('--')) return undefined;
    const closed = this.#levels.get(line.slice(0, -2));
    return closed === undefined ? undefined : { level: closed, closing: true };
  }

  #forget(multipart: OpenMultipart): void {
    if (multipart.shadowed === undefined) this.#levels.delete(multipart.boundary);
    else this.#levels.set(multipart.boundary, multipart.shadowed);
  }
}
