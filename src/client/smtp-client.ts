// The client: messages in, receipts out. Where the message meets the wire.
import { PosthornError } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import { isRepeatable } from '../message/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type {
  DeliveryOptions,
  SmtpCapabilities,
  SmtpConnection,
  SmtpEnvelope,
} from '../smtp/index.ts';
import type { ConnectionSettings } from '../smtp/internal.ts';
import { aborted } from './failures.ts';
import { type ForwardContent, forwardDelivery } from './forward.ts';
import { clientSettings, type DeliveryDefaults, type SmtpClientOptions } from './options.ts';
import { checkDelivery, outgoing, rawEnvelope } from './outgoing.ts';
import { type DeliveryTask, deliverThrough, type JobHome } from './pool/delivery-job.ts';
import type { Pool } from './pool/pool.ts';
import type { SmtpJob } from './pool/smtp-link.ts';
import { smtpPool } from './pool/smtp-pool.ts';
import { visitThrough } from './pool/visit-job.ts';
import { type RawContent, rawDelivery } from './raw-content.ts';
import { joinReceipts, leftOver, receiptOf, type Start, withFailure } from './receipts.ts';
import { readCall, type SendCall } from './send-call.ts';
import type {
  DeliverOptions,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from './transport.ts';
import { type Delivery, wireContent } from './wire-content.ts';

/** What belongs to one call. */
interface Call {
  readonly start: Start;
  readonly options: DeliverOptions;
  /** Callers take turns by it. */
  readonly lane: unknown;
  /** The connection that was last in use for it. */
  connectionId: number;
}

// Calls of `send` share a lane; a bulk of messages has its own.
const SINGLE = 'single';
const EVERY_EVENT = ['success', 'failure', 'delay'] as const;

/**
 * Sends messages to one server, over as many connections as there is work for and `connections` allows. Connects on first
 * use; idle connections are closed in time.
 * Close it after the last message: `await client.close()`, or `await using client = …`.
 */
export class SmtpClient implements Transport {
  /** `'smtp'`. */
  readonly name = 'smtp';
  readonly #settings: ConnectionSettings;
  readonly #defaults: DeliveryDefaults;
  readonly #pool: Pool<SmtpJob>;
  readonly #home: JobHome;

  /**
   * @param server Options, or a URL such as `'smtps://user:pass@smtp.example.com:465'` or
   * `'smtp://host:587?security=starttls'`.
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  constructor(server: string | SmtpClientOptions) {
    const { connection, connections, defaults } = clientSettings(server);
    this.#settings = connection;
    this.#defaults = defaults;
    this.#pool = smtpPool(connection, connections);
    this.#home = {
      onEvent: connection.onEvent,
      resubmit: (job) => this.#pool.resubmit(job),
    };
  }

  /**
   * Sends one message: a `MailMessage`, the fields of one, or sender, recipients, subject and text.
   *
   * @throws {@link InvalidMessageError} Before anything is sent: no sender, no recipient, a file that can't be read,
   * a message over the server's SIZE. `MESSAGE_CONTENT_FAILED`: a stream failed midway; nothing is delivered.
   * @throws {@link RecipientsError} No recipient was accepted (RFC 5321 section 3.3).
   * @throws {@link PosthornError} Anything else; `retryable` and `delivered` say what may be done.
   */
  send(message: Sendable, options?: SendOptions): Promise<SendReceipt>;
  send(
    from: string,
    to: AddressInput,
    subject: string,
    text: string,
    options?: SendOptions,
  ): Promise<SendReceipt>;
  async send(...call: SendCall): Promise<SendReceipt> {
    const { message, options } = readCall(call);
    return await this.#deliver(options, async () => {
      const { message: whole, envelope } = outgoing(message, options);
      const prepared = await whole.prepare();
      // Read before the message is handed over: nothing may fail afterwards.
      let messageId = '';
      const isAgain = (): boolean => isRepeatable(whole);
      return {
        envelope: this.#withReports(envelope, whole.deliveryReceipt),
        content: ({ eightBitMime, smtputf8 }) => {
          const rendered = prepared({ eightBit: eightBitMime, utf8: smtputf8 });
          messageId = whole.messageId;
          return wireContent(rendered, isAgain);
        },
        messageId: () => messageId,
        isRepeatable: isAgain,
      };
    });
  }

  /**
   * Sends a whole message as it is: bare CR and LF become CRLF (RFC 5321 section 2.3.8), nothing else changes.
   * Fails as {@link SmtpClient.send} does.
   */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#deliver(options ?? {}, async () => {
      const envelope = this.#withReports(rawEnvelope(options), false);
      return await rawDelivery(content, envelope);
    });
  }

  /**
   * Sends a stored message on: the bytes as they are, without Bcc; with `resent`, a Resent-* block before them. Files
   * and streams pass in constant memory. Fails as {@link SmtpClient.send} does.
   *
   * @param content A message, or the path (a string), `file:` URL, bytes or stream of one.
   */
  async forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions = {},
  ): Promise<SendReceipt> {
    return await this.#deliver(options, async () => {
      const delivery = await forwardDelivery(from, to, content, options);
      return { ...delivery, envelope: this.#withReports(delivery.envelope, false) };
    });
  }

  /**
   * Connects and logs in, and sends nothing. `ConnectionError`, `TlsError`, `TimeoutError` and `DiscoveryError` mean
   * that the server can't be reached, `AuthenticationError` that it refuses the login.
   */
  async verify(): Promise<void> {
    await this.#use(async (connection, isReused) => {
      // A connection that was kept may be gone without a sign: the server has to answer.
      if (isReused) await connection.rset();
    });
  }

  /** What the server offers (RFC 5321 section 2.2.1); connects when there is no connection. Fails as {@link SmtpClient.verify} does. */
  async capabilities(): Promise<SmtpCapabilities> {
    return await this.#use(async ({ capabilities }) => capabilities);
  }

  /** Waits for the messages under way, says goodbye and closes. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** The same as {@link SmtpClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #use<T>(work: (connection: SmtpConnection, isReused: boolean) => Promise<T>): Promise<T> {
    return await this.#entered(async () => await visitThrough(this.#pool, work));
  }

  // Closing waits for the end of each call.
  async #entered<T>(call: () => Promise<T>): Promise<T> {
    this.#pool.enter();
    try {
      return await call();
    } finally {
      this.#pool.exit();
    }
  }

  async #deliver(options: DeliverOptions, prepare: () => Promise<Delivery>): Promise<SendReceipt> {
    const start: Start = { at: new Date(), clock: performance.now() };
    const call: Call = { start, options, lane: SINGLE, connectionId: 0 };
    const { onEvent } = this.#settings;
    let delivery: Promise<Delivery> | undefined;
    try {
      const receipt = await this.#entered(async () => {
        checkDelivery(options);
        delivery = prepare();
        return await this.#deliverAll(delivery, call);
      });
      const { messageId, accepted, size, durationMs } = receipt;
      const common = { at: new Date(), connectionId: call.connectionId };
      emit(onEvent, { type: 'sent', ...common, messageId, accepted, size, durationMs });
      return receipt;
    } catch (error) {
      delivery?.then(({ abandon }) => abandon?.()).catch(() => undefined);
      if (error instanceof PosthornError) {
        emit(onEvent, {
          type: 'failed',
          at: new Date(),
          connectionId: call.connectionId,
          error,
        });
      }
      throw error;
    }
  }

  // A server that takes few messages over one connection (RFC 9422) may need another for the last recipients.
  async #deliverAll(prepared: Promise<Delivery>, call: Call): Promise<SendReceipt> {
    let receipt = await this.#deliverOnce(prepared, call);
    for (let left = leftOver(receipt); left.length > 0; ) {
      const delivery = await prepared;
      if (!delivery.isRepeatable()) break;
      const rest = { ...delivery, envelope: { ...delivery.envelope, to: left } };
      try {
        receipt = joinReceipts(receipt, await this.#deliverOnce(Promise.resolve(rest), call));
      } catch (error) {
        if (!(error instanceof PosthornError)) throw error;
        return withFailure(receipt, error);
      }
      const before = left.length;
      left = leftOver(receipt);
      if (left.length === before) break;
    }
    return receipt;
  }

  async #deliverOnce(prepared: Promise<Delivery>, call: Call): Promise<SendReceipt> {
    const delivery = await prepared;
    const { signal } = call.options;
    if (signal?.aborted) throw aborted(signal);
    const { envelope, content } = delivery;
    const options = this.#deliveryOptions(call.options);
    const { lane } = call;
    const begun = ({ id }: SmtpConnection): void => {
      call.connectionId = id;
    };
    const task: DeliveryTask = { envelope, content, options, lane, begun };
    const { report, connection } = await deliverThrough(this.#pool, task, this.#home);
    return receiptOf(delivery, report, connection, call.start);
  }

  #deliveryOptions(options: DeliverOptions): DeliveryOptions {
    const { signal, onProgress, partial, deliverBySeconds, holdForSeconds } = options;
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
    };
  }

  // What the call asks for is needed; what the client or the message asks for, where the server offers it.
  #withReports(envelope: SmtpEnvelope, wantsReceipt: boolean): SmtpEnvelope {
    const wishes =
      envelope.dsn ?? (this.#defaults.dsn && { ...this.#defaults.dsn, ifOffered: true });
    if (!wantsReceipt || wishes?.notify !== undefined) {
      return wishes ? { ...envelope, dsn: wishes } : envelope;
    }
    return { ...envelope, dsn: { ifOffered: true, ...wishes, notify: EVERY_EVENT } };
  }
}
