// People as MAPI names them, and as an internet message does.
import { Buffer } from 'node:buffer';
import {
  type MapiMessage,
  type MapiProperties,
  type OneOff,
  PidTag,
  type PropertyTag,
  readOneOff,
} from '../../mapi/index.ts';
import { addressField, type HeaderField, MailAddress } from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { encapsulate } from './imcea.ts';

/** Somebody: a name to show and an address; either may be empty. */
export interface Person {
  readonly name: string;
  /** `local@domain`; empty when the item does not say one. */
  readonly address: string;
}

/** The properties that say who somebody is. */
export interface PersonTags {
  readonly name: PropertyTag<0x001f>;
  readonly type: PropertyTag<0x001f>;
  readonly address: PropertyTag<0x001f>;
  readonly smtp: PropertyTag<0x001f>;
  readonly entryId: PropertyTag<0x0102>;
  readonly searchKey: PropertyTag<0x0102>;
}

/** Who the message is from. */
export const AUTHOR: PersonTags = {
  name: PidTag.SentRepresentingName,
  type: PidTag.SentRepresentingAddressType,
  address: PidTag.SentRepresentingEmailAddress,
  smtp: PidTag.SentRepresentingSmtpAddress,
  entryId: PidTag.SentRepresentingEntryId,
  searchKey: PidTag.SentRepresentingSearchKey,
};

/** Who sent it, in the author's name or their own. */
export const SENDER: PersonTags = {
  name: PidTag.SenderName,
  type: PidTag.SenderAddressType,
  address: PidTag.SenderEmailAddress,
  smtp: PidTag.SenderSmtpAddress,
  entryId: PidTag.SenderEntryId,
  searchKey: PidTag.SenderSearchKey,
};

/** A row of the recipients. */
export const RECIPIENT: PersonTags = {
  name: PidTag.DisplayName,
  type: PidTag.AddressType,
  address: PidTag.EmailAddress,
  smtp: PidTag.SmtpAddress,
  entryId: PidTag.EntryId,
  searchKey: PidTag.SearchKey,
};

/** What reading a person needs beside the properties. */
export interface PersonContext {
  /** Of 8-bit text in entry identifiers. */
  readonly codePage: number;
  /** Internet addresses that the item tells elsewhere, by another address or a name. */
  readonly known: ReadonlyMap<string, string>;
  /** Is told who has no internet address. */
  readonly note: Note;
}

/** Who some properties name; `undefined` when they name nobody. What can't be resolved is told. */
export function personAt(
  properties: MapiProperties,
  tags: PersonTags,
  { codePage, known, note }: PersonContext,
): Person | undefined {
  const name = oneLine(properties.get(tags.name) ?? '');
  const type = (properties.get(tags.type) ?? '').trim().toUpperCase();
  const address = oneLine(properties.get(tags.address) ?? '');
  const entryId = properties.get(tags.entryId);
  const oneOff = entryId && readOneOff(entryId, codePage);
  const found = [
    oneLine(properties.get(tags.smtp) ?? ''),
    type === 'SMTP' || type === '' ? address : '',
    smtpOf(oneOff),
    keyAddress(properties.get(tags.searchKey)),
    name,
    known.get(address.toUpperCase()) ?? '',
    known.get(name) ?? '',
  ].find(isAddress);
  const shown = name || oneLine(oneOff?.name ?? '');
  if (found !== undefined) return { name: isSameText(shown, found) ? '' : shown, address: found };
  if (address === '') return shown === '' ? undefined : { name: shown, address: '' };
  if (type === '' || type === 'SMTP') return { name: shown, address };
  // What Outlook writes where there is nobody.
  if (type === 'UNKNOWN') {
    return isSameText(shown, 'Unknown') ? undefined : { name: shown, address: '' };
  }
  note('address-unresolved', `${shown || address} has no internet address, only one of ${type}`);
  return { name: shown, address: encapsulate(type, address) };
}

// MS-OXPROPS lists them under no name.
const CREATOR_SMTP = { id: 0x5d0a, type: 0x001f } as const;
const LAST_MODIFIER_SMTP = { id: 0x5d0b, type: 0x001f } as const;

/** The internet addresses that an item tells of people whom it names by other addresses too. */
export function knownAddresses({ properties, recipients }: MapiMessage): Map<string, string> {
  const known = new Map<string, string>();
  const learn = (key: string | undefined, address: string | undefined): void => {
    if (key && address && isAddress(address)) known.set(key, address);
  };
  learn(properties.get(PidTag.CreatorName), properties.get(CREATOR_SMTP));
  learn(properties.get(PidTag.LastModifierName), properties.get(LAST_MODIFIER_SMTP));
  for (const recipient of recipients) {
    learn(recipient.properties.get(PidTag.EmailAddress)?.toUpperCase(), recipient.address);
  }
  for (const tags of [AUTHOR, SENDER]) {
    learn(properties.get(tags.address)?.toUpperCase(), properties.get(tags.smtp));
  }
  return known;
}

/** The person of a One-Off EntryID. */
export function personOf(oneOff: OneOff): Person {
  const name = oneLine(oneOff.name);
  const address = smtpOf(oneOff) || encapsulate(oneOff.addressType, oneLine(oneOff.address));
  return { name: isSameText(name, address) ? '' : name, address };
}

const isAddress = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(text);

// Outlook shows an address that it knows no name for in apostrophes.
const isSameText = (name: string, address: string): boolean =>
  name.replace(/^'(.*)'$/, '$1').toLowerCase() === address.toLowerCase();

function smtpOf(oneOff: OneOff | undefined): string {
  return oneOff?.addressType.toUpperCase() === 'SMTP' ? oneLine(oneOff.address) : '';
}

/** The address in a search key, `SMTP:ANN@X.EXAMPLE` and NUL: it was put in upper case there. */
function keyAddress(key: Uint8Array | undefined): string {
  const text = key ? Buffer.from(key).toString('latin1') : '';
  return /^SMTP:([^\0]+)\0?$/.exec(text)?.[1]?.toLowerCase() ?? '';
}

/** Text without what a header can't hold. */
export function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]+/g, ' ').trim();
}

/**
 * A field of people. An address that is not valid is written all the same, for readers to see and to repair: sending
 * such a message fails.
 */
export function peopleField(name: string, people: readonly Person[]): HeaderField {
  const odd: string[] = [];
  const list = people.map((person) => {
    try {
      return new MailAddress(person.address, person.name);
    } catch {
      odd.push(person.address.replace(/[<>\0-\x20\x7f]/g, '').slice(0, ODD_CHARACTERS));
      return new MailAddress(standIn(odd.length - 1), person.name);
    }
  });
  const utf8 = list.some(({ needsUtf8 }) => needsUtf8);
  const { value } = addressField(name, list, { utf8 });
  const restore = (found: string, index: string): string => {
    const address = odd[Number(index)];
    return address === undefined ? found : `<${address}>`;
  };
  return { name, value: value.replace(STAND_IN, restore) };
}

// No address is longer (RFC 5321 section 4.5.3.1), and a line must hold it.
const ODD_CHARACTERS = 320;

const standIn = (index: number): string => `stand-in-${index}@posthorn.invalid`;
const STAND_IN = /<?stand-in-(\d+)@posthorn\.invalid>?/g;
