// The client: messages in, receipts out. Where the message meets the wire.
import { PosthornError } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type {
  ContentFor,
  DeliveryOptions,
  SmtpCapabilities,
  SmtpConnection,
  SmtpEnvelope,
} from '../smtp/index.ts';
import type { ConnectionSettings } from '../smtp/internal.ts';
import { KeptConnection } from './kept-connection.ts';
import { clientSettings, type SmtpClientOptions } from './options.ts';
import { checkDelivery, outgoing, rawEnvelope } from './outgoing.ts';
import { readCall, type SendCall } from './send-call.ts';
import type {
  DeliverOptions,
  Sendable,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from './transport.ts';
import { type RawContent, rawContent, wireContent } from './wire-content.ts';

/** Everything a delivery needs, found out before the server is asked. */
interface Delivery {
  readonly envelope: SmtpEnvelope;
  readonly content: ContentFor;
  readonly messageId: () => string;
}

/**
 * Sends messages to one server. Connects on first use and keeps the connection; messages go one after the other.
 * Close it after the last message: `await client.close()`, or `await using client = …`.
 */
export class SmtpClient implements Transport {
  /** `'smtp'`. */
  readonly name = 'smtp';
  readonly #settings: ConnectionSettings;
  readonly #connection: KeptConnection;

  /**
   * @param server Options, or a URL such as `'smtps://user:pass@smtp.example.com:465'` or
   * `'smtp://host:587?security=starttls'`.
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  constructor(server: string | SmtpClientOptions) {
    this.#settings = clientSettings(server);
    this.#connection = new KeptConnection(this.#settings);
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
      return {
        envelope,
        content: ({ eightBitMime, smtputf8 }) => {
          const rendered = prepared({ eightBit: eightBitMime, utf8: smtputf8 });
          messageId = whole.messageId;
          return wireContent(rendered);
        },
        messageId: () => messageId,
      };
    });
  }

  /**
   * Sends a whole message as it is: bare CR and LF become CRLF (RFC 5321 section 2.3.8), nothing else changes.
   * Fails as {@link SmtpClient.send} does.
   */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#deliver(options ?? {}, async () => ({
      envelope: rawEnvelope(options),
      ...rawContent(content),
    }));
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
    await this.#connection.close();
  }

  /** The same as {@link SmtpClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #use<T>(work: (connection: SmtpConnection, isReused: boolean) => Promise<T>): Promise<T> {
    this.#connection.check();
    return await this.#connection.use(
      Promise.resolve(),
      async (connection, _, isReused) => await work(connection, isReused),
      undefined,
    );
  }

  async #deliver(options: DeliverOptions, prepare: () => Promise<Delivery>): Promise<SendReceipt> {
    const startedAt = new Date();
    const begin = performance.now();
    const { onEvent } = this.#settings;
    let connectionId = 0;
    try {
      this.#connection.check();
      checkDelivery(options);
      return await this.#connection.use(
        prepare(),
        async (connection, { envelope, content, messageId }) => {
          connectionId = connection.id;
          const report = await connection.send(envelope, content, deliveryOptions(options));
          const receipt: SendReceipt = {
            messageId: messageId(),
            envelope: { from: envelope.from, to: [...envelope.to] },
            ...report,
            startedAt,
            durationMs: performance.now() - begin,
            server: connection.server,
          };
          const { accepted, size, durationMs } = receipt;
          const common = { at: new Date(), connectionId, messageId: receipt.messageId };
          emit(onEvent, { type: 'sent', ...common, accepted, size, durationMs });
          return receipt;
        },
        options.signal,
      );
    } catch (error) {
      if (error instanceof PosthornError) {
        emit(onEvent, { type: 'failed', at: new Date(), connectionId, error });
      }
      throw error;
    }
  }
}

function deliveryOptions({ signal, onProgress, partial }: DeliverOptions): DeliveryOptions {
  return {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(partial && { partial }),
  };
}
