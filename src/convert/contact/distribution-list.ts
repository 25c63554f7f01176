// Distribution lists of Outlook (MS-OXOCNTC section 2.2.2) and cards of groups (RFC 6350 section 6.1.4), both ways.
import {
  MapiMessage,
  type OneOff,
  PidLid,
  PidTag,
  readOneOff,
  writeOneOff,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { CARD_UID } from './contact-fields.data.ts';
import { escapeValue, textOf, type Vcard, type VcardProperty } from './vcard.ts';
import type { VcardVersion } from './vcard-of-contact.ts';

const ICON = 0x202;

/** Whether a card is one of a group. */
export function isGroup({ properties }: Vcard): boolean {
  return properties.some(
    ({ name, value }) =>
      (name === 'KIND' || name === 'X-ADDRESSBOOKSERVER-KIND') &&
      value.trim().toLowerCase() === 'group',
  );
}

/** The distribution list of a group's card. */
export function listOfVcard(card: Vcard, note: Note): MapiMessage {
  const item = new MapiMessage();
  const plainOf = (name: string): string =>
    textOf(card.properties.find((each) => each.name === name)?.value ?? '').trim();
  const name = plainOf('FN') || plainOf('N').replace(/;+$/, '');
  item.messageClass = 'IPM.DistList';
  const members = membersOf(card, note).map((member) => writeOneOff(member));
  item.properties
    .set(PidTag.IconIndex, ICON)
    .set(PidTag.DisplayName, name)
    .set(PidTag.Subject, name)
    .set(PidTag.SubjectPrefix, '')
    .set(PidTag.NormalizedSubject, name)
    .set(PidLid.FileUnder, name)
    .set(PidLid.DistributionListName, name);
  if (members.length > 0) {
    item.properties
      .set(PidLid.DistributionListMembers, members)
      .set(PidLid.DistributionListOneOffMembers, members);
  }
  const body = plainOf('NOTE');
  if (body !== '') item.text = body.replace(/\r\n?|\n/g, '\r\n');
  const uid = plainOf('UID');
  if (uid !== '') item.properties.set(CARD_UID, uid);
  return item;
}

/** Members by their mail address; others are cards of their own, which a list can't refer to. */
function membersOf({ properties }: Vcard, note: Note): OneOff[] {
  const members: OneOff[] = [];
  let lost = 0;
  for (const { name, value, parameters } of properties) {
    if (name !== 'MEMBER' && name !== 'X-ADDRESSBOOKSERVER-MEMBER') continue;
    const match = /^mailto:([^?]*)/i.exec(textOf(value).trim());
    if (!match) {
      lost += 1;
      continue;
    }
    const address = decode(match[1] ?? '');
    const shown = parameters.find(([key]) => key === 'CN')?.[1][0];
    members.push({ name: shown ?? address, addressType: 'SMTP', address });
  }
  if (lost > 0) {
    note(
      'members-lost',
      `${lost} members of a group have no mail address in its card and were left out`,
    );
  }
  return members;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The card of a distribution list. */
export function vcardOfList(item: MapiMessage, version: VcardVersion, note: Note): Vcard {
  const { properties, codePage } = item;
  const name =
    properties.get(PidLid.DistributionListName) ||
    properties.get(PidTag.DisplayName) ||
    item.subject;
  const isOld = version === '3.0';
  const made: VcardProperty[] = [];
  const add = (key: string, value: string, parameters: VcardProperty['parameters'] = []): void => {
    if (value !== '') made.push({ group: '', name: key, parameters, value });
  };
  add(isOld ? 'X-ADDRESSBOOKSERVER-KIND' : 'KIND', 'group');
  add('FN', escapeValue(name) || ' ');
  if (isOld) add('N', `${escapeValue(name)};;;;`);
  const given =
    properties.get(PidLid.DistributionListOneOffMembers) ??
    properties.get(PidLid.DistributionListMembers) ??
    [];
  let lost = 0;
  for (const entryId of given) {
    const member = readOneOff(entryId, codePage);
    if (!member?.address.includes('@')) {
      lost += 1;
      continue;
    }
    const uri = `mailto:${member.address.replace(/[\0-\x20"<>\\^`{|}%?#]/g, encodeURIComponent)}`;
    const shown = member.name.replace(/\s*\([^()]*@[^()]*\)$/, '');
    const parameters = shown === '' || shown === member.address ? [] : ([['CN', [shown]]] as const);
    // CN is what iCalendar calls it; readers that don't know it pass over it.
    add(isOld ? 'X-ADDRESSBOOKSERVER-MEMBER' : 'MEMBER', uri, parameters);
  }
  if (lost > 0) {
    note(
      'members-lost',
      `${lost} members of a distribution list have no mail address and were left out`,
    );
  }
  add('NOTE', escapeValue((item.text ?? '').replace(/\s+$/, '')));
  add('UID', escapeValue(properties.get(CARD_UID) ?? ''));
  return { version, properties: made };
}
