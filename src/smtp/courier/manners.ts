// What has been learned of a server: how it may be spoken to. Kept as long as the client that talks to it.

// A connection may break at any time. When it does so with a message behind another's content, RSET keeps the two apart
// from then on; when it does so again and again all the same, that is what breaks it.
const MOST_STRIKES = 3;

/** What one server has shown of itself. */
export class Manners {
  #isPlain = false;
  #isChunkless = false;
  #isSeparated = false;
  #strikes = 0;

  /** Whether it lost step with commands in groups: it gets them one by one. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Whether the content of one message is to be kept apart from the commands of the next. */
  get isSeparated(): boolean {
    return this.#isSeparated;
  }

  /** Whether it offers chunks without knowing them. */
  get isChunkless(): boolean {
    return this.#isChunkless;
  }

  /** It lost step. */
  lostStep(): void {
    this.#isPlain = true;
  }

  /** It did not know what a chunk is. */
  lostChunk(): void {
    this.#isChunkless = true;
  }

  /** It took a message with another's commands behind it. */
  keptStep(): void {
    this.#strikes = 0;
  }

  /** The connection was lost with a message at the server and another's commands behind it. */
  wasLost(): void {
    this.#strikes += 1;
    this.#isSeparated = true;
    if (this.#strikes >= MOST_STRIKES) this.#isPlain = true;
  }
}
