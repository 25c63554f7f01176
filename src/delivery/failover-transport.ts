// The first road that works: others are for when it does not.
import type {
  RawContent,
  Sendable,
  SendOptions,
  SendRawOptions,
  Transport,
} from '../client/index.ts';
import { readCall, type SendCall } from '../client/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import { type RoadReceipt, Roads, type RoadsOptions } from './roads.ts';

/**
 * Sends over the first road; over the next when that one is out of order or refuses for now, and nobody has the message.
 * What may be delivered (`delivered: 'unknown'`) never goes to another road by itself. A road that keeps failing is left
 * alone for a while.
 */
export class FailoverTransport implements Transport {
  /** `'failover'`. */
  readonly name = 'failover';
  readonly #roads: Roads;

  /**
   * @param transports The roads, best first. They are closed with this transport.
   * @throws {@link OptionError} There is no transport, or an option has a value it can't have.
   */
  constructor(transports: readonly Transport[], options: RoadsOptions = {}) {
    this.#roads = new Roads(transports, options);
  }

  /** Whether every road calls `beforeFinal`; see {@link Transport.callsBeforeFinal}. */
  get callsBeforeFinal(): boolean {
    return this.#roads.callsBeforeFinal;
  }

  /** Sends one message; the receipt tells by which road. Throws what the last road that was tried throws. */
  send(message: Sendable, options?: SendOptions): Promise<RoadReceipt>;
  send(
    from: string,
    to: AddressInput,
    subject: string,
    text: string,
    options?: SendOptions,
  ): Promise<RoadReceipt>;
  async send(...call: SendCall): Promise<RoadReceipt> {
    const { message, options } = readCall(call);
    return await this.#roads.send(0, message, options);
  }

  /** Sends a whole message as it is, over roads that can. A stream goes to another road only before it was read. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<RoadReceipt> {
    return await this.#roads.sendRaw(0, content, options);
  }

  /** Works when one of the roads does; else throws what the first says. */
  async verify(): Promise<void> {
    await this.#roads.verify();
  }

  /** Waits for the messages under way and closes every road. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#roads.close();
  }

  /** The same as {@link FailoverTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
