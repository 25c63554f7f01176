// Who takes part, from an item of Outlook: ORGANIZER and ATTENDEE (MS-OXCICAL section 2.1.3.1.1.20).
import { Property } from '../../icalendar/internal.ts';
import { type MapiRecipient, PidTag } from '../../mapi/index.ts';
import type { ItemView } from './item-view.ts';

type Parameters = [name: string, values: readonly string[]][];

/** Somebody with an address. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** PidTagRecipientFlags: the one who invites. */
const ORGANIZER_FLAG = 0x2;
/** PidTagRecipientTrackStatus by number; 1 is the organizer. */
const STATUSES = ['NEEDS-ACTION', 'ACCEPTED', 'TENTATIVE', 'ACCEPTED', 'DECLINED', 'NEEDS-ACTION'];

/** Who the item is from: of a meeting always the one who invites. */
export function representing(view: ItemView): Person | undefined {
  return person(
    view.get(PidTag.SentRepresentingName),
    view.get(PidTag.SentRepresentingSmtpAddress),
    view.get(PidTag.SentRepresentingAddressType),
    view.get(PidTag.SentRepresentingEmailAddress),
  );
}

/** Who wrote the item, perhaps for somebody else. */
export function sender(view: ItemView): Person | undefined {
  return person(
    view.get(PidTag.SenderName),
    view.get(PidTag.SenderSmtpAddress),
    view.get(PidTag.SenderAddressType),
    view.get(PidTag.SenderEmailAddress),
  );
}

function person(
  name: string | undefined,
  smtp: string | undefined,
  type: string | undefined,
  given: string | undefined,
): Person | undefined {
  const isMail = type === undefined || type.toUpperCase() === 'SMTP';
  const address = smtp || (isMail && given?.includes('@') ? given : '');
  if (!address && !name) return undefined;
  return { name: name ?? '', address: address ?? '' };
}

const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The value for somebody; one without an address, as Exchange names such people. */
function uriOf({ name, address }: Person): string {
  // The name of somebody who was only typed is often the address.
  const known = address || (/^[^\s@<>]+@[^\s@<>]+$/.test(name) ? name : '');
  return known === '' ? 'invalid:nomail' : `mailto:${encodeAddress(known)}`;
}

/** The few characters that would end a URI or a line. */
const encodeAddress = (address: string): string =>
  address.replace(/[\0-\x20"<>\\^`{|}%?#]/g, (char) => encodeURIComponent(char));

/** ORGANIZER, with who acts for the organizer. */
export function organizer(person: Person, by: Person | undefined): Property {
  const parameters: Parameters = [];
  if (person.name !== '') parameters.push(['CN', [person.name]]);
  if (by && by.address !== '' && !sameAddress(by.address, person.address)) {
    parameters.push(['SENT-BY', [uriOf(by)]]);
  }
  return new Property('ORGANIZER', uriOf(person), parameters);
}

/** ATTENDEE of somebody who answers. */
export function answering(person: Person, by: Person | undefined, status: string): Property {
  const parameters: Parameters = [['PARTSTAT', [status]]];
  if (person.name !== '') parameters.push(['CN', [person.name]]);
  if (by && by.address !== '' && !sameAddress(by.address, person.address)) {
    parameters.push(['SENT-BY', [uriOf(by)]]);
  }
  return new Property('ATTENDEE', uriOf(person), parameters);
}

/** ATTENDEE for every recipient who is not the organizer. */
export function attendees(view: ItemView, inviting: Person | undefined): Property[] {
  const asksForAnswer = view.get(PidTag.ResponseRequested) ?? true;
  return view.recipients
    .filter((recipient) => !isOrganizer(recipient, inviting))
    .map((recipient) => attendee(recipient, asksForAnswer));
}

function isOrganizer(recipient: MapiRecipient, inviting: Person | undefined): boolean {
  const flags = recipient.properties.get(PidTag.RecipientFlags) ?? 0;
  if ((flags & ORGANIZER_FLAG) !== 0 || recipient.kind === 'originator') return true;
  return (
    inviting !== undefined &&
    inviting.address !== '' &&
    sameAddress(recipient.address, inviting.address)
  );
}

function attendee(recipient: MapiRecipient, asksForAnswer: boolean): Property {
  const { kind, name, address, properties } = recipient;
  const parameters: Parameters = [];
  if (kind === 'bcc') parameters.push(['CUTYPE', ['RESOURCE']]);
  const role =
    kind === 'cc' ? 'OPT-PARTICIPANT' : kind === 'bcc' ? 'NON-PARTICIPANT' : 'REQ-PARTICIPANT';
  const status = STATUSES[properties.get(PidTag.RecipientTrackStatus) ?? 0] ?? 'NEEDS-ACTION';
  parameters.push(['ROLE', [role]], ['PARTSTAT', [status]]);
  if (asksForAnswer) parameters.push(['RSVP', ['TRUE']]);
  if (name !== '') parameters.push(['CN', [name]]);
  return new Property('ATTENDEE', uriOf({ name, address }), parameters);
}
