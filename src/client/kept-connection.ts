// One connection, kept between calls and used by one at a time; made anew when it has gone.
import { PosthornError } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { SmtpConnection } from '../smtp/index.ts';
import { type ConnectionSettings, openConnection } from '../smtp/internal.ts';
import { aborted, clientClosed } from './failures.ts';

/** What is done with the connection; `isReused` says whether others used it before. */
type Work<T> = (connection: SmtpConnection, isReused: boolean) => Promise<T>;

/** Calls wait their turn; between calls the connection stays open for the idle time. */
export class KeptConnection {
  readonly #settings: ConnectionSettings;
  #connection: SmtpConnection | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;
  #goodbye: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /**
   * Does `work` with what `preparation` gives, when its turn has come: that of the call, however long the
   * preparation takes. Nothing is asked of the server when it fails. `signal` also ends the waiting.
   */
  async use<P, T>(
    preparation: Promise<P>,
    work: (connection: SmtpConnection, prepared: P, isReused: boolean) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    this.#waiting += 1;
    let hasBegun = false;
    const result = this.#queue.then(async () => {
      const prepared = await preparation;
      hasBegun = true;
      if (signal?.aborted) throw aborted(signal);
      return await this.#run(
        async (link, isReused) => await work(link, prepared, isReused),
        signal,
      );
    });
    // The next in line waits for the end, whatever it is.
    this.#queue = result.then(
      () => this.#rest(),
      () => this.#rest(),
    );
    // What is wrong with the message is said at once, not when its turn comes.
    const both = Promise.all([result, preparation]).then(([value]) => value);
    return signal ? await unlessAborted(both, signal, () => !hasBegun) : await both;
  }

  /** Throws when the connection takes no more work. */
  check(): void {
    if (this.#isClosed) throw clientClosed();
  }

  /** Takes no more work, waits for what is under way, and says goodbye; once, however often it is called. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#goodbye ??= this.#leave();
    await this.#goodbye;
  }

  async #leave(): Promise<void> {
    await this.#queue;
    clearTimeout(this.#idle);
    this.#connection?.ref();
    await this.#connection?.quit();
    this.#connection = undefined;
  }

  async #run<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    clearTimeout(this.#idle);
    const kept = this.#connection;
    // The message before may have been refused: the server forgets it first.
    await kept?.settled();
    if (kept?.isUsable) {
      kept.ref();
      try {
        return await work(kept, true);
      } catch (error) {
        if (!hasGone(error)) throw error;
        const reason = 'the kept connection had gone; nothing was handed over';
        emit(this.#settings.onEvent, {
          type: 'retry',
          at: new Date(),
          connectionId: kept.id,
          reason,
        });
      }
    }
    // One that takes no more messages is told goodbye; nobody waits for that.
    void kept?.quit();
    this.#connection = undefined;
    this.#connection = await openConnection(this.#settings, signal);
    return await work(this.#connection, false);
  }

  #rest(): void {
    this.#waiting -= 1;
    const idleMs = this.#settings.timeoutsMs.idle;
    // A call that failed before its turn leaves the timer of the one before it: two would end a later message.
    clearTimeout(this.#idle);
    if (this.#waiting > 0 || !this.#connection?.isUsable) return;
    // A program that forgets to close ends all the same.
    this.#connection.unref();
    if (idleMs === Infinity) return;
    this.#idle = setTimeout(() => {
      const connection = this.#connection;
      this.#connection = undefined;
      void connection?.quit();
    }, idleMs);
    this.#idle.unref();
  }
}

// RFC 5321 section 3.8: a server may close an idle connection, with 421 or without. The first command of a
// message is where it shows, and there nothing has been handed over.
function hasGone(error: unknown): boolean {
  if (!(error instanceof PosthornError) || error.delivered !== 'no') return false;
  const isFirst = error.stage === 'mail' || error.stage === 'rset';
  return isFirst && (error.code === 'CONNECTION_CLOSED' || error.reply?.code === 421);
}

async function unlessAborted<T>(
  result: Promise<T>,
  signal: AbortSignal,
  isWaiting: () => boolean,
): Promise<T> {
  let onAbort: (() => void) | undefined;
  const abortion = new Promise<never>((_, reject) => {
    // Once the work has begun, it ends itself.
    onAbort = () => {
      if (isWaiting()) reject(aborted(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([result, abortion]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
