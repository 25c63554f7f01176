// Outlook's contacts and distribution lists to and from vCard: the door of this folder.
import type { MapiMessage } from '../../mapi/index.ts';
import type { Note } from '../loss.ts';

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
  _item: MapiMessage,
  _options: VcardFromMapiOptions = {},
): string | undefined {
  return undefined;
}

/** A contact for every vCard of a file (versions 2.1, 3.0 and 4.0), a distribution list for each that is a group. */
export function mapiFromVcards(
  _file: string | Uint8Array,
  _options: MapiFromVcardOptions = {},
): MapiMessage[] {
  return [];
}
