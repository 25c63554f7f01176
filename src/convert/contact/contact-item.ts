// Outlook's contacts and distribution lists to and from vCard: the door of this folder.
import type { MapiMessage } from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { contactOfVcard } from './contact-of-vcard.ts';
import { isGroup, listOfVcard, vcardOfList } from './distribution-list.ts';
import { readVcards } from './read-vcards.ts';
import { vcardOfContact } from './vcard-of-contact.ts';
import { writeVcard } from './write-vcard.ts';

/** How a contact becomes a vCard. */
export interface VcardFromMapiOptions {
  /** Which vCard: RFC 2426 or RFC 6350. Default: `'4.0'`. */
  readonly version?: '3.0' | '4.0' | undefined;
  /** Is told what the vCard could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/** How a vCard becomes a contact. */
export interface MapiFromVcardOptions {
  /** Is told what the contact could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/** Whether items of a class are contacts or distribution lists. */
export function isContactClass(messageClass: string): boolean {
  return /^IPM\.(?:Contact|DistList)(?:\.|$)/i.test(messageClass);
}

/** The vCard of a contact or distribution list; `undefined`: the item is neither. */
export function vcardFromMapi(
  item: MapiMessage,
  options: VcardFromMapiOptions = {},
): string | undefined {
  const { version = '4.0', note = () => undefined } = options;
  if (!isContactClass(item.messageClass)) return undefined;
  const isList = /^IPM\.DistList/i.test(item.messageClass);
  return writeVcard((isList ? vcardOfList : vcardOfContact)(item, version, note));
}

/**
 * A contact for every vCard of a file (versions 2.1, 3.0 and 4.0), a distribution list for each that is a group.
 *
 * @throws {@link LimitError} The file is over `limits.calendarBytes` or `calendarLines`.
 */
export function mapiFromVcards(
  file: string | Uint8Array,
  options: MapiFromVcardOptions = {},
): MapiMessage[] {
  const { note = () => undefined } = options;
  return readVcards(file).map((card) => (isGroup(card) ? listOfVcard : contactOfVcard)(card, note));
}
