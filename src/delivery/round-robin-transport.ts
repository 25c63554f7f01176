// Roads in turn, so that each carries its share.
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
 * Sends each message over the next road in turn; when that one is out of order or refuses for now, and nobody has the
 * message, over the one after it, as `FailoverTransport` does.
 */
export class RoundRobinTransport implements Transport {
  /** `'round-robin'`. */
  readonly name = 'round-robin';
  readonly #roads: Roads;
  #next = 0;
  /**
   * @param transports The roads. They are closed with this transport.
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
    return await this.#roads.send(this.#turn(), message, options);
  }

  /** Sends a whole message as it is, over roads that can. A stream goes to another road only before it was read. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<RoadReceipt> {
    return await this.#roads.sendRaw(this.#turn(), content, options);
  }

  /** Works when one of the roads does; else throws what the first says. */
  async verify(): Promise<void> {
    await this.#roads.verify();
  }

  /** Waits for the messages under way and closes every road. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#roads.close();
  }

  /** The same as {@link RoundRobinTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #turn(): number {
    const turn = this.#next;
    this.#next = (turn + 1) % this.#roads.length;
    return turn;
  }
}
