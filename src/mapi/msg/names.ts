// Names and numbers of the MSG format that reader and writer share. [MS-OXMSG] sections 2.1 to 2.4.

/** Class of the root of a MSG file. */
export const MESSAGE_CLASS_ID = '00020D0B-0000-0000-C000-000000000046';
/** Class of the root of an OFT file, a template. */
export const TEMPLATE_CLASS_ID = '0006F046-0000-0000-C000-000000000046';

/** The stream that lists the properties of a message, recipient or attachment. */
export const PROPERTIES = '__properties_version1.0';
/** The storage that says which names the ids from 0x8000 stand for. */
export const NAMES = '__nameid_version1.0';
/** Begins the name of a recipient's storage; its number follows. */
export const RECIPIENT = '__recip_version1.0_#';
/** Begins the name of an attachment's storage; its number follows. */
export const ATTACHMENT = '__attach_version1.0_#';
/** Begins the name of a value's stream; the property tag follows. */
export const VALUE = '__substg1.0_';

/** Recipients, and attachments, that a message has at most (MS-OXMSG section 2.2). */
export const MOST_PARTS = 2048;

/** Octets before the properties of a list: at the top, in a message inside, and in recipients and attachments. */
export const HEAD_BYTES = { top: 32, inside: 24, part: 8 } as const;
/** Octets of one property in a list. */
export const ENTRY_BYTES = 16;

/** Ids from here on stand for names. */
export const FIRST_NAMED = 0x8000;
/** GUIDs of the mapping have indices from here on: PS_MAPI is 1 and PS_PUBLIC_STRINGS 2 (MS-OXMSG section 2.2.3.1.2). */
export const FIRST_GUID = 3;
/** Streams of the mapping: GUIDs, entries, strings. */
export const MAPPING = { guids: 0x0002_0102, entries: 0x0003_0102, strings: 0x0004_0102 } as const;
/** How many streams the mapping's way back has, from id 0x1000 on. */
export const BUCKETS = 0x1f;
/** The id of the first of them. */
export const FIRST_BUCKET = 0x1000;

/** The name of a value's stream. */
export function valueName(tag: number): string {
  return VALUE + hex8(tag);
}

/** Eight digits, as the format's names have them. */
export function hex8(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}
