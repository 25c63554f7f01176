// What is asked of a connection beside messages: whether it works, and what the server offers.
import { PosthornError } from '../../base/index.ts';
import type { SmtpConnection } from '../../smtp/index.ts';
import type { SmtpJob } from './smtp-link.ts';

function isGone(error: unknown): boolean {
  if (!(error instanceof PosthornError)) return false;
  return (
    error.code === 'CONNECTION_CLOSED' || error.code === 'TIMEOUT' || error.reply?.code === 421
  );
}

/** Work that wants a connection for itself. */
export class VisitJob<T> implements SmtpJob {
  readonly isVisit = true;
  readonly lane = 'visits';
  readonly #again: (job: VisitJob<T>) => void;
  readonly #work: (connection: SmtpConnection, isReused: boolean) => Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    work: (connection: SmtpConnection, isReused: boolean) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    again: (job: VisitJob<T>) => void,
  ) {
    this.#again = again;
    this.#work = work;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  async begin(connection: SmtpConnection, isReused: boolean): Promise<void> {
    try {
      this.#resolve(await this.#work(connection, isReused));
    } catch (error) {
      // A connection that was kept may have gone without a sign: a new one tells whether the server is there.
      if (isReused && isGone(error)) this.#again(this);
      else this.#reject(error);
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
