// EMLX, the file of a message in Apple Mail, read and written.
import { InvalidMessageError } from '../../base/index.ts';
import { concatBytes, latin1, latin1Bytes, rangeSource, utf8Bytes } from '../../base/internal.ts';
import type { MailMessage } from '../../message/index.ts';
import { isRepeatable, readMessage } from '../../message/internal.ts';
import type { FormatDriver } from '../format-driver.ts';
import { emlxParts } from './emlx-file.ts';
import { keepState, keptState, newEntries, stateOf } from './emlx-state.ts';
import { fillParts } from './partial-parts.ts';
import { readPropertyList, writePropertyList } from './property-list.ts';

/** EMLX files. */
export const emlx: FormatDriver = {
  async read(source, { reading, path, note, open }) {
    const { start, end, isLengthRight } = emlxParts(source);
    const range = rangeSource(source, start, end);
    const stored = await readMessage(range.bytes ?? range, reading);
    await fillParts(stored, path, note);
    const message = await open(stored);
    const [first, list] = [source.read(0, start), source.read(end, source.size)];
    const entries = readPropertyList(new TextDecoder().decode(list));
    keepState(message, { state: stateOf(entries), first, list });
    if (!isLengthRight) {
      note('file-damaged', 'The length in the first line is not that of the message');
    }
    return message;
  },

  async *write(message) {
    const kept = keptState(message);
    const list = kept?.list ?? utf8Bytes(writePropertyList(newEntries(message)));
    const measured = await measure(message);
    yield kept && Number(latin1(kept.first)) === measured.size
      ? kept.first
      : firstLine(measured.size);
    if (measured.bytes) yield measured.bytes;
    else yield* again(message, measured.size);
    yield list;
  },
};

// Padded as Apple Mail does it.
const firstLine = (size: number): Uint8Array => latin1Bytes(`${String(size).padEnd(10)}\n`);

// A message up to this size is written once and kept; a larger one is written twice, the first time to count it.
const KEPT_BYTES = 16_777_216;

interface Measured {
  readonly size: number;
  readonly bytes?: Uint8Array;
}

async function measure(message: MailMessage): Promise<Measured> {
  const mayWriteTwice = isRepeatable(message);
  let kept: Uint8Array[] | undefined = [];
  let size = 0;
  for await (const chunk of message.toStream('eml')) {
    size += chunk.length;
    if (size > KEPT_BYTES && mayWriteTwice) kept = undefined;
    kept?.push(chunk);
  }
  return kept ? { size, bytes: concatBytes(kept) } : { size };
}

async function* again(message: MailMessage, size: number): AsyncGenerator<Uint8Array> {
  let written = 0;
  for await (const chunk of message.toStream('eml')) {
    written += chunk.length;
    yield chunk;
  }
  if (written === size) return;
  throw new InvalidMessageError(
    'MESSAGE_CONTENT_FAILED',
    `The message has ${written} octets, and had ${size} when they were counted: a file in it has changed; write it again`,
  );
}
