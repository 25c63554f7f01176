// A server that lets go of every connection is not given a million messages to lose.
import { PosthornError } from '../../base/index.ts';

// Beside one for each connection: all of them end at once when a server is started anew.
const SPARE = 10;

/** Counts connections that ended under a message, one after the other, without a message that was answered. */
export class Strikes {
  readonly #most: number;
  #count = 0;
  #lastId = 0;

  constructor(connections: number) {
    this.#most = connections + SPARE;
  }

  /** A message was answered. */
  clear(): void {
    this.#count = 0;
  }

  /** A message failed; whether that is enough. */
  isOut(error: unknown, connectionId: number): boolean {
    if (!isLost(error)) {
      this.#count = 0;
      return false;
    }
    // Many may have been on their way over one connection.
    if (connectionId !== this.#lastId) this.#count += 1;
    this.#lastId = connectionId;
    return this.#count >= this.#most;
  }
}

function isLost(error: unknown): boolean {
  if (!(error instanceof PosthornError)) return false;
  const { code, reply } = error;
  if (reply?.code === 421) return true;
  return code === 'CONNECTION_CLOSED' || code === 'TIMEOUT' || code === 'PROTOCOL_VIOLATION';
}
