// From what a caller gives to an entry for the store: everything that can be wrong with a message is found here, and its
// octets, Message-ID and Date are fixed.
import { crc32 } from 'node:zlib';
import { InvalidMessageError, OptionError } from '../../base/index.ts';
import type { Sendable } from '../../client/index.ts';
import { outgoing, withReports } from '../../client/internal.ts';
import { checkNames, type KnownNames } from '../../message/internal.ts';
import type { Rendered } from '../../mime/index.ts';
import type { SmtpEnvelope } from '../../smtp/index.ts';
import { checkWishes } from '../../smtp/internal.ts';
import { newEntryId } from './entry-id.ts';
import { writeRecord } from './read-record.ts';
import type { DeliveryMode, StoredRecord, StoredWishes } from './record.ts';
import { dueAtOf } from './states.ts';
import type { NewContent, NewEntry } from './store.ts';
import type { EnqueueOptions } from './types.ts';

const LONGEST_KEY = 500;
const LARGEST_METADATA = 4096;

// A record, so that the compiler misses no option.
const names: Readonly<Record<keyof EnqueueOptions, true>> = {
  idempotencyKey: true,
  sendAt: true,
  expiresAt: true,
  priority: true,
  envelope: true,
  delivery: true,
  requireTls: true,
  mtPriority: true,
  metadata: true,
  transaction: true,
};

const known: KnownNames = {
  of: 'enqueueing',
  names: new Set(Object.keys(names)),
  habits: new Map([
    ['from', 'write envelope: { from, to }'],
    ['to', 'write envelope: { from, to }'],
    ['dsn', 'write envelope: { dsn }'],
    ['key', 'write idempotencyKey'],
    ['jobId', 'write idempotencyKey'],
    ['delay', 'write sendAt: new Date(Date.now() + ms)'],
    ['runAt', 'write sendAt'],
    ['startAfter', 'write sendAt'],
    ['attempts', 'give the worker retry: { schedule, maxAgeMs }'],
    ['retry', 'give it to the worker: outbox.work(client, { retry })'],
  ]),
};

const PRIORITIES: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['low', -4],
  ['normal', 0],
  ['high', 4],
  [undefined, 0],
]);

/** A message that is ready to be stored. */
export interface Prepared {
  readonly entry: NewEntry;
  readonly messageId: string;
  /** Octets; known when the content has been read to its end. */
  readonly size: () => number;
}

/** Checks the message and what is asked for it. Throws as `SmtpClient.send` does before it connects. */
export async function prepareEntry(
  given: Sendable,
  options: EnqueueOptions,
  usual: DeliveryMode | undefined,
  now: number,
): Promise<Prepared> {
  checkNames(options, known);
  const asked = readOptions(options, now);
  const { message, envelope } = outgoing(given, { envelope: options.envelope });
  const making = message.prepare();
  const make = making instanceof Promise ? await making : making;
  const rendered = fixed(make);
  const { messageId } = message;
  const tally = { size: 0, crc: 0 };
  const delivery = options.delivery ?? usual;
  const wishes = wishesOf(withReports(envelope, message.deliveryReceipt), options);
  const { metadata } = options;
  const { sendAt, expiresAt, priority } = asked;
  const record = (): StoredRecord => ({
    version: 1,
    messageId,
    from: envelope.from,
    ...(message.subject && { subject: message.subject.slice(0, 200) }),
    size: tally.size,
    crc: tally.crc,
    enqueuedAt: now,
    ...(sendAt !== undefined && { sendAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(delivery && { delivery }),
    ...(wishes && { wishes }),
    ...(metadata && { metadata }),
    recipients: envelope.to.map((address) => ({ address, state: 'queued', failures: 0 })),
    attempts: [],
  });
  const entry: NewEntry = {
    id: newEntryId(now),
    key: options.idempotencyKey,
    messageId,
    priority,
    dueAt: dueAtOf(record()) ?? now,
    createdAt: now,
    content: contentOf(rendered, tally),
    record: () => writeRecord(record()),
  };
  return { entry, messageId, size: () => tally.size };
}

// For a server without extensions, so that any server takes these very octets; where that can't be, for one with them.
function fixed(make: (options: { eightBit: boolean; utf8: boolean }) => Rendered): Rendered {
  try {
    return make({ eightBit: false, utf8: false });
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return make({ eightBit: true, utf8: true });
  }
}

interface Tally {
  size: number;
  crc: number;
}

function contentOf(rendered: Rendered, tally: Tally): NewContent {
  const { segments } = rendered;
  const pieces = segments.filter((segment) => segment instanceof Uint8Array);
  if (pieces.length < segments.length) return { chunks: counted(rendered.chunks(), tally) };
  for (const piece of pieces) count(piece, tally);
  return { chunks: pieces };
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  tally: Tally,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk, tally);
    yield chunk;
  }
}

function count(chunk: Uint8Array, tally: Tally): void {
  tally.size += chunk.length;
  tally.crc = crc32(chunk, tally.crc);
}

function wishesOf({ dsn }: SmtpEnvelope, options: EnqueueOptions): StoredWishes | undefined {
  const { requireTls, mtPriority } = options;
  checkWishes({ requireTls, mtPriority });
  const wishes = {
    ...(dsn && { dsn }),
    ...(requireTls !== undefined && { requireTls }),
    ...(mtPriority !== undefined && { mtPriority }),
  };
  return Object.keys(wishes).length === 0 ? undefined : wishes;
}

function readOptions(
  { idempotencyKey: key, sendAt, expiresAt, priority, delivery, metadata }: EnqueueOptions,
  now: number,
): { sendAt: number | undefined; expiresAt: number | undefined; priority: number } {
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > LONGEST_KEY)) {
    throw wrong('idempotencyKey', `a string of 1 to ${LONGEST_KEY} characters`);
  }
  checkMode(delivery);
  checkMetadata(metadata);
  const level = typeof priority === 'number' ? priority : PRIORITIES.get(priority);
  if (level === undefined || !Number.isInteger(level) || Math.abs(level) > 9) {
    throw wrong('priority', "'low', 'normal', 'high' or an integer from -9 to 9");
  }
  const times = { sendAt: readTime(sendAt, 'sendAt'), expiresAt: readTime(expiresAt, 'expiresAt') };
  if (times.expiresAt !== undefined && times.expiresAt <= (times.sendAt ?? now)) {
    throw wrong('expiresAt', 'a time after sendAt, and after now');
  }
  return { ...times, priority: level };
}

/** Throws an `OptionError` when it is no delivery mode. */
export function checkMode(delivery: DeliveryMode | undefined): void {
  if (delivery !== undefined && delivery !== 'at-least-once' && delivery !== 'at-most-once') {
    throw wrong('delivery', "'at-least-once' or 'at-most-once'");
  }
}

function checkMetadata(metadata: EnqueueOptions['metadata']): void {
  if (metadata === undefined) return;
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (!isObject || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw wrong('metadata', 'an object of strings');
  }
  if (JSON.stringify(metadata).length > LARGEST_METADATA) {
    throw wrong('metadata', `an object of at most ${LARGEST_METADATA} characters as JSON`);
  }
}

function readTime(time: Date | number | undefined, option: string): number | undefined {
  if (time === undefined) return undefined;
  const at = time instanceof Date ? time.getTime() : time;
  if (typeof at === 'number' && Number.isFinite(at) && at >= 0 && at < 8.64e15) {
    return Math.round(at);
  }
  throw wrong(option, 'a Date, or milliseconds since 1970');
}

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
