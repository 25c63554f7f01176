// A connection of the pool: how it is opened, how jobs are given to it, and how it ends.
import type { SmtpConnection } from '../../smtp/index.ts';
import { type ConnectionSettings, openConnection } from '../../smtp/internal.ts';
import type { PoolEvents, PoolJob, PoolLink } from './pool.ts';

/** Work for an SMTP connection. */
export interface SmtpJob extends PoolJob {
  /** Whether it wants the connection for itself: what is asked beside messages. */
  readonly isVisit: boolean;
  /** Begins it; its end is heard from the connection, or by the promise that it gives. */
  begin(connection: SmtpConnection, isReused: boolean): Promise<void> | undefined;
}

/** Opens a connection for the pool. */
export async function openLink(
  settings: ConnectionSettings,
  maxMessages: number,
  events: PoolEvents<SmtpJob>,
  signal: AbortSignal,
): Promise<SmtpLink> {
  return new SmtpLink(await openConnection(settings, signal), maxMessages, events);
}

/** One connection with what it has to do. */
export class SmtpLink implements PoolLink<SmtpJob> {
  readonly #connection: SmtpConnection;
  readonly #maxMessages: number;
  readonly #events: PoolEvents<SmtpJob>;
  readonly #visits: SmtpJob[] = [];
  #isVisited = false;
  #isReused = false;
  #begun = 0;

  constructor(connection: SmtpConnection, maxMessages: number, events: PoolEvents<SmtpJob>) {
    this.#connection = connection;
    this.#maxMessages = maxMessages;
    this.#events = events;
    connection.watch({
      room: () => this.#look(),
      gone: (isUnwelcome) => events.gone(this, isUnwelcome),
    });
  }

  get load(): number {
    return this.#connection.load + this.#visits.length + (this.#isVisited ? 1 : 0);
  }

  get hasRoom(): boolean {
    if (this.#isVisited || this.#visits.length > 0 || this.#begun >= this.#maxMessages)
      return false;
    return this.#connection.hasRoom;
  }

  take(job: SmtpJob): void {
    if (job.isVisit) {
      this.#visits.push(job);
      this.#look();
      return;
    }
    void job.begin(this.#connection, this.#isReused);
    this.#isReused = true;
    this.#begun += 1;
  }

  hold(isNeeded: boolean): void {
    if (isNeeded) this.#connection.ref();
    else this.#connection.unref();
  }

  async leave(): Promise<void> {
    this.#connection.ref();
    await this.#connection.quit();
  }

  #look(): void {
    this.#visit();
    this.#events.room(this);
  }

  #visit(): void {
    if (this.#isVisited || this.#connection.load > 0) return;
    const job = this.#visits.shift();
    if (!job) return;
    this.#isVisited = true;
    void Promise.resolve(job.begin(this.#connection, this.#isReused)).finally(() => {
      this.#isVisited = false;
      this.#isReused = true;
      this.#look();
    });
  }
}
