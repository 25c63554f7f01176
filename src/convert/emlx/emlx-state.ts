// What Apple Mail notes of a message beside it: read, answered, flagged, and when it came.
import type { MailMessage } from '../../message/index.ts';
import type { Note } from '../loss.ts';
import type { ListValue } from './property-list.ts';

/** What Apple Mail notes of a message; kept when the message is written as EMLX again. */
export interface EmlxState {
  /** It was opened. */
  readonly isRead: boolean;
  /** It was answered. */
  readonly isAnswered: boolean;
  /** It was forwarded. */
  readonly isForwarded: boolean;
  /** It has a flag. */
  readonly isFlagged: boolean;
  /** It is to be deleted. */
  readonly isDeleted: boolean;
  /** It is a draft. */
  readonly isDraft: boolean;
  /** It was called junk. */
  readonly isJunk: boolean;
  /** When it was received; `undefined` when that is not said. */
  readonly receivedAt: Date | undefined;
  /** Every entry of the property list, by its name: numbers and texts. */
  readonly entries: ReadonlyMap<string, number | string>;
}

/** The state, and what stood in the file around the message. */
export interface KeptState {
  readonly state: EmlxState;
  /** The line with the message's length. */
  readonly first: Uint8Array;
  /** The property list. */
  readonly list: Uint8Array;
}

const kept = new WeakMap<MailMessage, KeptState>();

/** Remembers what stood beside a message. */
export function keepState(message: MailMessage, state: KeptState): void {
  kept.set(message, state);
}

/** What stood beside a message. */
export function keptState(message: MailMessage): KeptState | undefined {
  return kept.get(message);
}

/** What Apple Mail noted of a message that was loaded from an EMLX file; `undefined` for any other. */
export function emlxState(message: MailMessage): EmlxState | undefined {
  return kept.get(message)?.state;
}

/** The state that the entries of a property list stand for. */
export function stateOf(entries: ReadonlyMap<string, ListValue>): EmlxState {
  const flags = entries.get('flags');
  // Flags go beyond 32 bits: no bit operators.
  const has = (bit: number): boolean =>
    typeof flags === 'number' && Math.floor(flags / 2 ** bit) % 2 === 1;
  const received = entries.get('date-received');
  return {
    isRead: has(0),
    isDeleted: has(1),
    isAnswered: has(2),
    isFlagged: has(4),
    isDraft: has(6),
    isForwarded: has(8),
    isJunk: has(24),
    receivedAt: dateOf(received),
    entries,
  };
}

// Seconds since 1970; what no Date holds is none.
function dateOf(value: ListValue | undefined): Date | undefined {
  if (typeof value !== 'number' || value <= 0) return undefined;
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The entries of a message that was never in Apple Mail: not read, its parts counted (bits 10 to 15), its date. */
export function newEntries(message: MailMessage): Map<string, ListValue> {
  const attachments = Math.min(63, message.attachments.length);
  const received = message.date?.getTime();
  return new Map<string, ListValue>([
    ...(received === undefined
      ? []
      : [['date-received', Math.floor(received / 1000)] as [string, ListValue]]),
    ['flags', attachments * 2 ** 10],
  ]);
}

/** Tells that other formats have no place for what Apple Mail noted. */
export function noteState(message: MailMessage, note: Note): void {
  const { isRead, isAnswered, isForwarded, isFlagged, isDraft, isJunk, isDeleted } =
    kept.get(message)?.state ?? noState;
  const words = Object.entries({
    read: isRead,
    answered: isAnswered,
    forwarded: isForwarded,
    flagged: isFlagged,
    draft: isDraft,
    junk: isJunk,
    deleted: isDeleted,
  }).flatMap(([word, is]) => (is ? [word] : []));
  if (words.length > 0) note('state-lost', `Apple Mail noted that it is ${words.join(', ')}`);
}

const noState = stateOf(new Map());
