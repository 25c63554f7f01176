// A directory in which another program (the SMTP service of Windows, Exchange, a relay) finds messages to send.
import { access, constants, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type EventListener,
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
import { randomToken } from '../mime/internal.ts';
import type { DeliveryReport } from '../smtp/index.ts';
import { ContentFlow } from './content-flow.ts';
import { writeDurably } from './durable-file.ts';
import { envelopeFields, envelopeJson } from './pickup-envelope.ts';
import { type PickupMessage, readPickup } from './pickup-message.ts';

/** How messages are put into a directory. */
export interface PickupDirectoryOptions {
  /**
   * Where the envelope goes: `'headers'` puts X-Sender and X-Receiver fields before the message, which the pickup
   * services of Windows read and take away; `'json'` writes `{ from, to }` into a file of the same name that ends in
   * `.json`, and leaves the message as it is. Default: `'headers'`.
   */
  readonly envelope?: 'headers' | 'json' | undefined;
  /**
   * Where files are written before they get their name, on the same disk. For a service that takes every file it sees,
   * whatever its name. Default: the directory itself, with a name that begins with a dot and ends in `.tmp`.
   */
  readonly temporaryDirectory?: string | undefined;
  /** Permissions of the files, for systems that have them. Default: `0o600`: only this user reads them. */
  readonly mode?: number | undefined;
  /** Receives `sent` and `failed` events. Default: nobody. */
  readonly onEvent?: EventListener | undefined;
}

const known: KnownNames = {
  of: 'a pickup directory',
  names: new Set<keyof PickupDirectoryOptions>([
    'envelope',
    'temporaryDirectory',
    'mode',
    'onEvent',
  ]),
  habits: new Map([
    ['path', "give it first: new PickupDirectory('/var/spool/pickup')"],
    ['directory', "give it first: new PickupDirectory('/var/spool/pickup')"],
  ]),
};

const OFFERS = ['8BITMIME', 'SMTPUTF8'];
const EXTENSION = '.eml';

/**
 * Puts each message as a file into a directory, from which another program sends it. A message that is accepted is on
 * disk: the file and then its name are made durable (fsync), and nobody sees half of it.
 */
export class PickupDirectory implements Transport {
  /** `'pickup'`. */
  readonly name = 'pickup';
  /** It does: see {@link Transport.callsBeforeFinal}. */
  readonly callsBeforeFinal = true;
  /** The directory, absolute. */
  readonly path: string;
  readonly #options: PickupDirectoryOptions;
  readonly #road: LocalRoad;
  #count = 0;

  /**
   * @param path The directory; it has to exist.
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  constructor(path: string, options: PickupDirectoryOptions = {}) {
    if (typeof path !== 'string' || path === '' || path.includes('\0')) {
      throw new OptionError(
        'path',
        "A pickup directory is made from its path: '/var/spool/pickup'",
      );
    }
    checkNames(options, known);
    const { envelope, mode, onEvent } = options;
    if (envelope !== undefined && envelope !== 'headers' && envelope !== 'json') {
      throw new OptionError('envelope', "Option 'envelope' must be 'headers' or 'json'");
    }
    if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
      throw new OptionError('mode', "Option 'mode' must be permissions such as 0o640");
    }
    this.path = resolve(path);
    this.#options = options;
    this.#road = new LocalRoad({ host: this.path, offers: OFFERS, onEvent });
  }

  /**
   * Writes one message. Fails as `SmtpClient.send` does for messages that can't be sent.
   *
   * @throws {@link PosthornError} `FILE_INACCESSIBLE`: the file can't be written; `retryable` when the disk is full or
   * failed, `delivered: 'unknown'` when its name could not be made durable.
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

  /** Writes a whole message as it is, but that every line ends in CRLF. Fails as {@link PickupDirectory.send} does. */
  async sendRaw(content: RawContent, options: SendRawOptions): Promise<SendReceipt> {
    return await this.#road.sendRaw(content, options, this.#hand);
  }

  /** Writes a stored message for others, without Bcc, in constant memory. Fails as {@link PickupDirectory.send} does. */
  async forward(
    from: AddressInput,
    to: AddressInput,
    content: ForwardContent,
    options: SendForwardOptions = {},
  ): Promise<SendReceipt> {
    return await this.#road.forward(from, to, content, options, this.#hand);
  }

  /**
   * The messages that wait in the directory, oldest first, each with its envelope; what somebody takes away meanwhile is
   * left out. Nothing is removed: call `remove()` on what has been dealt with.
   *
   * @throws {@link FormatError} A file has no envelope.
   * @throws {@link InvalidMessageError} `FILE_INACCESSIBLE`: the directory or a file can't be read.
   */
  async *messages(): AsyncGenerator<PickupMessage, void, undefined> {
    const isBeside = this.#options.envelope === 'json';
    for (const name of await this.#names()) {
      const path = join(this.path, name);
      const beside = isBeside ? `${path.slice(0, -EXTENSION.length)}.json` : undefined;
      const found = await readPickup(name, path, beside);
      if (found) yield found;
    }
  }

  /** The same as {@link PickupDirectory.messages}. */
  [Symbol.asyncIterator](): AsyncGenerator<PickupMessage, void, undefined> {
    return this.messages();
  }

  /** Finds out whether the directory is there and can be written; writes nothing. */
  async verify(): Promise<void> {
    const { temporaryDirectory } = this.#options;
    for (const path of [this.path, ...(temporaryDirectory ? [temporaryDirectory] : [])]) {
      try {
        await access(path, constants.W_OK | constants.X_OK);
        if (!(await stat(path)).isDirectory()) throw new Error('it is no directory');
      } catch (cause) {
        throw unusable(path, cause);
      }
    }
  }

  /** Waits for the messages under way. Calls that come later fail with `CLIENT_CLOSED`. */
  async close(): Promise<void> {
    await this.#road.close();
  }

  /** The same as {@link PickupDirectory.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // Names hold the time in front, so that their order is that of the messages.
  async #names(): Promise<string[]> {
    try {
      const names = await readdir(this.path);
      return names.filter((name) => name.endsWith(EXTENSION) && !name.startsWith('.')).sort();
    } catch (cause) {
      throw unusable(this.path, cause);
    }
  }

  readonly #hand = async (parcel: LocalParcel): Promise<DeliveryReport> => {
    const { envelope } = parcel;
    const id = this.#nextName();
    const flow = new ContentFlow(parcel, '\r\n');
    if (this.#options.envelope === 'json') {
      // The message comes last: who sees it finds its envelope.
      await this.#write(`${id}.json`, [envelopeJson(envelope)]);
      await this.#write(`${id}${EXTENSION}`, flow.chunks()).catch(async (error: unknown) => {
        const isThere = error instanceof PosthornError && error.delivered === 'unknown';
        if (!isThere) await rm(join(this.path, `${id}.json`), { force: true });
        throw error;
      });
    } else {
      await this.#write(`${id}${EXTENSION}`, after(envelopeFields(envelope), flow.chunks()));
    }
    return {
      accepted: [...envelope.to],
      rejected: [],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: [`Written as ${id}${EXTENSION}`] },
      queueId: `${id}${EXTENSION}`,
      size: flow.size,
    };
  };

  // Sorted by name, messages are in order: by time, and what comes in the same millisecond by number.
  #nextName(): string {
    this.#count += 1;
    const time = new Date().toISOString().replaceAll(/[-:.]/g, '');
    return `${time}-${String(this.#count).padStart(6, '0')}-${randomToken()}`;
  }

  async #write(
    name: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const { temporaryDirectory = this.path, mode = 0o600 } = this.#options;
    const temporary = join(resolve(temporaryDirectory), `.${name}.tmp`);
    await writeDurably({ path: join(this.path, name), temporary, mode, chunks });
  }
}

async function* after(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function unusable(path: string, cause: unknown): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `The pickup directory '${printable(path)}' can't be used (${printable(reason)}); make it, or check its permissions`,
    { cause },
  );
}
