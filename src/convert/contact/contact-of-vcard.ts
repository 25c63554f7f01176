// A contact of Outlook from a card (MS-OXVCARD section 2.1.3; MS-OXOCNTC section 2.2.1).
import { decodeBase64 } from '../../codec/index.ts';
import {
  dateToFileTime,
  MapiAttachment,
  MapiMessage,
  PidLid,
  PidName,
  PidTag,
  writeOneOff,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { readDay } from './contact-date.ts';
import {
  type AddressField,
  addressFields,
  CARD_UID,
  emailFields,
  mailingAddress,
  phoneFields,
  textFields,
} from './contact-fields.data.ts';
import { parameterOf, partsOf, textOf, typesOf, type Vcard, type VcardProperty } from './vcard.ts';

/** PidTagIconIndex of contacts. */
const ICON = 0x200;
const SIDE_EFFECTS = 0x110;
/** PidLidFileUnderId: "Last, First". */
const FILED_BY_NAME = 0x8017;

/** The contact of a card. */
export function contactOfVcard(card: Vcard, note: Note): MapiMessage {
  const item = new MapiMessage();
  item.messageClass = 'IPM.Contact';
  item.properties.set(PidTag.IconIndex, ICON).set(PidLid.SideEffects, SIDE_EFFECTS);
  setNames(item, card);
  setTexts(item, card);
  setPhones(item, card, note);
  setEmails(item, card, note);
  setAddresses(item, card, note);
  setRest(item, card);
  setPhoto(item, card, note);
  return item;
}

const all = ({ properties }: Vcard, ...names: readonly string[]): VcardProperty[] =>
  properties.filter(({ name }) => names.includes(name));

/** The first of several; those that are preferred go first. */
function inOrder(properties: readonly VcardProperty[]): VcardProperty[] {
  const rank = (property: VcardProperty): number => {
    const pref = Number(parameterOf(property, 'PREF')[0] ?? Number.NaN);
    if (Number.isFinite(pref)) return pref;
    return typesOf(property).has('pref') ? 1 : 101;
  };
  return [...properties].sort((a, b) => rank(a) - rank(b));
}

const plainOf = (card: Vcard, ...names: readonly string[]): string =>
  textOf(inOrder(all(card, ...names))[0]?.value ?? '').trim();

function setNames(item: MapiMessage, card: Vcard): void {
  const { properties } = item;
  const written = inOrder(all(card, 'N'))[0];
  const parts = written ? partsOf(written.value).map((part) => part.trim()) : [];
  const [surname = '', given = '', middle = '', prefix = '', suffix = ''] = parts;
  for (const [tag, text] of [
    [PidTag.Surname, surname],
    [PidTag.GivenName, given],
    [PidTag.MiddleName, middle],
    [PidTag.DisplayNamePrefix, prefix],
    [PidTag.Generation, suffix],
  ] as const) {
    if (text !== '') properties.set(tag, text);
  }
  const organization = inOrder(all(card, 'ORG'))[0];
  const [company = '', department = ''] = organization ? partsOf(organization.value) : [];
  if (company !== '') properties.set(PidTag.CompanyName, company);
  if (department !== '') properties.set(PidTag.DepartmentName, department);
  const joined = [prefix, given, middle, surname, suffix].filter((part) => part !== '').join(' ');
  const name = plainOf(card, 'FN') || joined || company || plainOf(card, 'EMAIL');
  const filed = surname !== '' && given !== '' ? `${surname}, ${given}` : name;
  properties
    .set(PidTag.DisplayName, name)
    .set(PidTag.Subject, name)
    .set(PidTag.SubjectPrefix, '')
    .set(PidTag.NormalizedSubject, name)
    .set(PidTag.ConversationTopic, name)
    .set(PidLid.FileUnder, filed)
    .set(PidLid.FileUnderId, filed === name ? 0xffff : FILED_BY_NAME);
}

function setTexts({ properties }: MapiMessage, card: Vcard): void {
  for (const { tag, names, older } of textFields) {
    const text = plainOf(card, ...names, ...(older === undefined ? [] : [older]));
    if (text !== '') properties.set(tag, text);
  }
  // RFC 6350 section 6.6.6: people beside this one.
  for (const related of all(card, 'RELATED')) {
    const types = typesOf(related);
    const name = textOf(related.value);
    if (types.has('spouse') && !properties.has(PidTag.SpouseName)) {
      properties.set(PidTag.SpouseName, name);
    }
  }
  const children = all(card, 'X-MS-CHILD', 'X-CHILD')
    .concat(all(card, 'RELATED').filter((related) => typesOf(related).has('child')))
    .map(({ value }) => textOf(value));
  if (children.length > 0) properties.set(PidTag.ChildrensNames, children);
}

/** What other programs call a kind of number. */
const ALIASES: Readonly<Record<string, string>> = {
  mobile: 'cell',
  iphone: 'cell',
  pcs: 'cell',
  'tty-tdd': 'textphone',
  assistant: 'x-assistant',
  callback: 'x-callback',
  company: 'x-company',
  radio: 'x-radio',
  telex: 'x-telex',
  tlx: 'x-telex',
};

function setPhones({ properties }: MapiMessage, card: Vcard, note: Note): void {
  let lost = 0;
  for (const property of inOrder(all(card, 'TEL'))) {
    const types = new Set([...typesOf(property)].map((type) => ALIASES[type] ?? type));
    // A URI of version 4.0.
    const number = textOf(property.value).replace(/^tel:/i, '').replace(/;ext=/i, ' x').trim();
    if (number === '') continue;
    const row = phoneFields.find(
      (field) => !properties.has(field.tag) && field.types.every((type) => types.has(type)),
    );
    if (row) properties.set(row.tag, number);
    else lost += 1;
  }
  if (lost > 0)
    note('properties-lost', `A contact has no place for ${lost} more telephone numbers`);
}

function setEmails({ properties }: MapiMessage, card: Vcard, note: Note): void {
  const emails = inOrder(all(card, 'EMAIL')).flatMap((property) => {
    const address = textOf(property.value)
      .replace(/^mailto:/i, '')
      .trim();
    return address === '' ? [] : [address];
  });
  const name = properties.get(PidTag.DisplayName) ?? '';
  const kept = emails.slice(0, emailFields.length);
  for (const [index, address] of kept.entries()) {
    const field = emailFields[index];
    if (!field) continue;
    properties
      .set(field.address, address)
      .set(field.addressType, 'SMTP')
      .set(field.displayName, name === '' ? address : `${name} (${address})`)
      .set(field.originalName, address)
      .set(field.entryId, writeOneOff({ name: address, addressType: 'SMTP', address }));
  }
  if (kept.length > 0) {
    const bits = kept.reduce((mask, _address, index) => mask | (1 << index), 0);
    properties.set(PidLid.AddressBookProviderArrayType, bits).set(
      PidLid.AddressBookProviderEmailList,
      kept.map((_address, index) => index),
    );
  }
  const lost = emails.length - kept.length;
  if (lost > 0) note('properties-lost', `A contact has no place for ${lost} more mail addresses`);
}

function setAddresses({ properties }: MapiMessage, card: Vcard, note: Note): void {
  let lost = 0;
  let mailing: { property: VcardProperty; id: number } | undefined;
  const used = new Set<AddressField>();
  for (const property of inOrder(all(card, 'ADR'))) {
    const types = typesOf(property);
    const wanted = addressFields.find(({ type }) => type !== '' && types.has(type));
    const field = [wanted, ...addressFields].find((each) => {
      const fits = each !== undefined && !used.has(each);
      return fits && (each === wanted || each.type === '' || !wanted);
    });
    if (!field) lost += 1;
    else {
      used.add(field);
      setAddress(properties, field, property);
      mailing ??= { property, id: field.id };
    }
  }
  if (mailing) {
    setAddress(properties, mailingAddress, mailing.property);
    properties.set(PidLid.PostalAddressId, mailing.id);
  }
  if (lost > 0) note('properties-lost', `A contact has no place for ${lost} more addresses`);
}

function setAddress(
  properties: MapiMessage['properties'],
  field: AddressField,
  property: VcardProperty,
): void {
  const [
    postOfficeBox = '',
    extended = '',
    first = '',
    city = '',
    state = '',
    code = '',
    country = '',
  ] = partsOf(property.value).map((part) => part.trim());
  const street = [first, extended].filter((part) => part !== '').join('\r\n');
  const whole = [
    street,
    postOfficeBox,
    [city, state, code].filter((part) => part !== '').join(' '),
    country,
  ];
  const label = parameterOf(property, 'LABEL')[0];
  for (const [tag, text] of [
    [field.postOfficeBox, postOfficeBox],
    [field.street, street],
    [field.city, city],
    [field.state, state],
    [field.postalCode, code],
    [field.country, country],
    [field.whole, label ?? whole.filter((part) => part !== '').join('\r\n')],
  ] as const) {
    if (text !== '') properties.set(tag, text.replace(/\r\n?|\n/g, '\r\n'));
  }
}

const CLASSES: Readonly<Record<string, number>> = { PRIVATE: 2, CONFIDENTIAL: 3, 'X-PERSONAL': 1 };

function setRest(item: MapiMessage, card: Vcard): void {
  const { properties } = item;
  const body = all(card, 'NOTE').map(({ value }) => textOf(value));
  if (body.length > 0) item.text = body.join('\n\n').replace(/\r\n?|\n/g, '\r\n');
  const categories = all(card, 'CATEGORIES').flatMap(({ value }) => partsOf(value, ','));
  if (categories.length > 0)
    properties.set(
      PidName.Keywords,
      categories.map((each) => each.trim()),
    );
  const days = [
    [['BDAY'], [PidTag.Birthday, PidLid.BirthdayLocal]],
    [
      ['ANNIVERSARY', 'X-ANNIVERSARY', 'X-MS-ANNIVERSARY', 'X-EVOLUTION-ANNIVERSARY'],
      [PidTag.WeddingAnniversary, PidLid.WeddingAnniversaryLocal],
    ],
  ] as const;
  for (const [names, tags] of days) {
    const day = readDay(plainOf(card, ...names));
    if (day !== undefined) for (const tag of tags) properties.set(tag, day);
  }
  for (const property of all(card, 'URL')) {
    const isHome = typesOf(property).has('home');
    const tag = isHome ? PidTag.PersonalHomePage : PidTag.BusinessHomePage;
    const address = textOf(property.value).trim();
    if (address === '') continue;
    if (!properties.has(tag)) properties.set(tag, address);
    else if (!properties.has(PidLid.Html)) properties.set(PidLid.Html, address);
  }
  if (!properties.has(PidLid.Html)) {
    const page = properties.get(PidTag.BusinessHomePage) ?? properties.get(PidTag.PersonalHomePage);
    if (page !== undefined) properties.set(PidLid.Html, page);
  }
  const gender = plainOf(card, 'GENDER', 'X-MS-GENDER', 'X-WAB-GENDER').charAt(0).toUpperCase();
  if (gender === 'F' || gender === '1') properties.set(PidTag.Gender, 1);
  if (gender === 'M' || gender === '2') properties.set(PidTag.Gender, 2);
  const sensitivity = CLASSES[plainOf(card, 'CLASS', 'X-CLASS').toUpperCase()];
  if (sensitivity !== undefined) {
    properties.set(PidTag.Sensitivity, sensitivity).set(PidLid.Private, sensitivity >= 2);
  }
  const uid = plainOf(card, 'UID');
  if (uid !== '') properties.set(CARD_UID, uid);
  const revised = readMoment(plainOf(card, 'REV'));
  if (revised) properties.set(PidTag.LastModificationTime, dateToFileTime(revised));
  const keys = all(card, 'KEY').flatMap((property) => binaryOf(property)?.bytes ?? []);
  if (keys.length > 0) properties.set(PidTag.UserX509Certificate, keys);
}

const MOMENT = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(?:Z|[+-]00:?00)?)?$/i;

/** A timestamp in UTC; one in another zone, as RFC 6350 forbids it, is none. */
function readMoment(value: string): Date | undefined {
  const match = MOMENT.exec(value.slice(0, 50));
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return year > 1601 ? new Date(Date.UTC(year, month - 1, day, hour, minute, second)) : undefined;
}

/** The octets of a value: in base64, or in a data URI; `undefined` when it only says where they are. */
function binaryOf(property: VcardProperty): { bytes: Uint8Array; type: string } | undefined {
  const encoding = parameterOf(property, 'ENCODING')[0]?.toUpperCase();
  const type = parameterOf(property, 'TYPE')[0] ?? parameterOf(property, 'MEDIATYPE')[0] ?? '';
  const data = /^data:([^;,]*)(?:;[^;,]*)*;base64,/i.exec(property.value.slice(0, 1000));
  const letters = data ? property.value.slice(data[0].length) : property.value;
  if (!data && encoding !== 'B' && encoding !== 'BASE64') return undefined;
  const bytes = decodeBase64(letters.replace(/\\,/g, ','));
  return bytes.length === 0 ? undefined : { bytes, type: (data?.[1] || type).toLowerCase() };
}

function setPhoto(item: MapiMessage, card: Vcard, note: Note): void {
  const [property] = inOrder(all(card, 'PHOTO'));
  if (!property) return;
  const photo = binaryOf(property);
  if (!photo) {
    note('resource-missing', 'The photo of a card is not in the file; only its address is');
    return;
  }
  const extension = /png|gif|bmp/.exec(photo.type)?.[0] ?? 'jpg';
  const attachment = MapiAttachment.file(`ContactPicture.${extension}`, photo.bytes);
  attachment.properties
    .set(PidTag.AttachmentContactPhoto, true)
    .set(PidTag.AttachmentHidden, true)
    .set(PidTag.AttachMimeTag, extension === 'jpg' ? 'image/jpeg' : `image/${extension}`);
  item.attachments.push(attachment);
  item.properties.set(PidLid.HasPicture, true);
}
