// The fields of a header that name people, made of an item's properties and recipients (MS-OXCMAIL section 2.1.3.1).
import { type MapiMessage, PidTag, readOneOff } from '../../mapi/index.ts';
import type { HeaderField } from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { readEntryList } from './entry-list.ts';
import {
  AUTHOR,
  knownAddresses,
  type Person,
  type PersonContext,
  peopleField,
  personAt,
  personOf,
  RECIPIENT,
  SENDER,
} from './people.ts';

/** From, Sender, To, Cc, Bcc, Reply-To, and who is told of delivery and reading. */
export function* peopleFields(item: MapiMessage, note: Note): Generator<HeaderField> {
  const { properties, codePage } = item;
  const context = { codePage, known: knownAddresses(item), note };
  const author = personAt(properties, AUTHOR, context);
  const sender = personAt(properties, SENDER, { ...context, note: author ? ignore : note });
  const from = author ?? sender;
  if (from) yield peopleField('From', [from]);
  if (from && sender && sender.address !== '' && isOther(sender, from)) {
    yield peopleField('Sender', [sender]);
  }
  yield* recipientFields(item, context);
  const answers = replyTo(item, note);
  if (answers.length > 0) yield peopleField('Reply-To', answers);
  const reader = readReceiptTo(item) ?? from;
  if (reader && properties.get(PidTag.ReadReceiptRequested)) {
    yield peopleField('Disposition-Notification-To', [reader]);
  }
  if (from && properties.get(PidTag.OriginatorDeliveryReportRequested)) {
    yield peopleField('Return-Receipt-To', [from]);
  }
}

const ignore: Note = () => undefined;

const isOther = (one: Person, other: Person): boolean =>
  one.address.toLowerCase() !== other.address.toLowerCase();

function* recipientFields(item: MapiMessage, context: PersonContext): Generator<HeaderField> {
  for (const [kind, name] of RECIPIENT_FIELDS) {
    const people = item.recipients
      .filter((recipient) => recipient.kind === kind)
      .flatMap(({ properties }) => personAt(properties, RECIPIENT, context) ?? []);
    if (people.length > 0) yield peopleField(name, people);
  }
}

const RECIPIENT_FIELDS = [
  ['to', 'To'],
  ['cc', 'Cc'],
  ['bcc', 'Bcc'],
] as const;

/** Where answers go (PidTagReplyRecipientEntries). */
function replyTo({ properties, codePage }: MapiMessage, note: Note): Person[] {
  const entries = properties.get(PidTag.ReplyRecipientEntries);
  if (entries === undefined) return [];
  return readEntryList(entries).flatMap((entry) => {
    const oneOff = readOneOff(entry, codePage);
    if (oneOff) return [personOf(oneOff)];
    note('address-unresolved', 'somebody whom answers go to has no internet address');
    return [];
  });
}

function readReceiptTo({ properties, codePage }: MapiMessage): Person | undefined {
  const entry = properties.get(PidTag.ReadReceiptEntryId);
  const oneOff = entry && readOneOff(entry, codePage);
  return oneOff && personOf(oneOff);
}
