// Who takes part, from iCalendar to the recipients of an item (MS-OXCICAL section 2.1.3.1.1.20).
import type { Attendee } from '../../calendar/index.ts';
import {
  type MapiMessage,
  MapiRecipient,
  PidLid,
  PidTag,
  type RecipientKind,
  writeOneOff,
} from '../../mapi/index.ts';
import { smtpSearchKey } from '../../mapi/internal.ts';

/** PidTagRecipientFlags: can be sent to; invites. */
const SENDABLE = 0x1;
const ORGANIZER = 0x2;

/** PidTagRecipientTrackStatus. */
const TRACK_STATUS: Readonly<Record<string, number>> = {
  tentative: 2,
  accepted: 3,
  declined: 4,
};
const NOT_ANSWERED = 0;

const lower = (address: string): string => address.toLowerCase();

/** An address of mail; who has none, or a URI of another kind, is known by name only. */
const mailOf = ({ address }: Attendee): string => (/^[a-z]+:/i.test(address) ? '' : address);

/**
 * Puts everybody among the recipients: who is there already gets what the calendar says, who is missing is added.
 *
 * @param isKept Whether the item is an appointment, with its organizer as the first of the recipients.
 */
export function setPeople(
  item: MapiMessage,
  attendees: readonly Attendee[],
  organizer: Attendee | undefined,
  isKept: boolean,
): void {
  const known = new Map(item.recipients.map((each) => [lower(each.address), each]));
  if (isKept && organizer && !known.has(lower(mailOf(organizer)))) {
    const address = mailOf(organizer);
    const first = MapiRecipient.of('to', address, organizer.name || address);
    first.properties.set(PidTag.RecipientFlags, SENDABLE | ORGANIZER);
    item.recipients.unshift(first);
    if (address !== '') known.set(lower(address), first);
  }
  for (const attendee of attendees) {
    const { name, status } = attendee;
    const address = mailOf(attendee);
    let recipient = known.get(lower(address));
    if (!recipient) {
      recipient = MapiRecipient.of(kindOf(attendee), address, name || address);
      item.recipients.push(recipient);
      if (address !== '') known.set(lower(address), recipient);
    }
    const { properties } = recipient;
    const flags = properties.get(PidTag.RecipientFlags) ?? 0;
    properties
      .set(PidTag.RecipientFlags, flags | SENDABLE)
      .set(PidTag.RecipientTrackStatus, TRACK_STATUS[status] ?? NOT_ANSWERED);
  }
  const others = attendees.filter(({ address }) => address !== organizer?.address);
  setNames(item, others);
}

const kindOf = ({ role, kind }: Attendee): RecipientKind =>
  kind === 'resource' || kind === 'room'
    ? 'bcc'
    : role === 'optional' || role === 'none'
      ? 'cc'
      : 'to';

/** The names of all, which Outlook shows without looking at the recipients. */
function setNames({ properties }: MapiMessage, attendees: readonly Attendee[]): void {
  const names = (kinds: readonly RecipientKind[]): string =>
    attendees
      .filter((each) => kinds.includes(kindOf(each)))
      .map(({ name, address }) => name || address)
      .join('; ');
  properties
    .set(PidLid.AllAttendeesString, names(['to', 'cc', 'bcc']))
    .set(PidLid.ToAttendeesString, names(['to']))
    .set(PidLid.CcAttendeesString, names(['cc']))
    .set(PidLid.RequiredAttendees, names(['to']))
    .set(PidLid.OptionalAttendees, names(['cc']))
    .set(PidLid.ResourceAttendees, names(['bcc']));
}

/** Who the item is from, unless it says so already. */
export function setAuthor({ properties }: MapiMessage, author: Attendee): void {
  if (properties.has(PidTag.SentRepresentingEmailAddress)) return;
  const address = mailOf(author);
  const shown = author.name || address;
  if (address === '') {
    if (shown !== '') properties.set(PidTag.SentRepresentingName, shown);
    return;
  }
  const entryId = writeOneOff({ name: shown, addressType: 'SMTP', address });
  properties
    .set(PidTag.SentRepresentingName, shown)
    .set(PidTag.SentRepresentingAddressType, 'SMTP')
    .set(PidTag.SentRepresentingEmailAddress, address)
    .set(PidTag.SentRepresentingSmtpAddress, address)
    .set(PidTag.SentRepresentingEntryId, entryId)
    .set(PidTag.SentRepresentingSearchKey, smtpSearchKey(address));
  if (properties.has(PidTag.SenderEmailAddress)) return;
  properties
    .set(PidTag.SenderName, shown)
    .set(PidTag.SenderAddressType, 'SMTP')
    .set(PidTag.SenderEmailAddress, address)
    .set(PidTag.SenderSmtpAddress, address)
    .set(PidTag.SenderEntryId, entryId)
    .set(PidTag.SenderSearchKey, smtpSearchKey(address));
}
