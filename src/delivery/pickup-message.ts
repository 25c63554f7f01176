// A message in a pickup directory, as whoever picks it up sees it.
import { open, readFile, rm, stat } from 'node:fs/promises';
import { InvalidMessageError, printable } from '../base/index.ts';
import { memorySource, rangeSource } from '../base/internal.ts';
import { MailMessage } from '../message/index.ts';
import { openPath, StoredMail } from '../message/internal.ts';
import { type PickupEnvelope, readEnvelopeFields, readEnvelopeJson } from './pickup-envelope.ts';

// A million recipients and more; what is longer has no end of an envelope worth looking for.
const ENVELOPE_BYTES = 67_108_864;
const FIRST_BYTES = 65_536;

/** A message that waits in a pickup directory. */
export class PickupMessage {
  /** The name of its file. */
  readonly name: string;
  /** The path of its file. */
  readonly path: string;
  /** Who it is from and for. */
  readonly envelope: PickupEnvelope;
  /** When it was put there. */
  readonly date: Date;
  readonly #start: number;
  readonly #beside: string | undefined;

  /** @internal */
  constructor(found: {
    readonly name: string;
    readonly path: string;
    readonly envelope: PickupEnvelope;
    readonly date: Date;
    readonly start: number;
    readonly beside: string | undefined;
  }) {
    this.name = found.name;
    this.path = found.path;
    this.envelope = found.envelope;
    this.date = found.date;
    this.#start = found.start;
    this.#beside = found.beside;
  }

  /** The message as it was handed over, without the envelope. */
  async bytes(): Promise<Uint8Array> {
    try {
      return (await readFile(this.path)).subarray(this.#start);
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
  }

  /** The same, read. Of a file over 4 MiB only what is asked for is read, when it is asked for. */
  async message(): Promise<MailMessage> {
    const opened = await openPath(this.path);
    const whole = opened instanceof Uint8Array ? memorySource(opened) : opened;
    const source = rangeSource(whole, this.#start, whole.size);
    const { bytes } = source;
    return new MailMessage(
      bytes ? StoredMail.parse(bytes, {}, 'eml') : await StoredMail.read(source, {}, 'eml'),
    );
  }

  /** Takes it out of the directory, after it has been dealt with. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    if (this.#beside !== undefined) await rm(this.#beside, { force: true });
  }
}

/** Reads the envelope of the message at `path`; `undefined` when somebody has taken it away meanwhile. */
export async function readPickup(
  name: string,
  path: string,
  beside: string | undefined,
): Promise<PickupMessage | undefined> {
  try {
    const { mtime: date } = await stat(path);
    if (beside !== undefined) {
      const envelope = readEnvelopeJson(await readFile(beside), name);
      return new PickupMessage({ name, path, envelope, date, start: 0, beside });
    }
    const { envelope, length } = await readFields(path, name);
    return new PickupMessage({ name, path, envelope, date, start: length, beside });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (cause instanceof Error && 'syscall' in cause) throw unreadable(path, cause);
    throw cause;
  }
}

async function readFields(
  path: string,
  name: string,
): Promise<ReturnType<typeof readEnvelopeFields>> {
  const file = await open(path);
  try {
    for (let size = FIRST_BYTES; ; size *= 8) {
      const buffer = Buffer.allocUnsafe(size);
      const { bytesRead } = await file.read(buffer, 0, size, 0);
      const found = readEnvelopeFields(buffer.subarray(0, bytesRead), name);
      // An envelope that fills the whole piece goes on behind it.
      const isWhole = bytesRead < size || found.length < bytesRead - MOST_FIELD_BYTES;
      if (isWhole || size >= ENVELOPE_BYTES) return found;
    }
  } finally {
    await file.close();
  }
}

// No address is so long: RFC 5321 section 4.5.3.1.3.
const MOST_FIELD_BYTES = 2048;

function unreadable(path: string, cause: unknown): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `The file '${printable(path)}' can't be read (${printable(reason)}); check its permissions`,
    { cause },
  );
}
