// What makes a message this one and no other: Message-ID, Date and boundaries, and the seed that fixes them for tests.
import { Buffer } from 'node:buffer';
import { createHash, randomFillSync } from 'node:crypto';

const TOKEN_BYTES = 15;
const pool: Buffer = Buffer.allocUnsafeSlow(TOKEN_BYTES * 256);
let used: number = pool.length;

/** 120 random bits as 20 characters of A–Z, a–z, 0–9, `-` and `_`. */
function randomToken(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += TOKEN_BYTES;
  return pool.toString('base64url', used - TOKEN_BYTES, used);
}

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
    if (this.#seed === undefined) {
      this.#boundaryToken ??= randomToken();
      return `=_${subtype}_${this.#boundaryToken}`;
    }
    for (let attempt = 0; ; attempt += 1) {
      const boundary = `=_${subtype}_${hash(`boundary ${attempt} ${this.#seed}`)}`;
      if (!isTaken(boundary)) return boundary;
    }
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}
