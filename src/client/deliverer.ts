// From a message that is ready to its receipt, over the connections of a client.
import type { EventListener } from '../base/index.ts';
import type { DeliveryOptions, SmtpEnvelope } from '../smtp/index.ts';
import { withReports } from './dsn-options.ts';
import { aborted } from './failures.ts';
import type { DeliveryDefaults } from './options.ts';
import { tellFailed, tellSent } from './outcome-events.ts';
import { checkDelivery } from './outgoing.ts';
import { DeliveryJob, type DeliveryTask, type JobHome } from './pool/delivery-job.ts';
import type { Pool } from './pool/pool.ts';
import type { SmtpJob } from './pool/smtp-link.ts';
import type { Start } from './receipts.ts';
import type { DeliverOptions, SendReceipt } from './transport.ts';
import type { Delivery } from './wire-content.ts';

// Calls for one message share a lane; a bulk of messages has its own.
const SINGLE = 'single';

/** Delivers over the pool, with what a client says about each message. */
export function deliverThrough(
  pool: Pool<SmtpJob>,
  onEvent: EventListener | undefined,
  defaults: DeliveryDefaults,
): Deliverer {
  return new Deliverer(pool, onEvent, defaults);
}

/** Delivers messages with what a client says about each. */
class Deliverer {
  readonly pool: Pool<SmtpJob>;
  readonly home: JobHome;
  /** Whether messages go as TNEF that say nothing of it. */
  readonly tnef: boolean;
  readonly #defaults: DeliveryDefaults;

  constructor(pool: Pool<SmtpJob>, onEvent: EventListener | undefined, defaults: DeliveryDefaults) {
    this.pool = pool;
    this.home = { pool, onEvent };
    this.tnef = defaults.tnef ?? false;
    this.#defaults = defaults;
  }

  /** Delivers what `prepare` gives. Closing the client waits for it. */
  async deliver(
    options: DeliverOptions,
    prepare: () => Delivery | Promise<Delivery>,
  ): Promise<SendReceipt> {
    const start: Start = { at: new Date(), clock: performance.now() };
    const { onEvent } = this.home;
    const call = { connectionId: 0 };
    let delivery: Delivery | undefined;
    try {
      this.pool.enter();
      try {
        checkDelivery(options);
        const prepared = prepare();
        // What is ready need not be waited for.
        delivery = prepared instanceof Promise ? await prepared : prepared;
        const receipt = await this.#deliverReady(delivery, options, start, call);
        tellSent(onEvent, receipt, call.connectionId);
        return receipt;
      } finally {
        this.pool.exit();
      }
    } catch (error) {
      delivery?.abandon?.();
      tellFailed(onEvent, error, call.connectionId);
      throw error;
    }
  }

  async #deliverReady(
    delivery: Delivery,
    options: DeliverOptions,
    start: Start,
    call: { connectionId: number },
  ): Promise<SendReceipt> {
    if (options.signal?.aborted) throw aborted(options.signal);
    return await new Promise<SendReceipt>((resolve, reject) => {
      const task: DeliveryTask = {
        delivery,
        options: this.optionsFor(options),
        lane: SINGLE,
        start,
        begun: (connectionId) => {
          call.connectionId = connectionId;
        },
        sent: resolve,
        failed: reject,
        unreached: reject,
      };
      new DeliveryJob(task, this.home).submit();
    });
  }

  /** The options of a call, with the client's where it has none. */
  optionsFor(options: DeliverOptions): DeliveryOptions {
    const { signal, onProgress, partial, deliverBySeconds, holdForSeconds, beforeFinal } = options;
    const requireTls = options.requireTls ?? this.#defaults.requireTls;
    const mtPriority = options.mtPriority ?? this.#defaults.mtPriority;
    return {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(partial && { partial }),
      ...(requireTls && { requireTls }),
      ...(deliverBySeconds !== undefined && { deliverBySeconds }),
      ...(holdForSeconds !== undefined && { holdForSeconds }),
      ...(mtPriority !== undefined && { mtPriority }),
      ...(beforeFinal && { beforeFinal }),
    };
  }

  /** What the call asks for is needed; what the client or the message asks for, where the server offers it. */
  withReports(envelope: SmtpEnvelope, wantsReceipt: boolean): SmtpEnvelope {
    return withReports(envelope, wantsReceipt, this.#defaults.dsn);
  }
}

export type { Deliverer };
