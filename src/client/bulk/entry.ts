// One of many messages, from the moment it was given to its outcome.
import { InvalidMessageError } from '../../base/index.ts';
import { MailMessage } from '../../message/index.ts';
import { kindOf } from '../../message/internal.ts';
import type { DeliveryOptions } from '../../smtp/index.ts';
import { checkDelivery } from '../outgoing.ts';
import type { DeliveryTask } from '../pool/delivery-job.ts';
import type { Start } from '../receipts.ts';
import type { Sendable, SendOptions, SendReceipt } from '../transport.ts';
import type { Delivery } from '../wire-content.ts';
import type { BulkItem, BulkMessage } from './types.ts';

/** Who is told of it. */
export interface EntryOwner {
  /** Callers take turns by it. */
  readonly lane: unknown;
  /** A connection has begun it, the first time. */
  begun(): void;
  sent(entry: BulkEntry, receipt: SendReceipt): void;
  failed(entry: BulkEntry, error: unknown): void;
  /** Nothing was said of it to any server. */
  unreached(entry: BulkEntry, error: unknown): void;
}

/** A message on its way, as the pool's job sees it. */
export class BulkEntry implements DeliveryTask {
  readonly index: number;
  readonly start: Start = { at: new Date(), clock: performance.now() };
  readonly #owner: EntryOwner;
  message: Sendable | undefined;
  connectionId = 0;
  hasBegun = false;
  #delivery: Delivery | undefined;
  #options: DeliveryOptions = {};

  constructor(index: number, owner: EntryOwner) {
    this.index = index;
    this.#owner = owner;
  }

  /** It is ready for a connection. */
  prepared(delivery: Delivery, options: DeliveryOptions): void {
    this.#delivery = delivery;
    this.#options = options;
  }

  get delivery(): Delivery {
    if (!this.#delivery) throw new TypeError('The message is made ready before it is submitted');
    return this.#delivery;
  }

  get options(): DeliveryOptions {
    return this.#options;
  }

  get lane(): unknown {
    return this.#owner.lane;
  }

  /** Its recipients, where they are known. */
  get recipients(): readonly string[] {
    return this.#delivery?.envelope.to ?? [];
  }

  begun(connectionId: number): void {
    this.connectionId = connectionId;
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.#owner.begun();
  }

  sent(receipt: SendReceipt): void {
    this.#owner.sent(this, receipt);
  }

  failed(error: unknown): void {
    this.#delivery?.abandon?.();
    this.#owner.failed(this, error);
  }

  unreached(error: unknown): void {
    this.#delivery?.abandon?.();
    this.#owner.unreached(this, error);
  }
}

/** The message and its own options, the call's where it has none. */
export function readGiven(
  given: BulkMessage,
  common: SendOptions,
): { readonly message: Sendable; readonly options: SendOptions } {
  if (typeof given !== 'object' || given === null) throw noMessage(given);
  if (given instanceof MailMessage || !isItem(given)) return { message: given, options: common };
  const { message, options } = given;
  if (typeof message !== 'object' || message === null) throw noMessage(message);
  if (options === undefined) return { message, options: common };
  checkDelivery(options);
  return { message, options: { ...common, ...options } };
}

// No field of a message is called so.
function isItem(given: BulkMessage): given is BulkItem {
  return 'message' in given;
}

function noMessage(given: unknown): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_FIELD_INVALID',
    `A message is a MailMessage or an object with its fields, not ${kindOf(given)}; nothing was sent`,
  );
}
