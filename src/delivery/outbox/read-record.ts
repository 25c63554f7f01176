// Records from and to the text that stores keep.
import { OutboxError } from '../../base/index.ts';
import type { StoredRecord } from './record.ts';

/** The text of a record. */
export function writeRecord(record: StoredRecord): string {
  return JSON.stringify(record);
}

/** The record that a text is of. Throws an `OutboxError` `OUTBOX_DAMAGED` when it is none. */
export function readRecord(text: string, id: string): StoredRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (cause) {
    throw damagedRecord(id, cause);
  }
  if (!isRecord(record)) throw damagedRecord(id, undefined);
  return record;
}

function isRecord(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version, messageId, from, size, crc, enqueuedAt, recipients, attempts } =
    value as Partial<StoredRecord>;
  if (version !== 1 || typeof messageId !== 'string' || typeof from !== 'string') return false;
  if (![size, crc, enqueuedAt].every(Number.isSafeInteger)) return false;
  if (!Array.isArray(attempts) || !Array.isArray(recipients) || recipients.length === 0)
    return false;
  return recipients.every(
    ({ address, state }) => typeof address === 'string' && typeof state === 'string',
  );
}

function damagedRecord(id: string, cause: unknown): OutboxError {
  return new OutboxError(
    'OUTBOX_DAMAGED',
    `The record of message ${id} in the outbox can't be read; it is kept as it is, and not sent: look at it with the store's own tools`,
    { cause },
  );
}
