// One message on its way through the pool: given to a connection, perhaps to another, until it has an outcome.
import type { PosthornError } from '../../base/index.ts';
import { emit } from '../../base/internal.ts';
import type {
  DeliveryOptions,
  DeliveryReport,
  SmtpCapabilities,
  SmtpConnection,
  SmtpEnvelope,
  WireContent,
} from '../../smtp/index.ts';
import type { ConnectionSettings, Parcel } from '../../smtp/internal.ts';
import { aborted } from '../failures.ts';
import type { Pool } from './pool.ts';
import type { SmtpJob } from './smtp-link.ts';

// A message that three connections gave back unread is not going to fare better on a fourth.
const MOST_RETURNS = 2;

/** What a job needs of the client it belongs to. */
export interface JobHome {
  readonly onEvent: ConnectionSettings['onEvent'];
  /** Puts the job back before those that came later. */
  resubmit(job: SmtpJob): void;
}

/** Makes the content when it is known what the server offers. */
export type ContentMaker = (capabilities: SmtpCapabilities) => WireContent;

/** What is to be delivered, and how. */
export interface DeliveryTask {
  readonly envelope: SmtpEnvelope;
  readonly content: ContentMaker;
  readonly options: DeliveryOptions;
  readonly lane: unknown;
  /** A connection begins it; said again for another. */
  begun(connection: SmtpConnection): void;
}

/** What came of it, and where. */
export interface Delivered {
  readonly report: DeliveryReport;
  readonly connection: SmtpConnection;
}

/** Delivers over a connection of the pool. The signal also ends the waiting for one. */
export async function deliverThrough(
  pool: Pool<SmtpJob>,
  task: DeliveryTask,
  home: JobHome,
): Promise<Delivered> {
  const { signal } = task.options;
  if (!signal) {
    return await new Promise((resolve, reject) => {
      pool.submit(new DeliveryJob(task, home, resolve, reject));
    });
  }
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const job = new DeliveryJob(task, home, resolve, reject);
      // Once a connection has it, that one hears the signal itself.
      onAbort = () => {
        if (pool.withdraw(job)) reject(aborted(signal));
      };
      signal.addEventListener('abort', onAbort);
      pool.submit(job);
    });
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** A message as pool and connection see it. */
class DeliveryJob implements SmtpJob, Parcel {
  readonly isVisit = false;
  readonly #task: DeliveryTask;
  readonly #home: JobHome;
  readonly #resolve: (delivered: Delivered) => void;
  readonly #reject: (error: unknown) => void;
  #content: WireContent | undefined;
  #connection: SmtpConnection | undefined;
  #returns = 0;

  constructor(
    task: DeliveryTask,
    home: JobHome,
    resolve: (delivered: Delivered) => void,
    reject: (error: unknown) => void,
  ) {
    this.#task = task;
    this.#home = home;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get lane(): unknown {
    return this.#task.lane;
  }

  get envelope(): SmtpEnvelope {
    return this.#task.envelope;
  }

  get options(): DeliveryOptions {
    return this.#task.options;
  }

  /** Made by `begin`. */
  get content(): WireContent {
    if (!this.#content)
      throw new TypeError('A connection makes the content when it begins the job');
    return this.#content;
  }

  begin(connection: SmtpConnection): undefined {
    this.#connection = connection;
    this.#task.begun(connection);
    try {
      this.#content = this.#task.content(connection.capabilities);
    } catch (error) {
      this.#reject(error);
      return;
    }
    connection.post(this);
  }

  delivered(report: DeliveryReport): void {
    if (this.#connection) this.#resolve({ report, connection: this.#connection });
  }

  failed(error: unknown): void {
    this.#reject(error);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  returned(error: PosthornError): boolean {
    if (this.#returns >= MOST_RETURNS) return false;
    this.#returns += 1;
    emit(this.#home.onEvent, {
      type: 'retry',
      at: new Date(),
      connectionId: this.#connection?.id ?? 0,
      reason: `nothing was handed over, so another connection gets the message (${error.message})`,
    });
    this.#home.resubmit(this);
    return true;
  }
}
