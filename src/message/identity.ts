// What makes a message this one and no other: Message-ID, Date and boundaries, and the seed that fixes them for tests.
import { randomToken } from '../mime/internal.ts';
import { sha256 } from './sha256.ts';

/** The identifiers of one message. They are made at first need and stay, so that a message sent twice has the same bytes. */
export class Identity {
  readonly #seed: string | undefined;
  #boundaryToken: string | undefined;

  /** @param seed Fixes everything; `undefined` for random identifiers and the present time. */
  constructor(seed: string | undefined) {
    this.#seed = seed;
  }

  /** The instant for Date. */
  now(): Date {
    return this.#seed === undefined ? new Date() : new Date(Date.UTC(2020, 0, 1));
  }

  /** A new Message-ID (RFC 5322 section 3.6.4). */
  messageId(domain: string): string {
    const token = this.#seed === undefined ? randomToken() : hash(`message-id ${this.#seed}`);
    return `<${token}@${domain}>`;
  }

  /**
   * What makes the message's boundaries its own, the same each time it is written. A random token made just now
   * occurs in nothing. One of an earlier writing, or of a seed, may stand in what has been put in since, such as
   * the message itself as it was: then `isTaken`, and there is another.
   */
  boundaryToken(isTaken: (token: string) => boolean): string {
    if (this.#seed === undefined) {
      const earlier = this.#boundaryToken;
      if (earlier !== undefined && !isTaken(earlier)) return earlier;
      this.#boundaryToken = randomToken();
      return this.#boundaryToken;
    }
    for (let attempt = 0; ; attempt += 1) {
      const token = hash(`boundary ${attempt} ${this.#seed}`);
      if (!isTaken(token)) return token;
    }
  }
}

function hash(text: string): string {
  return sha256(text).toString('base64url').slice(0, 20);
}
