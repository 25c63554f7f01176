// What is asked of a connection beside messages: whether it works, and what the server offers.
import type { SmtpConnection } from '../../smtp/index.ts';
import type { SmtpJob } from './smtp-link.ts';

/** Work that wants a connection for itself. */
export class VisitJob<T> implements SmtpJob {
  readonly isVisit = true;
  readonly lane = 'visits';
  readonly #work: (connection: SmtpConnection, isReused: boolean) => Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    work: (connection: SmtpConnection, isReused: boolean) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#work = work;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  async begin(connection: SmtpConnection, isReused: boolean): Promise<void> {
    try {
      this.#resolve(await this.#work(connection, isReused));
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
