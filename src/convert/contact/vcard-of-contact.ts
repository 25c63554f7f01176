// A card from a contact of Outlook (MS-OXVCARD section 2.1.3), version 3.0 or 4.0.
import { encodeBase64 } from '../../codec/index.ts';
import {
  decompressRtf,
  fileTimeToDate,
  type MapiMessage,
  PidLid,
  PidName,
  PidTag,
  readOneOff,
  textFromRtf,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { writeDay } from './contact-date.ts';
import {
  addressFields,
  CARD_UID,
  emailFields,
  phoneFields,
  textFields,
} from './contact-fields.data.ts';
import { escapeValue, type Vcard, type VcardProperty } from './vcard.ts';

/** The versions that are written. */
export type VcardVersion = '3.0' | '4.0';

type Parameters = VcardProperty['parameters'];

/** Gathers the properties of a card. */
class CardWriter {
  readonly version: VcardVersion;
  readonly properties: VcardProperty[] = [];

  constructor(version: VcardVersion) {
    this.version = version;
  }

  /** A value as it is written; nothing when it is empty. */
  raw(name: string, value: string | undefined, parameters: Parameters = []): void {
    if (value) this.properties.push({ group: '', name, parameters, value });
  }

  /** A text. */
  text(name: string, text: string | undefined, parameters: Parameters = []): void {
    this.raw(name, text === undefined ? undefined : escapeValue(text), parameters);
  }

  /** Parts between semicolons; nothing when all are empty. */
  parts(name: string, parts: readonly (string | undefined)[], parameters: Parameters = []): void {
    if (parts.every((part) => !part)) return;
    this.raw(name, parts.map((part) => escapeValue(part ?? '')).join(';'), parameters);
  }

  /** Types, and whether it is the one to use first. */
  types(types: readonly string[], isFirst = false): Parameters {
    const plain = types.filter((type) => type !== 'pref');
    const isPreferred = isFirst || plain.length < types.length;
    if (this.version === '4.0') {
      const list: [string, readonly string[]][] = plain.length > 0 ? [['TYPE', plain]] : [];
      return isPreferred ? [...list, ['PREF', ['1']]] : list;
    }
    const named = [...plain, ...(isPreferred ? ['pref'] : [])].map((type) => type.toUpperCase());
    return named.length > 0 ? [['TYPE', named]] : [];
  }
}

/** The card of a contact. */
export function vcardOfContact(item: MapiMessage, version: VcardVersion, note: Note): Vcard {
  const { properties } = item;
  const card = new CardWriter(version);
  addNames(card, item);
  for (const { tag, names, older } of textFields) {
    card.text((version === '3.0' ? older : undefined) ?? names[0] ?? '', properties.get(tag));
  }
  for (const child of properties.get(PidTag.ChildrensNames) ?? []) card.text('X-MS-CHILD', child);
  addEmails(card, item, note);
  const written = new Set<object>();
  for (const { tag, types } of phoneFields) {
    const shown = types.length > 0 ? types : ['voice'];
    if (!written.has(tag)) card.text('TEL', properties.get(tag), card.types(shown));
    written.add(tag);
  }
  addAddresses(card, item);
  addRest(card, item);
  addPhoto(card, item);
  return { version, properties: card.properties };
}

function addNames(card: CardWriter, item: MapiMessage): void {
  const { properties } = item;
  const name =
    properties.get(PidTag.DisplayName) ||
    item.subject ||
    properties.get(PidLid.FileUnder) ||
    properties.get(PidTag.CompanyName) ||
    '';
  // A card has to have one (RFC 6350 section 6.2.1).
  card.raw('FN', escapeValue(name) || ' ');
  const parts = [
    PidTag.Surname,
    PidTag.GivenName,
    PidTag.MiddleName,
    PidTag.DisplayNamePrefix,
    PidTag.Generation,
  ].map((tag) => properties.get(tag));
  card.parts('N', parts);
  // Version 3.0 asks for it, with or without parts.
  if (card.version === '3.0' && parts.every((part) => !part))
    card.raw('N', `${escapeValue(name)};;;;`);
  const organization = [properties.get(PidTag.CompanyName), properties.get(PidTag.DepartmentName)];
  card.parts('ORG', organization[1] ? organization : organization.slice(0, 1));
}

/** A sender of Exchange, whose address is no mail address, has it in the entry id or the name. */
function addEmails(card: CardWriter, { properties, codePage }: MapiMessage, note: Note): void {
  let isFirst = true;
  for (const field of emailFields) {
    const address = properties.get(field.address);
    if (!address) continue;
    const type = properties.get(field.addressType)?.toUpperCase() ?? 'SMTP';
    const entryId = properties.get(field.entryId);
    const oneOff = entryId && readOneOff(entryId, codePage)?.address;
    const candidates = [address, properties.get(field.originalName), oneOff];
    const mail = type === 'SMTP' ? address : candidates.find((each) => each?.includes('@'));
    if (mail)
      card.text('EMAIL', mail, card.types(card.version === '3.0' ? ['internet'] : [], isFirst));
    else
      note('address-unresolved', 'An address of a contact is no internet address and was left out');
    isFirst = false;
  }
}

function addAddresses(card: CardWriter, { properties }: MapiMessage): void {
  const mailing = properties.get(PidLid.PostalAddressId);
  for (const field of addressFields) {
    const parts = [
      field.postOfficeBox,
      undefined,
      field.street,
      field.city,
      field.state,
      field.postalCode,
      field.country,
    ].map((tag) => (tag ? properties.get(tag)?.replaceAll('\r\n', '\n') : undefined));
    const types = field.type === '' ? [] : [field.type];
    const whole = properties.get(field.whole);
    if (parts.some((part) => part))
      card.parts('ADR', parts, card.types(types, mailing === field.id));
    // An address that was never taken apart.
    else if (whole) card.parts('ADR', ['', '', whole, '', '', '', ''], card.types(types));
  }
}

const CLASSES = ['', 'X-PERSONAL', 'PRIVATE', 'CONFIDENTIAL'];

function addRest(card: CardWriter, item: MapiMessage): void {
  const { properties } = item;
  const isOld = card.version === '3.0';
  const birthday = properties.get(PidLid.BirthdayLocal) ?? properties.get(PidTag.Birthday);
  const wedding =
    properties.get(PidLid.WeddingAnniversaryLocal) ?? properties.get(PidTag.WeddingAnniversary);
  card.raw('BDAY', writeDay(birthday, card.version));
  card.raw(isOld ? 'X-ANNIVERSARY' : 'ANNIVERSARY', writeDay(wedding, card.version));
  const business = properties.get(PidTag.BusinessHomePage);
  const personal = properties.get(PidTag.PersonalHomePage);
  const page = properties.get(PidLid.Html);
  card.text('URL', business, card.types(['work']));
  card.text('URL', personal, card.types(['home']));
  if (page !== business && page !== personal) card.text('URL', page);
  const gender = properties.get(PidTag.Gender);
  if (gender === 1 || gender === 2) {
    card.raw(isOld ? 'X-MS-GENDER' : 'GENDER', isOld ? String(gender) : gender === 1 ? 'F' : 'M');
  }
  const keywords = properties.get(PidName.Keywords) ?? [];
  card.raw('CATEGORIES', keywords.map(escapeValue).join(','));
  card.text('NOTE', noteOf(item)?.replace(/\s+$/, ''));
  const sensitivity = CLASSES[properties.get(PidTag.Sensitivity) ?? 0];
  // Version 4.0 has no such property any more.
  card.raw(isOld ? 'CLASS' : 'X-CLASS', sensitivity);
  for (const key of properties.get(PidTag.UserX509Certificate) ?? []) {
    addBinary(card, 'KEY', key, 'application/pkix-cert', 'X509');
  }
  card.text('UID', properties.get(CARD_UID));
  const modified = properties.get(PidTag.LastModificationTime);
  const year = modified === undefined ? 0 : fileTimeToDate(modified).getUTCFullYear();
  if (modified !== undefined && year > 1601 && year < 4500) {
    card.raw('REV', `${fileTimeToDate(modified).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`);
  }
}

/** The notes; of contacts that have them as RTF alone, its text. */
function noteOf({ text, properties }: MapiMessage): string | undefined {
  if (text !== undefined) return text;
  const packed = properties.get(PidTag.RtfCompressed);
  if (!packed || packed.length === 0) return undefined;
  try {
    return textFromRtf(decompressRtf(packed));
  } catch {
    return undefined;
  }
}

function addBinary(
  card: CardWriter,
  name: string,
  bytes: Uint8Array,
  mediaType: string,
  type: string,
): void {
  const letters = encodeBase64(bytes);
  if (card.version === '4.0') card.raw(name, `data:${mediaType};base64,${letters}`);
  else
    card.raw(name, letters, [
      ['ENCODING', ['b']],
      ['TYPE', [type]],
    ]);
}

function addPhoto(card: CardWriter, { attachments }: MapiMessage): void {
  const photo =
    attachments.find(({ properties }) => properties.get(PidTag.AttachmentContactPhoto) === true) ??
    attachments.find(({ fileName }) => /^ContactPicture\.(?:jpe?g|png|gif|bmp)$/i.test(fileName));
  const bytes = photo?.bytes();
  if (!photo || !bytes || bytes.length === 0) return;
  const extension = /\.(png|gif|bmp)$/i.exec(photo.fileName)?.[1]?.toLowerCase() ?? 'jpeg';
  addBinary(card, 'PHOTO', bytes, `image/${extension}`, extension.toUpperCase());
}
