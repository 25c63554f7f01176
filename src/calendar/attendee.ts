// Who takes part (RFC 5545 sections 3.8.4.1 and 3.8.4.3): organizer and attendees, from what callers give, as properties,
// and back.
import { printable } from '../base/index.ts';
import { type Parameter, Property } from '../icalendar/internal.ts';
import { type AddressInput, MailAddress, mailboxesOf, parseAddressList } from '../mime/index.ts';
import { fieldError } from './item.ts';

/** What somebody's part is. */
export type AttendeeRole = 'chair' | 'required' | 'optional' | 'none';
/** What kind of participant it is. */
export type AttendeeKind = 'individual' | 'group' | 'resource' | 'room' | 'unknown';
/** What somebody has answered. */
export type AttendeeStatus =
  | 'needs-action'
  | 'accepted'
  | 'declined'
  | 'tentative'
  | 'delegated'
  | 'completed'
  | 'in-process';

/** An organizer or attendee. */
export interface Attendee {
  /** The mail address; of one that was read it may be any URI. */
  readonly address: string;
  /** The name; `''` when there is none. */
  readonly name: string;
  /** Default: `'required'`. */
  readonly role: AttendeeRole;
  /** Default: `'individual'`. */
  readonly kind: AttendeeKind;
  /** Default: `'needs-action'`. */
  readonly status: AttendeeStatus;
  /** Whether an answer is asked for. */
  readonly rsvp: boolean;
  /** To whom the part is given. */
  readonly delegatedTo: readonly string[];
  /** From whom the part came. */
  readonly delegatedFrom: readonly string[];
  /** The groups through which one is invited. */
  readonly member: readonly string[];
  /** Who acts for this one. */
  readonly sentBy: string | undefined;
}

/** An attendee with more than an address: any part of an {@link Attendee}. */
export interface AttendeeOptions extends Partial<Attendee> {
  /** `local@domain` and nothing else. */
  readonly address: string;
}

/** Addresses as everywhere, or attendees with more to them, or a list of both. */
export type AttendeeInput = AddressInput | AttendeeOptions | readonly AttendeeInput[];

const ROLES: readonly (readonly [AttendeeRole, string])[] = [
  ['chair', 'CHAIR'],
  ['required', 'REQ-PARTICIPANT'],
  ['optional', 'OPT-PARTICIPANT'],
  ['none', 'NON-PARTICIPANT'],
];
const KINDS: readonly AttendeeKind[] = ['individual', 'group', 'resource', 'room', 'unknown'];
const STATUSES: readonly AttendeeStatus[] = [
  'needs-action',
  'accepted',
  'declined',
  'tentative',
  'delegated',
  'completed',
  'in-process',
];

/** Reads what a caller gives for attendees; `defaults` is what the list it stands in means. */
export function readAttendees(
  input: AttendeeInput,
  member: string,
  defaults: Partial<Attendee> = {},
): Attendee[] {
  if (Array.isArray(input)) {
    return (input as readonly AttendeeInput[]).flatMap((each) =>
      readAttendees(each, member, defaults),
    );
  }
  const more = typeof input === 'object' && input !== null && 'address' in input ? input : {};
  const list = parseAddressList(input as AddressInput, member);
  return mailboxesOf(list).map(({ address, name }) => {
    const given = {
      ...unanswered,
      ...defaults,
      ...(more instanceof MailAddress ? {} : defined(more)),
    };
    checkChoice(
      given.role,
      ROLES.map(([role]) => role),
      `${member}: role`,
    );
    checkChoice(given.kind, KINDS, `${member}: kind`);
    checkChoice(given.status, STATUSES, `${member}: status`);
    const addresses = (of: readonly string[] | string): string[] =>
      mailboxesOf(parseAddressList(of, member)).map((mailbox) => mailbox.address);
    return {
      ...given,
      address,
      name,
      delegatedTo: addresses(given.delegatedTo),
      delegatedFrom: addresses(given.delegatedFrom),
      member: addresses(given.member),
      sentBy: given.sentBy === undefined ? undefined : addresses(given.sentBy)[0],
    };
  });
}

const unanswered: Omit<Attendee, 'address' | 'name'> = {
  role: 'required',
  kind: 'individual',
  status: 'needs-action',
  rsvp: true,
  delegatedTo: [],
  delegatedFrom: [],
  member: [],
  sentBy: undefined,
};

const defined = (given: object): Partial<Attendee> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

function checkChoice(value: unknown, allowed: readonly string[], member: string): void {
  if (allowed.includes(value as string)) return;
  throw fieldError(
    member,
    `must be one of ${allowed.join(', ')}, got '${printable(String(value), 40)}'`,
  );
}

const uri = (address: string): string => `mailto:${address}`;

/** The address of a `mailto:` URI, else the URI. */
export function addressOf(value: string): string {
  const text = value.trim();
  if (!/^mailto:/i.test(text)) return text;
  const address = (text.slice(7).split('?')[0] ?? '').trim();
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** The property of an attendee. */
export function attendeeProperty(attendee: Attendee): Property {
  const { address, name, role, kind, status, rsvp, sentBy } = attendee;
  const parameters: Parameter[] = [];
  if (kind !== 'individual') parameters.push(['CUTYPE', [kind.toUpperCase()]]);
  parameters.push(['ROLE', [ROLES.find(([of]) => of === role)?.[1] ?? 'REQ-PARTICIPANT']]);
  parameters.push(['PARTSTAT', [status.toUpperCase()]]);
  if (rsvp) parameters.push(['RSVP', ['TRUE']]);
  for (const [key, list] of [
    ['DELEGATED-TO', attendee.delegatedTo],
    ['DELEGATED-FROM', attendee.delegatedFrom],
    ['MEMBER', attendee.member],
  ] as const) {
    if (list.length > 0) parameters.push([key, list.map(uri)]);
  }
  if (sentBy !== undefined) parameters.push(['SENT-BY', [uri(sentBy)]]);
  parameters.push(['CN', [name === '' ? address : name]]);
  return new Property('ATTENDEE', uri(address), parameters);
}

/** The property of an organizer. */
export function organizerProperty({ address, name, sentBy }: Attendee): Property {
  const parameters: Parameter[] = [];
  if (name !== '') parameters.push(['CN', [name]]);
  if (sentBy !== undefined) parameters.push(['SENT-BY', [uri(sentBy)]]);
  return new Property('ORGANIZER', uri(address), parameters);
}

/** Who a property names. */
export function readAttendee(property: Property): Attendee {
  const lower = (name: string): string | undefined => property.parameter(name)?.toLowerCase();
  const role = property.parameter('ROLE')?.toUpperCase();
  const kind = lower('CUTYPE');
  const address = addressOf(property.value);
  const email = property.parameter('EMAIL');
  const isMail = /^mailto:/i.test(property.value.trim());
  const name = property.parameter('CN') ?? '';
  const sentBy = property.parameter('SENT-BY');
  return {
    address: !isMail && email !== undefined ? addressOf(email) : address,
    name: name === address ? '' : name,
    role: ROLES.find(([, written]) => written === role)?.[0] ?? 'required',
    kind: kind === undefined ? 'individual' : (KINDS.find((known) => known === kind) ?? 'unknown'),
    status: STATUSES.find((known) => known === lower('PARTSTAT')) ?? 'needs-action',
    rsvp: lower('RSVP') === 'true',
    delegatedTo: property.parameterValues('DELEGATED-TO').map(addressOf),
    delegatedFrom: property.parameterValues('DELEGATED-FROM').map(addressOf),
    member: property.parameterValues('MEMBER').map(addressOf),
    sentBy: sentBy === undefined ? undefined : addressOf(sentBy),
  };
}

/** Whether two addresses are the same mailbox, as far as calendars are concerned. */
export const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
