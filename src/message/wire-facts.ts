// What a server has to know of octets before it gets them: how many there will be, and whether any is over 127.
import { type ByteSource, isAsciiBytes, viewOf } from '../base/internal.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What is counted of some octets, to be added to that of others. */
export interface WireFacts {
  readonly ascii: boolean;
  /** Octets on the wire, where every line ends in CRLF, as far as these octets tell. */
  readonly wireSize: number;
  /** The first and the last octet; `undefined` when there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/** No octets at all. */
export const NO_FACTS: WireFacts = { ascii: true, wireSize: 0, first: undefined, last: undefined };

/** The facts of octets at hand. */
export function factsOf(octets: Uint8Array): WireFacts {
  return { ...lineFacts(octets), ascii: isAsciiBytes(octets) };
}

/** The octets on the wire of some octets at hand; the rest of the facts costs a second look. */
export function lineFacts(octets: Uint8Array): WireFacts {
  const view = viewOf(octets);
  // Each bare CR and LF becomes a pair.
  const lines = count(view, LF);
  const pairs = lines === 0 ? 0 : countPairs(view);
  return {
    ascii: true,
    wireSize: view.length + count(view, CR) + lines - 2 * pairs,
    first: view[0],
    last: view.at(-1),
  };
}

/** The facts of `before` with `after` behind it. */
export function joinFacts(before: WireFacts, after: WireFacts): WireFacts {
  // A pair that is cut between the two was counted as two line ends.
  const cut = before.last === CR && after.first === LF ? 2 : 0;
  return {
    ascii: before.ascii && after.ascii,
    wireSize: before.wireSize + after.wireSize - cut,
    first: before.first ?? after.first,
    last: after.last ?? before.last,
  };
}

/** Octets on the wire of a whole message, whose last line ends in CRLF there. */
export function messageSize({ wireSize, last }: WireFacts): number {
  return last === LF || last === CR || last === undefined ? wireSize : wireSize + 2;
}

const BLOCK = 1_048_576;

/** What a server has to know of any range of a source; nothing is read before it is asked. */
export function sourceFacts(source: ByteSource): SourceFacts {
  return new SourceFacts(source);
}

/** The facts of any range of a source that is not in memory: counted once, block by block. */
class SourceFacts {
  readonly #source: ByteSource;
  readonly #blocks: WireFacts[] = [];

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Reads what was not yet, without holding up other work. */
  async measure(): Promise<void> {
    const { size } = this.#source;
    let block = NO_FACTS;
    let at = this.#blocks.length * BLOCK;
    for await (const octets of this.#source.pass(at, size)) {
      for (let from = 0; from < octets.length; ) {
        const end = Math.min(octets.length, from + BLOCK - (at % BLOCK));
        block = joinFacts(block, factsOf(octets.subarray(from, end)));
        at += end - from;
        from = end;
        if (at % BLOCK === 0 || at === size) {
          this.#blocks.push(block);
          block = NO_FACTS;
        }
      }
    }
  }

  /** The facts from `start` to before `end`; what was not measured before is read now. */
  of(start: number, end: number): WireFacts {
    let facts = NO_FACTS;
    for (let at = start; at < end; ) {
      const block = Math.floor(at / BLOCK);
      const blockEnd = Math.min((block + 1) * BLOCK, this.#source.size);
      const until = Math.min(end, blockEnd);
      const isWhole = at === block * BLOCK && until === blockEnd;
      const known = isWhole ? this.#blocks[block] : undefined;
      facts = joinFacts(facts, known ?? factsOf(this.#source.read(at, until)));
      at = until;
    }
    return facts;
  }
}

function count(view: Uint8Array, octet: number): number {
  let found = 0;
  for (let at = view.indexOf(octet); at >= 0; at = view.indexOf(octet, at + 1)) found += 1;
  return found;
}

function countPairs(view: Uint8Array): number {
  let found = 0;
  for (let at = view.indexOf(LF); at >= 0; at = view.indexOf(LF, at + 1)) {
    if (view[at - 1] === CR) found += 1;
  }
  return found;
}

export type { SourceFacts };
