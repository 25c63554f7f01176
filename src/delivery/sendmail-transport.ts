// The mail program of a Unix system, which every mail server there brings with it: the message goes to its standard input.
import { access, constants } from 'node:fs/promises';
import {
  type EventListener,
  InvalidAddressError,
  InvalidMessageError,
  OptionError,
  PosthornError,
  printable,
} from '../base/index.ts';
import type {
  ForwardContent,
  RawContent,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from '../client/index.ts';
import { type LocalParcel, LocalRoad, type SendCall } from '../client/internal.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type { DeliveryReport, DsnOptions } from '../smtp/index.ts';
import { dsnRcptParameters } from '../smtp/internal.ts';
import { ContentFlow } from './content-flow.ts';
import { type ProgramEnd, runProgram } from './program-run.ts';
import { failureOf, notStarted } from './sendmail-failure.ts';

/** Which program, and how it is called. */
export interface SendmailTransportOptions {
  /** The program. Default: the first there is of `/usr/sbin/sendmail`, `/usr/lib/sendmail`, `/usr/bin/sendmail`. */
  readonly path?: string | undefined;
  /** Arguments before ours, such as `['-a', 'account']` of msmtp. Default: none. */
  readonly args?: readonly string[] | undefined;
  /**
   * Line ends: `'lf'` as files of this system have them, which programs on it expect; `'crlf'` for those that expect them
   * as on the wire. Default: `'lf'`.
   */
  readonly lineEnds?: 'lf' | 'crlf' | undefined;
  /**
   * Whether reports can be asked for (`dsn`): with `-N`, `-R` and `-V`, as Sendmail and Postfix know them. Never for
   * Exim, which takes `-N` as "do not deliver". Default: `false`.
   */
  readonly dsn?: boolean | undefined;
  /** How long one run may take, in milliseconds; `Infinity` for no bound. Default: `300_000`. */
  readonly timeoutMs?: number | undefined;
  /** The program's environment variables. Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Receives `sent` and `failed` events. Default: nobody. */
  readonly onEvent?: EventListener | undefined;
}

const known: KnownNames = {
  of: 'sendmail',
  names: new Set<keyof SendmailTransportOptions>([
    'path',
    'args',
    'lineEnds',
    'dsn',
    'timeoutMs',
    'env',
    'onEvent',
  ]),
  habits: new Map([
    ['newline', "write lineEnds: 'lf' or 'crlf'"],
    ['timeout', 'write timeoutMs: 60_000'],
    ['command', 'write path: …'],
  ]),
};

const PLACES = ['/usr/sbin/sendmail', '/usr/lib/sendmail', '/usr/bin/sendmail'];
const DEFAULT_TIMEOUT_MS = 300_000;
// A quarter of what the smallest systems take as arguments and environment together; about 1,000 recipients.
const MOST_ARGUMENT_BYTES = 32_768;

/**
 * Hands each message to the system's `sendmail` program (that of Postfix, Sendmail, Exim, OpenSMTPD, msmtp…). Accepted
 * means that the program has taken it: most put it into the queue of the mail server.
 */
export class SendmailTransport implements Transport {
  /** `'sendmail'`. */
  readonly name = 'sendmail';
  /** It does: see {@link Transport.callsBeforeFinal}. */
  readonly callsBeforeFinal = true;
  readonly #options: SendmailTransportOptions;
  readonly #road: LocalRoad;

  /** @throws {@link OptionError} An option is not known or has a value it can't have. */
  constructor(options: SendmailTransportOptions = {}) {
    checkNames(options, known);
    checkOptions(options);
    this.#options = options;
    this.#road = new LocalRoad({
      host: options.path ?? 'sendmail',
      offers: ['8BITMIME', 'SMTPUTF8', ...(options.dsn ? ['DSN'] : [])],
      onEvent: options.onEvent,
    });
  }

  /**
   * Hands over one message. Fails as `SmtpClient.send` does for messages that can't be sent.
   *
   * @throws {@link PosthornError} `PROGRAM_UNUSABLE`: there is no such program, or it can't be started.
   * `PROGRAM_FAILED`: it was killed, or ended with an exit code of its own; `delivered` is `'unknown'` when it has had the
   * whole message.
   * @throws {@link SmtpReplyError} It refused the message: its exit code is told as the reply a server would give, 75
   * ("try again later") as 450; {@link RecipientsError} when it does not know the only recipient (67, 68).
   * @throws {@link TimeoutError} It took longer than `timeoutMs`.
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
    return await this.#road.send(call, this.#hand);
  }

  /** Hands over a whole message as it is, but for line ends. Fails as {@link SendmailTransport.send} does. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#road.sendRaw(content, options, this.#hand);
  }

  /** Sends a stored message on, without Bcc, in constant memory. Fails as {@link SendmailTransport.send} does. */
  async forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions = {},
  ): Promise<SendReceipt> {
    return await this.#road.forward(from, to, content, options, this.#hand);
  }

  /** Finds out whether the program is there and may be run; runs nothing. */
  async verify(): Promise<void> {
    const path = await this.#program();
    await access(path, constants.X_OK).catch((cause: unknown) => {
      throw notStarted(path, cause);
    });
  }

  /** Waits for the messages under way. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#road.close();
  }

  /** The same as {@link SendmailTransport.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #hand = async (parcel: LocalParcel): Promise<DeliveryReport> => {
    const { lineEnds, args = [], env, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const { envelope, options } = parcel;
    const wanted = [...args, '-i', ...reports(envelope.dsn), '-f', sender(envelope.from), '--'];
    const to = envelope.to.map(recipient);
    checkLength(to);
    const path = await this.#program();
    const flow = new ContentFlow(parcel, lineEnds === 'crlf' ? '\r\n' : '\n');
    const end = await runProgram({
      path,
      args: [...wanted, ...to],
      env,
      input: flow.chunks(),
      signal: options.signal,
      timeoutMs,
    }).catch((cause: unknown) => {
      throw cause instanceof PosthornError ? cause : notStarted(path, cause);
    });
    if (end.exitCode !== 0 || end.endedBy !== undefined || !end.isWhole) {
      throw failureOf(end, path, to, timeoutMs);
    }
    return report(end, envelope.to, flow.size);
  };

  async #program(): Promise<string> {
    const { path } = this.#options;
    if (path !== undefined) return path;
    for (const place of PLACES) {
      if (await access(place, constants.X_OK).then(yes, no)) return place;
    }
    return PLACES[0] ?? '';
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;

function report(end: ProgramEnd, to: readonly string[], size: number): DeliveryReport {
  return {
    accepted: [...to],
    rejected: [],
    unsettled: [],
    reply: { code: 250, enhanced: '2.0.0', lines: end.said === '' ? ['Taken'] : [end.said] },
    size,
  };
}

const sender = (from: string): string => (from === '' ? '<>' : notOption(from));
const recipient = (address: string): string => notOption(address);

// Programs differ in what they make of an argument that begins with a dash, even behind '--'.
function notOption(address: string): string {
  if (!address.startsWith('-')) return address;
  throw new InvalidAddressError(
    'ADDRESS_INVALID',
    `The address '${printable(address)}' begins with '-', which mail programs take for an option; send it over SMTP`,
    address,
    0,
  );
}

function checkLength(to: readonly string[]): void {
  const bytes = to.reduce((sum, address) => sum + Buffer.byteLength(address) + 1, 0);
  if (bytes <= MOST_ARGUMENT_BYTES) return;
  throw new InvalidMessageError(
    'FEATURE_NOT_OFFERED',
    `The ${to.length} recipients have ${bytes} octets, and a program takes ${MOST_ARGUMENT_BYTES} as arguments; send it to fewer at a time`,
  );
}

function reports(dsn: DsnOptions | undefined): string[] {
  if (!dsn) return [];
  if (dsn.recipients && Object.keys(dsn.recipients).length > 0) {
    throw new InvalidMessageError(
      'FEATURE_NOT_OFFERED',
      "Reports that differ by recipient ('dsn.recipients') can't be asked of a program; send it over SMTP",
    );
  }
  const notify = / NOTIFY=(\S+)/.exec(dsnRcptParameters({ ...dsn, orcpt: true }, 'a'))?.[1];
  const { ret, envid } = dsn;
  return [
    ...(notify === undefined ? [] : ['-N', notify.toLowerCase()]),
    ...(ret === undefined ? [] : ['-R', /^full$/i.test(ret) ? 'full' : 'hdrs']),
    ...(envid === undefined ? [] : ['-V', envid]),
  ];
}

function checkOptions(options: SendmailTransportOptions): void {
  const { path, args, lineEnds, timeoutMs } = options;
  if (path !== undefined && (typeof path !== 'string' || path === '' || path.includes('\0'))) {
    throw wrong('path', 'the path of a program');
  }
  if (args !== undefined && !(Array.isArray(args) && args.every(isArgument))) {
    throw wrong('args', 'an array of strings, without -t');
  }
  if (lineEnds !== undefined && lineEnds !== 'lf' && lineEnds !== 'crlf') {
    throw wrong('lineEnds', "'lf' or 'crlf'");
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw wrong('timeoutMs', 'milliseconds above 0, or Infinity');
  }
}

// -t would read the recipients from the header, beside those of the envelope.
const isArgument = (value: unknown): boolean =>
  typeof value === 'string' && !value.includes('\0') && value !== '-t';

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
