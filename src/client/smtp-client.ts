// The client: messages in, receipts out.
import type { AddressInput } from '../mime/index.ts';
import type { SmtpCapabilities, SmtpConnection } from '../smtp/index.ts';
import { bulkSend } from './bulk/bulk-send.ts';
import { sendEach } from './bulk/send-each.ts';
import type {
  BulkMessages,
  BulkOptions,
  BulkOutcome,
  BulkReport,
  BulkSendOptions,
} from './bulk/types.ts';
import { type Deliverer, deliverThrough } from './deliverer.ts';
import { type ForwardContent, forwardDelivery } from './forward.ts';
import { prepareMessage } from './message-delivery.ts';
import { clientSettings, type SmtpClientOptions } from './options.ts';
import { rawEnvelope } from './outgoing.ts';
import type { Pool } from './pool/pool.ts';
import type { SmtpJob } from './pool/smtp-link.ts';
import { smtpPool } from './pool/smtp-pool.ts';
import { visitThrough } from './pool/visit-job.ts';
import { type RawContent, rawDelivery } from './raw-content.ts';
import { readCall, type SendCall } from './send-call.ts';
import type {
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from './transport.ts';

/**
 * Sends messages to one server, over as many connections as there is work for and `connections` allows. Connects on first
 * use; idle connections are closed in time.
 * Close it after the last message: `await client.close()`, or `await using client = …`.
 */
export class SmtpClient implements Transport {
  /** `'smtp'`. */
  readonly name = 'smtp';
  /** The host of the server, as it was given or as the provider of `service` has it. */
  readonly host: string;
  readonly #pool: Pool<SmtpJob>;
  readonly #deliverer: Deliverer;

  /**
   * @param server Options, or a URL such as `'smtps://user:pass@smtp.example.com:465'` or
   * `'smtp://host:587?security=starttls'`.
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  constructor(server: string | SmtpClientOptions) {
    const { connection, connections, defaults } = clientSettings(server);
    this.host = connection.host;
    this.#pool = smtpPool(connection, connections);
    this.#deliverer = deliverThrough(this.#pool, connection.onEvent, defaults);
  }

  /** `true`: see {@link Transport.callsBeforeFinal}. */
  get callsBeforeFinal(): true {
    return true;
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
    const deliverer = this.#deliverer;
    return await deliverer.deliver(options, () => prepareMessage(message, options, deliverer));
  }

  /**
   * Sends a whole message as it is: bare CR and LF become CRLF (RFC 5321 section 2.3.8), nothing else changes.
   * Fails as {@link SmtpClient.send} does.
   */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#deliverer.deliver(options ?? {}, async () => {
      const envelope = this.#deliverer.withReports(rawEnvelope(options), false);
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
    return await this.#deliverer.deliver(options, async () => {
      const delivery = await forwardDelivery(from, to, content, options);
      return { ...delivery, envelope: this.#deliverer.withReports(delivery.envelope, false) };
    });
  }

  /**
   * Sends many messages, from an array, a generator or any other iterable, in constant memory, and tells at the end what
   * became of them. A message that is wrong or refused stops no other; what does is in the report's `error`: no
   * connection could be had, the iterable threw, the signal. Closing the client waits for it.
   *
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   * @throws {@link ConnectionError} `CLIENT_CLOSED`. Nothing else is thrown.
   */
  async bulkSend(messages: BulkMessages, options: BulkSendOptions = {}): Promise<BulkReport> {
    return await bulkSend(messages, options, this.#deliverer);
  }

  /**
   * Sends many messages, as {@link SmtpClient.bulkSend} does, and gives the outcome of each as it happens, in the order in
   * which they happen. Who looks at them slowly slows the sending down. Leaving the loop early waits for the messages under
   * way; those that no connection has begun are not attempted. So are they when the client is closed meanwhile.
   *
   * @throws {@link OptionError} At once: an option is not known or has a value it can't have.
   * @throws {@link PosthornError} In the loop, after the last outcome: what ended it early.
   */
  sendEach(
    messages: BulkMessages,
    options: BulkOptions = {},
  ): AsyncGenerator<BulkOutcome, void, undefined> {
    return sendEach(messages, options, this.#deliverer);
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
    // Closing waits for the end of each call.
    this.#pool.enter();
    try {
      return await visitThrough(this.#pool, work);
    } finally {
      this.#pool.exit();
    }
  }
}
