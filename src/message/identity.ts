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
   * The boundary of the multipart of this subtype. `=_` occurs in neither quoted-printable nor base64, and
   * a random token in nothing; a seed may repeat in an attached message, so `isTaken` is asked.
   */
  boundary(subtype: string, isTaken: (boundary: string) => boolean): string {
    // Short, so that Content-Type stays on one line.
    const start = `=_${subtype.slice(0, 3)}_`;
    if (this.#seed === undefined) {
      this.#boundaryToken ??= randomToken();
      return `${start}${this.#boundaryToken}`;
    }
    for (let attempt = 0; ; attempt += 1) {
      const boundary = `${start}${hash(`boundary ${attempt} ${this.#seed}`)}`;
      if (!isTaken(boundary)) return boundary;
    }
  }
}

function hash(text: string): string {
  return sha256(text).toString('base64url').slice(0, 20);
}
