// What an item has that no message can hold, told to whoever asks.
import { type MapiMessage, PidLid, PidTag, propertySets } from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { TEXT_IS_MADE } from './item-texts.ts';

// MS-OXOFLAG section 2.2.1.1.
const FOLLOW_UP = 2;

/** Tells of reminders, votes, follow-up and properties of one's own. */
export function tellItemLosses({ properties }: MapiMessage, note: Note): void {
  if (properties.get(PidLid.ReminderSet)) note('properties-lost', 'the reminder');
  if (properties.has(PidLid.VerbStream)) note('properties-lost', 'the buttons to vote with');
  if (properties.get(PidTag.FlagStatus) === FOLLOW_UP) {
    note('state-lost', 'the flag for follow-up, but for its text');
  }
  const own = [...properties].flatMap(({ key }) => ('name' in key && isOwn(key) ? [key.name] : []));
  if (own.length > 0) note('properties-lost', `properties of its own: ${own.sort().join(', ')}`);
}

/** Whether a name is one that a user or program chose, and no header field. */
function isOwn({ set, name }: { readonly set: string; readonly name: string }): boolean {
  if (set.toUpperCase() !== propertySets.publicStrings) return false;
  const isKnown = name === 'Keywords' || ('name' in TEXT_IS_MADE && name === TEXT_IS_MADE.name);
  return !isKnown && !/^(?:urn:schemas|http:\/\/schemas)/i.test(name);
}
