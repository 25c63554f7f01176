// How states look on a terminal.
import type { EntryState } from '../../delivery/index.ts';
import type { Paint } from '../paint.ts';

/** Every state, in the order in which they are told. */
export const states: readonly EntryState[] = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'failed',
  'expired',
  'unknown',
  'damaged',
];

const colours: Readonly<Record<EntryState, keyof Paint>> = {
  queued: 'cyan',
  sending: 'cyan',
  deferred: 'yellow',
  sent: 'green',
  failed: 'red',
  expired: 'red',
  unknown: 'red',
  damaged: 'red',
};

/** Text in the colour of a state. */
export function inColourOf(state: EntryState, text: string, paint: Paint): string {
  return paint[colours[state]](text);
}

/** A moment as a table shows it: UTC, without fractions. */
export function momentText(at: Date | undefined): string {
  return at === undefined ? '' : `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
