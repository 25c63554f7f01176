// Roads without a dialogue (memory, a directory, a program): what is checked, in which order, and what callers are given
// is the same as over a connection; only the last step is their own.
import type { EventListener } from '../base/index.ts';
import type { AddressInput } from '../mime/index.ts';
import type {
  DeliveryOptions,
  DeliveryReport,
  SmtpCapabilities,
  SmtpEnvelope,
  WireContent,
} from '../smtp/index.ts';
import { planOf, readCapabilities } from '../smtp/internal.ts';
import { withReports } from './dsn-options.ts';
import { aborted, clientClosed } from './failures.ts';
import { type ForwardContent, forwardDelivery } from './forward.ts';
import { prepareMessage } from './message-delivery.ts';
import { tellFailed, tellSent } from './outcome-events.ts';
import { checkDelivery, rawEnvelope } from './outgoing.ts';
import { type RawContent, rawDelivery } from './raw-content.ts';
import { readCall, type SendCall } from './send-call.ts';
import type {
  DeliverOptions,
  SendForwardOptions,
  SendRawOptions,
  SendReceipt,
} from './transport.ts';
import type { Delivery } from './wire-content.ts';

/** A message that is ready, for the last step. */
export interface LocalParcel {
  readonly envelope: SmtpEnvelope;
  readonly content: WireContent;
  readonly options: DeliverOptions;
}

/** The last step of a road: hands a message over. */
export type Hand = (parcel: LocalParcel) => Promise<DeliveryReport>;

/** What a road is. */
export interface LocalRoadPlan {
  /** What receipts and errors name as the server. */
  readonly host: string;
  /** What can be asked of it, as a server would list it in its reply to EHLO. */
  readonly offers: readonly string[];
  /** Receives events. Default: nobody. */
  readonly onEvent?: EventListener | undefined;
}

/** Delivers messages by a step of its own, with the checks, events and receipts of a client. */
export class LocalRoad {
  readonly #plan: LocalRoadPlan;
  readonly #capabilities: SmtpCapabilities;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(plan: LocalRoadPlan) {
    this.#plan = plan;
    this.#capabilities = readCapabilities([plan.host, ...plan.offers]);
  }

  /** As `SmtpClient.send`. */
  send(call: SendCall, hand: Hand): Promise<SendReceipt> {
    return this.#enter(() => {
      const { message, options } = readCall(call);
      return this.#deliver(
        options,
        () => prepareMessage(message, options, { withReports, tnef: false }),
        hand,
      );
    });
  }

  /** As `SmtpClient.sendRaw`. */
  sendRaw(content: RawContent, options: SendRawOptions, hand: Hand): Promise<SendReceipt> {
    return this.#enter(() =>
      this.#deliver(options ?? {}, () => rawDelivery(content, rawEnvelope(options)), hand),
    );
  }

  /** As `SmtpClient.forward`. */
  forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions,
    hand: Hand,
  ): Promise<SendReceipt> {
    return this.#enter(() =>
      this.#deliver(options, () => forwardDelivery(from, to, content, options), hand),
    );
  }

  /** Waits for the messages under way; calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #enter(call: () => Promise<SendReceipt>): Promise<SendReceipt> {
    if (this.#isClosed) throw clientClosed();
    const work = call();
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async #deliver(
    options: DeliverOptions,
    prepare: () => Delivery | Promise<Delivery>,
    hand: Hand,
  ): Promise<SendReceipt> {
    const startedAt = new Date();
    const begin = performance.now();
    const { onEvent, host } = this.#plan;
    let delivery: Delivery | undefined;
    try {
      checkDelivery(options);
      delivery = await prepare();
      if (options.signal?.aborted) throw aborted(options.signal);
      const report = await hand(this.#parcel(delivery, options));
      const { from, to } = delivery.envelope;
      const receipt: SendReceipt = {
        messageId: delivery.messageId(),
        envelope: { from, to: [...to] },
        ...report,
        startedAt,
        durationMs: performance.now() - begin,
        server: { host, port: 0, security: 'none' },
      };
      tellSent(onEvent, receipt, 0);
      return receipt;
    } catch (error) {
      delivery?.abandon?.();
      tellFailed(onEvent, error, 0);
      throw error;
    }
  }

  #parcel(delivery: Delivery, options: DeliverOptions): LocalParcel {
    const { host } = this.#plan;
    const { envelope } = delivery;
    const content = delivery.content(this.#capabilities);
    // What a server would be asked for is checked as for a server; nothing leaves the machine on the way.
    const link = { capabilities: this.#capabilities, isVerified: true };
    const context = { stage: 'mail', host } as const;
    planOf(envelope, content, wishesOf(options), link, () => context);
    return { envelope, content, options };
  }
}

function wishesOf(options: DeliverOptions): DeliveryOptions {
  const { requireTls, deliverBySeconds, holdForSeconds, mtPriority } = options;
  return {
    ...(requireTls !== undefined && { requireTls }),
    ...(deliverBySeconds !== undefined && { deliverBySeconds }),
    ...(holdForSeconds !== undefined && { holdForSeconds }),
    ...(mtPriority !== undefined && { mtPriority }),
  };
}

/** A road that is made when it is first gone: until then nothing of this file is loaded. */
export function localRoad(plan: LocalRoadPlan): LocalRoad {
  return new LocalRoad(plan);
}
