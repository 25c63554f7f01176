// One source on its way to one target: which road it takes, and what is lost on it.
import { FormatError } from '../base/index.ts';
import type { ByteSource } from '../base/internal.ts';
import type { MailMessage, MessageFormat } from '../message/index.ts';
import { findTnef, readMessage } from '../message/internal.ts';
import type { ParseOptions } from '../mime/index.ts';
import type { ConvertFormat } from './convert-formats.ts';
import { detectIn } from './detect/detect-format.ts';
import { isMessageFormat, nameOf } from './detect/file-format.ts';
import { noteState } from './emlx/emlx-state.ts';
import type { WriteContext } from './format-driver.ts';
import { driverOf } from './format-table.ts';
import { loadForeign } from './load-foreign.ts';
import type { Loss, Note } from './loss.ts';
import { readMbox } from './mbox/read-mbox.ts';
import { mboxEntry } from './mbox/write-mbox.ts';
import { openTnef } from './tnef/open-tnef.ts';
import { packTnef } from './tnef/pack-tnef.ts';

/** How files are converted. */
export interface ConvertOptions {
  /** The format of the source. Default: found out from its bytes. */
  readonly from?: MessageFormat | 'mbox' | undefined;
  /** The format of the target. Default: by its path's extension. */
  readonly to?: ConvertFormat | undefined;
  /** Whether a file that is there already is replaced. Default: `true`, as `message.save` does. */
  readonly overwrite?: boolean | undefined;
  /** Where the pictures of HTML go: into the file, or into a folder beside it. Default: `'embed'`. */
  readonly resources?: 'embed' | 'folder' | undefined;
  /** Whether HTML and MHT begin with a table of From, To, Date and Subject. Default: `false`. */
  readonly headerTable?: boolean | undefined;
  /**
   * What becomes of mail that Outlook packed as TNEF (winmail.dat): `'open'` makes it a normal message, `'keep'` leaves
   * winmail.dat an attachment, and `'pack'` packs every message, for Outlook alone. Default: `'open'`.
   */
  readonly tnef?: 'open' | 'keep' | 'pack' | undefined;
  /** How the source is read; see {@link ParseOptions}. Default: with its defaults. */
  readonly reading?: ParseOptions | undefined;
}

/** What came of a conversion. */
export interface ConvertReport {
  /** The format of the source. */
  readonly from: MessageFormat | 'mbox';
  /** The format of the target. */
  readonly to: ConvertFormat;
  /** How many messages the target holds. */
  readonly messages: number;
  /** What the target could not hold, and what was wrong with the source; each once. */
  readonly losses: readonly Loss[];
  /** The target, when it is not a file. */
  readonly bytes?: Uint8Array;
}

// What a mail that carries TNEF can be written to.
const OF_MAIL: ReadonlySet<ConvertFormat> = new Set<ConvertFormat>(['eml', 'emlx', 'mbox']);

/** One source on its way to one target. */
export class Conversion {
  readonly #source: ByteSource;
  readonly #path: string | undefined;
  readonly #options: ConvertOptions & { readonly to: ConvertFormat };
  /** The format of the source. */
  readonly from: MessageFormat | 'mbox';
  readonly #losses = new Map<string, Loss>();
  #messages = 0;

  constructor(
    source: ByteSource,
    path: string | undefined,
    options: ConvertOptions & { readonly to: ConvertFormat },
  ) {
    this.#source = source;
    this.#path = path;
    this.#options = options;
    this.from = options.from ?? sourceFormat(source, path);
  }

  report(bytes?: Uint8Array): ConvertReport {
    return {
      from: this.from,
      to: this.#options.to,
      messages: this.#messages,
      losses: [...this.#losses.values()],
      ...(bytes && { bytes }),
    };
  }

  /** The target, piece by piece. */
  async *run(target: string | undefined): AsyncGenerator<Uint8Array> {
    const { to } = this.#options;
    if (to === 'mbox') {
      for await (const message of this.allMessages()) yield* mboxEntry(message);
      return;
    }
    if (this.from === to && !(await this.#isRepacked())) {
      this.#messages = 1;
      yield* this.#source.stream(0, this.#source.size);
      return;
    }
    const reader = this.from === 'mbox' ? undefined : await driverOf(this.from);
    const writer = await driverOf(to);
    if (reader?.mapi && writer.mapi) {
      this.#messages = 1;
      const item = reader.mapi.read(this.#source, this.#note);
      yield* writer.mapi.write(item, this.#writing(target));
      return;
    }
    yield* writer.write(await this.#onlyMessage(), this.#writing(target));
  }

  /** One message of the source in the format of the target, which is not mbox. */
  async *write(message: MailMessage, target: string): AsyncGenerator<Uint8Array> {
    const { to } = this.#options;
    if (to === 'mbox') yield* mboxEntry(message);
    else yield* (await driverOf(to)).write(message, this.#writing(target));
  }

  /** Whether a file of mail does not stay as it is, because of its winmail.dat or for one. */
  async #isRepacked(): Promise<boolean> {
    const { tnef, reading } = this.#options;
    if (this.from !== 'eml' || tnef === 'keep') return false;
    return (
      tnef === 'pack' ||
      findTnef((await readMessage(this.#source.bytes ?? this.#source, reading)).root) !== undefined
    );
  }

  /** The message as the target is to have it. */
  async #ready(message: MailMessage): Promise<MailMessage> {
    const { tnef } = this.#options;
    if (tnef === 'pack' && OF_MAIL.has(this.#options.to)) {
      return await packTnef(message, { note: this.#note });
    }
    return tnef === 'keep' ? message : await openTnef(message, { note: this.#note });
  }

  #writing(path: string | undefined): WriteContext {
    return { path, saving: this.#options, note: this.#note };
  }

  readonly #note: Note = (code, message) => {
    this.#losses.set(`${code} ${message}`, { code, message });
  };

  /** Every message of the source. */
  async *allMessages(): AsyncGenerator<MailMessage> {
    if (this.from !== 'mbox') {
      yield await this.#load(this.from);
      return;
    }
    const { reading = {} } = this.#options;
    for await (const message of readMbox(this.#source, reading)) {
      this.#messages += 1;
      yield await this.#ready(message);
    }
  }

  async #onlyMessage(): Promise<MailMessage> {
    if (this.from !== 'mbox') return await this.#load(this.from);
    let only: MailMessage | undefined;
    for await (const message of this.allMessages()) {
      if (only !== undefined) throw tooMany();
      only = message;
    }
    if (only !== undefined) return only;
    throw new FormatError('This mbox file holds no message; give one that does', 'mbox', 0);
  }

  async #load(format: MessageFormat): Promise<MailMessage> {
    this.#messages += 1;
    const { reading = {} } = this.#options;
    const path = this.#path;
    const tnef = this.#options.tnef === 'keep' ? 'keep' : 'open';
    const context = { format, path, reading, tnef, note: this.#note } as const;
    const message = await loadForeign(this.#source, context);
    if (format === 'emlx') noteState(message, this.#note);
    return await this.#ready(message);
  }
}

function sourceFormat(source: ByteSource, path: string | undefined): MessageFormat | 'mbox' {
  const found = detectIn(source, path);
  if (found === undefined) {
    throw new FormatError(
      "This is no message in a format that is known; name its format: { from: 'eml' }",
      'eml',
      0,
    );
  }
  if (found === 'mbox' || isMessageFormat(found)) return found;
  throw new FormatError(`This is not a message but ${nameOf(found)}; unpack it first`, found, 0);
}

function tooMany(): FormatError {
  return new FormatError(
    "This mbox file holds several messages; convert each with convertAll(…), or to 'mbox'",
    'mbox',
    0,
  );
}
