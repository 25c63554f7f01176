// Straight into mailboxes: LMTP (RFC 2033), which answers for each recipient.
import { OptionError } from '../base/index.ts';
import {
  type BulkMessages,
  type BulkOptions,
  type BulkOutcome,
  type BulkReport,
  type BulkSendOptions,
  type ForwardContent,
  type RawContent,
  type Sendable,
  type SendForwardOptions,
  type SendOptions,
  type SendRawOptions,
  type SendReceipt,
  SmtpClient,
  type SmtpClientOptions,
  type Transport,
} from '../client/index.ts';
import { readCall, type SendCall } from '../client/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type { SmtpCapabilities } from '../smtp/index.ts';
import { parseSmtpUrl } from '../smtp/index.ts';

/** How to reach an LMTP server: what `SmtpClient` takes, but for `protocol` and `service`. */
export type LmtpTransportOptions = Omit<SmtpClientOptions, 'protocol' | 'service'>;

/**
 * Delivers to an LMTP server such as Dovecot or Cyrus. It answers for each recipient after the content: those in
 * `accepted` have the message in their mailbox, `rejected` and `unsettled` tell of the others.
 */
export class LmtpTransport implements Transport {
  /** `'lmtp'`. */
  readonly name = 'lmtp';
  /** It does: see {@link Transport.callsBeforeFinal}. */
  readonly callsBeforeFinal = true;
  readonly #client: SmtpClient;

  /**
   * @param server Options, the path of a Unix socket, or a URL: `'/run/dovecot/lmtp'`, `'lmtp://localhost:24'`. The
   * default port is 24.
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  constructor(server: string | LmtpTransportOptions) {
    this.#client = new SmtpClient({ ...optionsOf(server), protocol: 'lmtp' });
  }

  /** Delivers one message; throws as `SmtpClient.send` does. */
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
    return await this.#client.send(message, options);
  }

  /** As `SmtpClient.sendRaw`. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#client.sendRaw(content, options);
  }

  /** As `SmtpClient.forward`. */
  async forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions = {},
  ): Promise<SendReceipt> {
    return await this.#client.forward(from, to, content, options);
  }

  /** As `SmtpClient.bulkSend`. */
  async bulkSend(messages: BulkMessages, options: BulkSendOptions = {}): Promise<BulkReport> {
    return await this.#client.bulkSend(messages, options);
  }

  /** As `SmtpClient.sendEach`. */
  sendEach(
    messages: BulkMessages,
    options: BulkOptions = {},
  ): AsyncGenerator<BulkOutcome, void, undefined> {
    return this.#client.sendEach(messages, options);
  }

  /** Connects and logs in, and delivers nothing. */
  async verify(): Promise<void> {
    await this.#client.verify();
  }

  /** What the server offers. */
  async capabilities(): Promise<SmtpCapabilities> {
    return await this.#client.capabilities();
  }

  /** Waits for the messages under way, says goodbye and closes. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  /** The same as {@link LmtpTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function optionsOf(server: string | LmtpTransportOptions): SmtpClientOptions {
  if (typeof server === 'string') {
    if (server.startsWith('/')) return { socketPath: server };
    const match = /^lmtp:(\/\/.*)$/is.exec(server);
    if (match) return parseSmtpUrl(`smtp:${match[1]}`);
    throw new OptionError(
      'server',
      "An LMTP server is given as options, a path '/run/dovecot/lmtp' or a URL 'lmtp://localhost:24'",
    );
  }
  if (typeof server === 'object' && server !== null && 'protocol' in server) {
    throw new OptionError('protocol', "There is no option 'protocol' here: it is LMTP");
  }
  return server;
}
