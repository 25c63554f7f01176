// One message on its way through the pool: given to a connection, perhaps to another, until it has an outcome.
import { PosthornError } from '../../base/index.ts';
import { emit } from '../../base/internal.ts';
import type {
  DeliveryOptions,
  DeliveryReport,
  SmtpConnection,
  SmtpEnvelope,
  WireContent,
} from '../../smtp/index.ts';
import type { ConnectionSettings, Parcel } from '../../smtp/internal.ts';
import { aborted } from '../failures.ts';
import { joinReceipts, leftOver, receiptOf, type Start, withFailure } from '../receipts.ts';
import type { SendReceipt } from '../transport.ts';
import type { Delivery } from '../wire-content.ts';
import type { Pool } from './pool.ts';
import type { SmtpJob } from './smtp-link.ts';

// A message that three connections gave back unread is not going to fare better on a fourth.
const MOST_RETURNS = 2;

/** What a job needs of the client it belongs to. */
export interface JobHome {
  readonly onEvent: ConnectionSettings['onEvent'];
  readonly pool: Pool<SmtpJob>;
}

/** What is to be delivered, how, for whom. */
export interface DeliveryTask {
  readonly delivery: Delivery;
  readonly options: DeliveryOptions;
  /** Callers take turns by it. */
  readonly lane: unknown;
  readonly start: Start;
  /** A connection begins it; said again for another. */
  begun(connectionId: number): void;
  /** The server has it, for some recipient at least. */
  sent(receipt: SendReceipt): void;
  /** It came to nothing, or nobody knows. */
  failed(error: unknown): void;
  /** No connection could be had for it. */
  unreached(error: unknown): void;
}

/** A message as pool and connection see it. */
export class DeliveryJob implements SmtpJob, Parcel {
  readonly isVisit = false;
  readonly #task: DeliveryTask;
  readonly #home: JobHome;
  #envelope: SmtpEnvelope;
  #content: WireContent | undefined;
  #connection: SmtpConnection | undefined;
  #returns = 0;
  // What other connections did for some of the recipients.
  #earlier: SendReceipt | undefined;
  #onAbort: (() => void) | undefined;

  constructor(task: DeliveryTask, home: JobHome) {
    this.#task = task;
    this.#home = home;
    this.#envelope = task.delivery.envelope;
  }

  get lane(): unknown {
    return this.#task.lane;
  }

  get envelope(): SmtpEnvelope {
    return this.#envelope;
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

  /** Waits for a connection. The signal of its options also ends the waiting. */
  submit(): void {
    const { pool } = this.#home;
    const { signal } = this.options;
    if (signal && !this.#onAbort) {
      // Once a connection has it, that one hears the signal itself.
      this.#onAbort = () => {
        if (pool.withdraw(this)) this.#fail(aborted(signal));
      };
      signal.addEventListener('abort', this.#onAbort);
    }
    pool.submit(this);
  }

  begin(connection: SmtpConnection): undefined {
    this.#connection = connection;
    this.#task.begun(connection.id);
    try {
      const { delivery } = this.#task;
      this.#content = connection.contentFor((capabilities) => delivery.content(capabilities));
    } catch (error) {
      this.#fail(error);
      return;
    }
    connection.post(this);
  }

  // A server that takes few messages over one connection (RFC 9422) may need another for the last recipients.
  delivered(report: DeliveryReport): void {
    const { delivery, start } = this.#task;
    if (!this.#connection) return;
    const own = receiptOf(delivery, report, this.#connection, start);
    const receipt = this.#earlier ? joinReceipts(this.#earlier, own) : own;
    const left = leftOver(receipt);
    const hasProgress = !this.#earlier || left.length < leftOver(this.#earlier).length;
    if (left.length === 0 || !hasProgress || !delivery.isRepeatable()) {
      this.#release();
      this.#task.sent(receipt);
      return;
    }
    this.#earlier = receipt;
    this.#envelope = { ...this.#envelope, to: left };
    this.#returns = 0;
    if (this.options.signal?.aborted) this.#fail(aborted(this.options.signal));
    else this.#home.pool.submit(this);
  }

  failed(error: unknown): void {
    this.#fail(error);
  }

  fail(error: unknown): void {
    if (this.#earlier) {
      this.#fail(error);
      return;
    }
    this.#release();
    this.#task.unreached(error);
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
    this.#home.pool.resubmit(this);
    return true;
  }

  // Once somebody has it, what goes wrong is the trouble of the others only.
  #fail(error: unknown): void {
    this.#release();
    if (this.#earlier && error instanceof PosthornError) {
      this.#task.sent(withFailure(this.#earlier, error));
    } else this.#task.failed(error);
  }

  #release(): void {
    if (this.#onAbort) this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = undefined;
  }
}
