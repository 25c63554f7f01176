// What a courier is given, and whom it tells.
import type { PosthornError } from '../../base/index.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from '../envelope.ts';

/** A message for one connection. */
export interface Parcel {
  readonly envelope: SmtpEnvelope;
  readonly content: WireContent;
  readonly options: DeliveryOptions;
  /** The server has it, for some recipient at least. */
  delivered(report: DeliveryReport): void;
  /** It came to nothing, or nobody knows. */
  failed(error: unknown): void;
  /**
   * The connection ended, or lost step, before anything of it was handed over: another may have it. `false` when the
   * sender has had enough of that, and wants `error` as the outcome.
   */
  returned(error: PosthornError): boolean;
}

/** What a courier tells of itself. */
export interface CourierEvents {
  /** It may have become able to take a parcel; it may be given one before this returns. */
  room(): void;
  /** The connection has ended. `isUnwelcome`: because the server wants fewer (421). */
  gone(isUnwelcome: boolean): void;
}
