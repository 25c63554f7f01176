// What reading one message of a MSG file needs on its way: where problems go, its names and its code page.
import { PosthornError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import type { CompoundStorage } from '../cfb/compound-file.ts';
import { addProblem, type MapiProblem, type MapiProblemCode } from '../problem.ts';
import type { AnsiPage } from '../property/code-page.ts';
import type { ValueDecoder } from '../property/mapi-property.ts';
import { NamedIds } from './named-ids.ts';
import { readStreamed } from './value-codec.ts';

/** How many values of one file were read, of all messages inside it together. */
export interface ValueCount {
  values: number;
}

/** One message that is read. */
export class ReadContext {
  /** The names of its ids. */
  readonly names: NamedIds;
  /** How many messages it is inside of. */
  readonly depth: number;
  /** What its 8-bit text is in; known when its own properties are read. */
  ansi: AnsiPage;
  /** Makes values of octets, when they are asked for. */
  readonly decode: ValueDecoder;
  readonly #problems: MapiProblem[];
  readonly #count: ValueCount;

  constructor(
    names: NamedIds | CompoundStorage | undefined,
    depth: number,
    ansi: AnsiPage,
    problems: MapiProblem[],
    count: ValueCount,
  ) {
    this.depth = depth;
    this.ansi = ansi;
    this.decode = (type, octets) => readStreamed(type, octets, this.ansi);
    this.#problems = problems;
    this.#count = count;
    this.names =
      names instanceof NamedIds
        ? names
        : new NamedIds(names, (read) => this.attempt('NAME_UNKNOWN', '', read));
  }

  /**
   * Counts a value.
   * @throws {LimitError} `mapiValues`: a file has too many.
   */
  countValue(): void {
    this.#count.values += 1;
    enforceLimit('mapiValues', this.#count.values, 'The number of values in the file');
  }

  /** Puts a problem on the message's list. */
  tell(code: MapiProblemCode, message: string, path: string): void {
    addProblem(this.#problems, { code, message, path });
  }

  /** What `read` gives; when the file is damaged there, a problem is told and it is `undefined`. */
  attempt<T>(code: MapiProblemCode, path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PosthornError) || error.code !== 'FORMAT_INVALID') throw error;
      this.tell(code, error.message, path);
      return undefined;
    }
  }
}
