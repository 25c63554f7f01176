// What is asked of a connection beside messages: whether it works, and what the server offers.
import { PosthornError } from '../../base/index.ts';
import type { SmtpConnection } from '../../smtp/index.ts';
import type { Pool } from './pool.ts';
import type { SmtpJob } from './smtp-link.ts';

function isGone(error: unknown): boolean {
  if (!(error instanceof PosthornError)) return false;
  return (
    error.code === 'CONNECTION_CLOSED' || error.code === 'TIMEOUT' || error.reply?.code === 421
  );
}

/** What is done with a connection; `isReused`: others used it before. */
export type Visit<T> = (connection: SmtpConnection, isReused: boolean) => Promise<T>;

/** Does `work` with a connection that nobody else uses meanwhile. */
export async function visitThrough<T>(pool: Pool<SmtpJob>, work: Visit<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const again = (job: SmtpJob): void => pool.resubmit(job);
    pool.submit(new VisitJob(work, resolve, reject, again));
  });
}

/** Work that wants a connection for itself. */
class VisitJob<T> implements SmtpJob {
  readonly isVisit = true;
  readonly lane = 'visits';
  readonly #again: (job: SmtpJob) => void;
  readonly #work: Visit<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    work: Visit<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    again: (job: SmtpJob) => void,
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
