// What leaves in one write: commands, content, and the commands of the next message behind it.
import { afterReads } from '../../base/internal.ts';
import type { CommandLine } from '../command.ts';
import type { Dialogue } from '../dialogue.ts';
import type { Verb } from '../session.ts';

// Below this, one copy is cheaper than more buffers for the kernel to gather.
const SMALL_BYTES = 16_384;

// Connections that have something to write when all that has arrived is read. Each write may wake the other side; those
// of many connections in a row, with no work of ours between, wake it once.
let due: Outbound[] = [];

function flushAll(): void {
  const ready = due;
  due = [];
  for (const outbound of ready) outbound.flush();
}

/** Gathers what is said in one turn. */
export class Outbound {
  readonly #dialogue: Dialogue;
  #parts: (string | Uint8Array)[] = [];
  #isDue = false;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  /** A command, and its reply expected. */
  command(verb: Verb, { line, shown }: CommandLine): void {
    if (this.#dialogue.expects(verb, shown, 1)) this.#text(`${line}\r\n`);
  }

  /** Content with its final dot, and as many replies expected. */
  content(pieces: readonly (string | Uint8Array)[], replies: number): void {
    if (this.#dialogue.expects('content', undefined, replies)) this.#add(pieces);
  }

  /** The whole content as one chunk (RFC 3030), and as many replies expected. */
  chunk(pieces: readonly Uint8Array[], size: number, replies: number): void {
    const line = `BDAT ${size} LAST`;
    if (!this.#dialogue.expects('BDAT', line, replies)) return;
    this.#text(`${line}\r\n`);
    this.#add(pieces);
  }

  /** Writes what has been gathered, once everything that has arrived on any connection is dealt with. */
  flushSoon(): void {
    if (this.#parts.length === 0 || this.#isDue) return;
    this.#isDue = true;
    if (due.push(this) === 1) afterReads(flushAll);
  }

  /** Writes it now. */
  flush(): void {
    this.#isDue = false;
    const parts = this.#parts;
    const [only] = parts;
    if (only === undefined) return;
    this.#parts = [];
    if (parts.length === 1) this.#dialogue.write([only]);
    else this.#dialogue.write(together(parts));
  }

  #text(text: string): void {
    const last = this.#parts.length - 1;
    const before = this.#parts[last];
    if (typeof before === 'string') this.#parts[last] = before + text;
    else this.#parts.push(text);
  }

  #add(pieces: readonly (string | Uint8Array)[]): void {
    for (const piece of pieces) this.#parts.push(piece);
  }
}

function together(parts: readonly (string | Uint8Array)[]): readonly (string | Uint8Array)[] {
  let bytes = 0;
  for (const { length } of parts) bytes += length;
  if (bytes > SMALL_BYTES) return parts;
  return [
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
  ];
}
