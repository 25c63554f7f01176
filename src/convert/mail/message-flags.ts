// PidTagMessageFlags (MS-OXCMSG section 2.2.1.6).
import { type MapiMessage, PidTag } from '../../mapi/index.ts';

/** The message was read. */
export const READ = 0x01;
/** It was not sent yet: Outlook opens it to be written on. */
export const UNSENT = 0x08;
/** Something is attached that the text does not show. */
export const HAS_ATTACHMENT = 0x10;
/** Whoever has the item wrote it. */
export const FROM_ME = 0x20;

/** The flags of an item. */
export function flagsOf({ properties }: MapiMessage): number {
  return properties.get(PidTag.MessageFlags) ?? 0;
}

/** Whether the item is one to be written on and sent. */
export function isDraft(item: MapiMessage): boolean {
  return (flagsOf(item) & UNSENT) !== 0;
}
