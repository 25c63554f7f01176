// A transport that keeps what would have been sent: for tests of programs that send mail.
import { collectBytes, latin1, latin1Bytes } from '../base/internal.ts';
import { MailMessage } from '../message/index.ts';
import type { AddressInput } from '../mime/index.ts';
import type { SendProgress } from '../smtp/index.ts';
import { aborted, clientClosed } from './failures.ts';
import { checkDelivery, outgoing } from './outgoing.ts';
import { readCall, type SendCall } from './send-call.ts';
import type { Sendable, SendOptions, SendReceipt, Transport } from './transport.ts';

/** A message that would have been sent. */
export interface KeptMessage {
  /** Who it was from and for; hidden recipients too. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The message as a server would have got it, without Bcc. */
  readonly raw: Uint8Array;
  /** What the caller of `send` was given. */
  readonly receipt: SendReceipt;
  /** The message read from `raw`. */
  readonly message: MailMessage;
}

/** Keeps messages instead of sending them; checks them and answers as a server with every extension would. */
export class MemoryTransport implements Transport {
  /** `'memory'`. */
  readonly name = 'memory';
  /** What was sent, oldest first. */
  readonly messages: KeptMessage[] = [];
  #isClosed = false;

  /** Keeps one message; fails as `SmtpClient.send` does for messages that can't be sent. */
  send(message: Sendable, options?: SendOptions): Promise<SendReceipt>;
  send(
    from: string,
    to: AddressInput,
    subject: string,
    text: string,
    options?: SendOptions,
  ): Promise<SendReceipt>;
  async send(...call: SendCall): Promise<SendReceipt> {
    const startedAt = new Date();
    const begin = performance.now();
    if (this.#isClosed) throw clientClosed();
    const { message: given, options } = readCall(call);
    checkDelivery(options);
    const { message, envelope } = outgoing(given, options);
    if (options.signal?.aborted) throw aborted(options.signal);
    const rendered = await message.render({ eightBit: true, utf8: true });
    const raw = onWire(await collectBytes(rendered.chunks()));
    const kept = { from: envelope.from, to: [...envelope.to] };
    tell(options.onProgress, { bytesSent: raw.length, bytesTotal: raw.length });
    const receipt: SendReceipt = {
      messageId: message.messageId,
      envelope: kept,
      accepted: [...envelope.to],
      rejected: [],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: ['Kept in memory'] },
      size: raw.length,
      startedAt,
      durationMs: performance.now() - begin,
      server: { host: 'memory', port: 0, security: 'none' },
    };
    this.messages.push(new Kept(kept, raw, receipt));
    return receipt;
  }

  /** Forgets every message. */
  clear(): void {
    this.messages.length = 0;
  }

  /** Ends it: calls that come later fail with `CLIENT_CLOSED`. `messages` stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** The same as {@link MemoryTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function tell(listener: SendOptions['onProgress'], progress: SendProgress): void {
  try {
    listener?.(progress);
  } catch {
    // A listener only watches; its fault must not become the message's.
  }
}

/** As a server gets it: every line ends in CRLF (RFC 5321 section 2.3.8). */
function onWire(bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes);
  const lines = text.replace(/\r\n?|\n/g, '\r\n');
  const whole = lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
  return whole === text ? bytes : latin1Bytes(whole);
}

class Kept implements KeptMessage {
  readonly envelope: SendReceipt['envelope'];
  readonly raw: Uint8Array;
  readonly receipt: SendReceipt;
  #message: MailMessage | undefined;

  constructor(envelope: SendReceipt['envelope'], raw: Uint8Array, receipt: SendReceipt) {
    this.envelope = envelope;
    this.raw = raw;
    this.receipt = receipt;
  }

  get message(): MailMessage {
    this.#message ??= MailMessage.parse(this.raw);
    return this.#message;
  }
}
