// Several roads as one: the message goes to the next when nobody has it yet, and never when nobody knows.
import { OptionError, PosthornError } from '../base/index.ts';
import type {
  RawContent,
  Sendable,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from '../client/index.ts';
import { aborted, clientClosed } from '../client/internal.ts';
import { MailMessage } from '../message/index.ts';
import { checkNames, isRepeatable, type KnownNames } from '../message/internal.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import { isRoadFault, mayGoElsewhere } from './road-fault.ts';

/** How several roads are used. */
export interface RoadsOptions {
  /** When a road counts as dead and is left alone for a while. Default: see {@link BreakerOptions}. */
  readonly breaker?: BreakerOptions | undefined;
  /**
   * Decides for each failure whether the next road is tried; `undefined` leaves it to the rule. Never asked when the
   * message may be delivered (`delivered: 'unknown'`): such a message does not go to another road by itself.
   */
  readonly goesOn?: ((error: PosthornError, road: Transport) => boolean | undefined) | undefined;
}

/** A road that was tried. */
export interface RoadAttempt {
  /** Which one, by its place in the list. */
  readonly index: number;
  /** Its `name`. */
  readonly name: string;
  /** Why it did not take the message. */
  readonly error: PosthornError;
}

/** A receipt that tells which road was taken. */
export interface RoadReceipt extends SendReceipt {
  /** The road that took the message: its place in the list and its `name`. */
  road: { index: number; name: string };
  /** The roads that were tried before, in order. */
  tried: RoadAttempt[];
}

/** A transport that also takes messages as they are; see `SmtpClient.sendRaw`. */
interface RawTransport extends Transport {
  sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt>;
}

const known: KnownNames = {
  of: 'several transports',
  names: new Set<keyof RoadsOptions>(['breaker', 'goesOn']),
  habits: new Map([['shouldFailover', 'write goesOn: (error) => …']]),
};
const breakerNames: KnownNames = {
  of: 'breaker',
  names: new Set<keyof BreakerOptions>(['failures', 'pauseMs', 'maxPauseMs']),
  habits: new Map(),
};

interface Road {
  readonly index: number;
  readonly transport: Transport;
  readonly breaker: Breaker;
}

type Call = (transport: Transport) => Promise<SendReceipt>;

/** The roads with what is known of each. */
export class Roads {
  readonly #roads: readonly Road[];
  readonly #goesOn: RoadsOptions['goesOn'];
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  /** @throws {@link OptionError} There is no transport, or an option has a value it can't have. */
  constructor(transports: readonly Transport[], options: RoadsOptions) {
    if (!Array.isArray(transports) || transports.length === 0 || !transports.every(isTransport)) {
      throw new OptionError(
        'transports',
        'Give the transports in an array: [new SmtpClient(…), new SmtpClient(…)]',
      );
    }
    checkNames(options, known);
    const { breaker = {}, goesOn } = options;
    checkNames(breaker, breakerNames);
    for (const [name, value] of Object.entries(breaker)) {
      if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
      throw new OptionError(`breaker.${name}`, `Option 'breaker.${name}' must be a number above 0`);
    }
    if (goesOn !== undefined && typeof goesOn !== 'function') {
      throw new OptionError('goesOn', "Option 'goesOn' must be a function");
    }
    this.#goesOn = goesOn;
    this.#roads = transports.map((transport: Transport, index) => ({
      index,
      transport,
      breaker: new Breaker(breaker),
    }));
  }

  /** How many there are. */
  get length(): number {
    return this.#roads.length;
  }

  /** Whether every one of them calls `beforeFinal`. */
  get callsBeforeFinal(): boolean {
    return this.#roads.every(({ transport }) => transport.callsBeforeFinal === true);
  }

  /** Sends a message, beginning at road `first`. */
  async send(first: number, given: Sendable, options: SendOptions): Promise<RoadReceipt> {
    const message = given instanceof MailMessage ? given : new MailMessage(given);
    return await this.#enter(first, isRepeatable(message), options.signal, (transport) =>
      transport.send(message, options),
    );
  }

  /** Sends a raw message, beginning at road `first`. */
  async sendRaw(first: number, content: RawContent, options: SendRawOptions): Promise<RoadReceipt> {
    const canRepeat = typeof content === 'string' || !('getReader' in content || 'pipe' in content);
    return await this.#enter(first, canRepeat, options?.signal, (transport) => {
      if (hasRaw(transport)) return transport.sendRaw(content, options);
      throw new OptionError(
        'transports',
        `The transport '${transport.name}' takes no raw messages; use send with MailMessage.parse`,
      );
    });
  }

  /** Works when one of them does. */
  async verify(): Promise<void> {
    const errors: unknown[] = [];
    for (const { transport } of this.#roads) {
      try {
        await transport.verify?.();
        return;
      } catch (error) {
        errors.push(error);
      }
    }
    throw errors[0];
  }

  /** Waits for the messages under way and closes every road. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
    const ends = await Promise.allSettled(this.#roads.map(({ transport }) => transport.close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #enter(
    first: number,
    canRepeat: boolean,
    signal: AbortSignal | undefined,
    call: Call,
  ): Promise<RoadReceipt> {
    if (this.#isClosed) throw clientClosed();
    const work = this.#deliver(first, canRepeat, signal, call);
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async #deliver(
    first: number,
    canRepeat: boolean,
    signal: AbortSignal | undefined,
    call: Call,
  ): Promise<RoadReceipt> {
    const tried: RoadAttempt[] = [];
    let last: unknown;
    for (const road of this.#order(first)) {
      if (signal?.aborted) throw last ?? aborted(signal);
      const { index, transport, breaker } = road;
      breaker.begin();
      try {
        const receipt = await call(transport);
        breaker.succeed();
        return { ...receipt, road: { index, name: transport.name }, tried };
      } catch (error) {
        if (isRoadFault(error)) breaker.fail(Date.now());
        else breaker.succeed();
        last = error;
        if (!(error instanceof PosthornError) || !this.#mayGoOn(error, transport, canRepeat))
          throw error;
        tried.push({ index, name: transport.name, error });
      }
    }
    throw last;
  }

  // A stream that has been read from is gone; it was not when the road could not even be reached.
  #mayGoOn(error: PosthornError, road: Transport, canRepeat: boolean): boolean {
    if (error.delivered !== 'no') return false;
    if (!canRepeat && !isBeforeContent(error)) return false;
    return this.#goesOn?.(error, road) ?? mayGoElsewhere(error);
  }

  // The usable ones in turn; then those that count as dead, the one that is due soonest first: better than no try at all.
  #order(first: number): readonly Road[] {
    const now = Date.now();
    const { length } = this.#roads;
    const turn = [...this.#roads.slice(first % length), ...this.#roads.slice(0, first % length)];
    const dead = turn.filter(({ breaker }) => !breaker.isUsable(now));
    dead.sort((one, other) => one.breaker.openUntil - other.breaker.openUntil);
    return [...turn.filter((road) => !dead.includes(road)), ...dead];
  }
}

const BEFORE_CONTENT: ReadonlySet<string | undefined> = new Set([
  undefined,
  'dns',
  'connect',
  'proxy',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'auth',
  'mail',
  'rcpt',
]);

const isBeforeContent = ({ stage }: PosthornError): boolean => BEFORE_CONTENT.has(stage);

const isTransport = (value: unknown): value is Transport =>
  typeof value === 'object' && value !== null && 'send' in value && 'close' in value;

const hasRaw = (transport: Transport): transport is RawTransport => 'sendRaw' in transport;
