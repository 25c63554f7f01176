// A transport that keeps what would have been sent: for tests of programs that send mail.
import { collectPassed, latin1, latin1Bytes } from '../base/internal.ts';
import { MailMessage } from '../message/index.ts';
import type { AddressInput } from '../mime/index.ts';
import type { DeliveryReport } from '../smtp/index.ts';
import { reportProgress } from '../smtp/internal.ts';
import type { ForwardContent } from './forward.ts';
import { type Hand, type LocalParcel, type LocalRoad, localRoad } from './local-road.ts';
import type { RawContent } from './raw-content.ts';
import type { SendCall } from './send-call.ts';
import type {
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from './transport.ts';

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

// Every extension that changes what may be sent.
const OFFERS = [
  'SIZE',
  '8BITMIME',
  'SMTPUTF8',
  'DSN',
  'REQUIRETLS',
  'DELIVERBY',
  'FUTURERELEASE 999999999',
  'MT-PRIORITY',
];
// Room for a small message of which the size is not known.
const START_BYTES = 65_536;

/** Keeps messages instead of sending them; checks them and answers as a server with every extension would. */
export class MemoryTransport implements Transport {
  /** `'memory'`. */
  readonly name = 'memory';
  /** `true`. */
  readonly callsBeforeFinal = true;
  /** What was sent, oldest first. */
  readonly messages: KeptMessage[] = [];
  #way: LocalRoad | undefined;

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
    return await this.#keep((hand) => this.#road.send(call, hand));
  }

  /** Keeps one message as it is; fails as `SmtpClient.sendRaw` does. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#keep((hand) => this.#road.sendRaw(content, options, hand));
  }

  /** Keeps one stored message, without Bcc; fails as `SmtpClient.forward` does. */
  async forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions = {},
  ): Promise<SendReceipt> {
    return await this.#keep((hand) => this.#road.forward(from, to, content, options, hand));
  }

  /** Forgets every message. */
  clear(): void {
    this.messages.length = 0;
  }

  /** Ends it: calls that come later fail with `CLIENT_CLOSED`. `messages` stays. */
  async close(): Promise<void> {
    await this.#road.close();
  }

  /** The same as {@link MemoryTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #road(): LocalRoad {
    this.#way ??= localRoad({ host: 'memory', offers: OFFERS });
    return this.#way;
  }

  async #keep(call: (hand: Hand) => Promise<SendReceipt>): Promise<SendReceipt> {
    let raw: Uint8Array = new Uint8Array(0);
    const receipt = await call(async ({ envelope, content, options }) => {
      raw = onWire(await collectPassed(passed(content), content.size ?? START_BYTES));
      const { onProgress, beforeFinal } = options;
      await beforeFinal?.({ recipients: envelope.to, accepted: [] });
      if (onProgress) reportProgress(onProgress, raw.length, raw.length);
      return taken(envelope.to, raw.length);
    });
    this.messages.push(new Kept(receipt.envelope, raw, receipt));
    return receipt;
  }
}

async function* passed(content: LocalParcel['content']): AsyncGenerator<Uint8Array> {
  yield* content.chunks();
}

function taken(to: readonly string[], size: number): DeliveryReport {
  return {
    accepted: [...to],
    rejected: [],
    unsettled: [],
    reply: { code: 250, enhanced: '2.0.0', lines: ['Kept in memory'] },
    size,
  };
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
