// The attributes of a message and the properties they are of (MS-OXTNEF section 2.1.3.3).
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';
import type { MapiProperties } from '../property/mapi-properties.ts';
import { readOneOff, writeOneOff } from '../property/one-off.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import type { PropertyTag } from '../property/property-tag.ts';
import { PropertyType } from '../property/property-type.ts';
import { AttributeId } from './attribute.ts';
import {
  type AttributeMapping,
  binaryAttribute,
  flagAttribute,
  keyAttribute,
  longAttribute,
  textAttribute,
  timeAttribute,
} from './attribute-mapping.ts';
import type { TextReader, TextWriter } from './attribute-text.ts';
import { attributeClass, isMeetingResponse, messageClassOf } from './message-class.ts';
import {
  decodeCounted,
  decodeTriple,
  encodeCounted,
  encodeTriple,
  type RawPerson,
} from './person.ts';

type Text = PropertyTag<typeof PropertyType.String>;
type Octets = PropertyTag<typeof PropertyType.Binary>;

const conversationKey: Octets = { id: 0x000b, type: PropertyType.Binary };
const delegation: Octets = { id: 0x007e, type: PropertyType.Binary };

const importance: AttributeMapping = {
  id: AttributeId.priority,
  // 1 is high, 2 normal, 3 low; importance is 2, 1, 0.
  read: (octets, properties) => {
    const value = octets.length < 2 ? 0 : viewOf(octets).readUInt16LE(0);
    if (value >= 1 && value <= 3 && !properties.has(PidTag.Importance)) {
      properties.set(PidTag.Importance, 3 - value);
    }
  },
  write: (properties) => {
    const value = properties.get(PidTag.Importance);
    return value === undefined || value < 0 || value > 2 ? undefined : Uint8Array.of(3 - value, 0);
  },
};

// MS-OXTNEF section 2.1.3.3.8: bits of the attribute and of PidTagMessageFlags.
const STATUS_BITS: readonly (readonly [status: number, flag: number])[] = [
  [0x20, 0x01],
  [0x04, 0x04],
  [0x02, 0x08],
  [0x80, 0x10],
];
const STATUS_MODIFIED = 0x01;
const FLAG_UNMODIFIED = 0x02;

const status: AttributeMapping = {
  id: AttributeId.messageStatus,
  read: (octets, properties) => {
    const [value] = octets;
    if (value === undefined || properties.has(PidTag.MessageFlags)) return;
    let flags = (value & STATUS_MODIFIED) === 0 ? FLAG_UNMODIFIED : 0;
    for (const [bit, flag] of STATUS_BITS) if ((value & bit) !== 0) flags |= flag;
    properties.set(PidTag.MessageFlags, flags);
  },
  write: (properties) => {
    const flags = properties.get(PidTag.MessageFlags);
    if (flags === undefined) return undefined;
    let value = (flags & FLAG_UNMODIFIED) === 0 ? STATUS_MODIFIED : 0;
    for (const [bit, flag] of STATUS_BITS) if ((flags & flag) !== 0) value |= bit;
    return Uint8Array.of(value);
  },
};

/** The properties that name one person. */
interface PersonTags {
  readonly entryId: Octets;
  readonly name: Text;
  readonly addressType: Text;
  readonly address: Text;
}

const senderTags: PersonTags = {
  entryId: PidTag.SenderEntryId,
  name: PidTag.SenderName,
  addressType: PidTag.SenderAddressType,
  address: PidTag.SenderEmailAddress,
};
const sentRepresenting: PersonTags = {
  entryId: PidTag.SentRepresentingEntryId,
  name: PidTag.SentRepresentingName,
  addressType: PidTag.SentRepresentingAddressType,
  address: PidTag.SentRepresentingEmailAddress,
};
const receivedRepresenting: PersonTags = {
  entryId: PidTag.ReceivedRepresentingEntryId,
  name: PidTag.ReceivedRepresentingName,
  addressType: PidTag.ReceivedRepresentingAddressType,
  address: PidTag.ReceivedRepresentingEmailAddress,
};

function personAttribute(
  id: number,
  tagsOf: (properties: MapiProperties) => PersonTags,
  decode: (octets: Uint8Array) => RawPerson | undefined,
  encode: (person: RawPerson) => Uint8Array,
): AttributeMapping {
  return {
    id,
    read: (octets, properties, text) => {
      const person = decode(octets);
      const tags = tagsOf(properties);
      const isKnown = Object.values(tags).some((tag: PropertyTag) => properties.has(tag));
      if (person && !isKnown) setPerson(person, tags, properties, text);
    },
    write: (properties, text) => {
      const person = personOf(tagsOf(properties), properties, text);
      return person && encode(person);
    },
  };
}

function setPerson(
  person: RawPerson,
  tags: PersonTags,
  properties: MapiProperties,
  text: TextReader,
): void {
  const name = text.attribute(person.name);
  const [, addressType = 'SMTP', address = ''] =
    /^([^:]{1,20}):(.*)$/s.exec(text.attribute(person.address)) ?? [];
  properties
    .set(tags.name, name)
    .set(tags.addressType, addressType)
    .set(tags.address, address)
    .set(tags.entryId, writeOneOff({ name, addressType, address }));
}

/** The person as attributes have one, by the single properties or else the entry id. */
function personOf(
  tags: PersonTags,
  properties: MapiProperties,
  text: TextWriter,
): RawPerson | undefined {
  const entryId = properties.get(tags.entryId);
  const oneOff = entryId && readOneOff(entryId, text.page);
  const address = properties.get(tags.address) ?? oneOff?.address;
  if (!address) return undefined;
  const addressType = properties.get(tags.addressType) ?? oneOff?.addressType ?? 'SMTP';
  const name = properties.get(tags.name) ?? oneOff?.name ?? address;
  return { name: text.encode(name), address: text.encode(`${addressType}:${address}`) };
}

/** Section 2.2.3.11: of a response whom it is for, else who sends it. */
function ownerTags(properties: MapiProperties): PersonTags {
  const messageClass = properties.get(PidTag.MessageClass) ?? '';
  return isMeetingResponse(messageClass) ? receivedRepresenting : sentRepresenting;
}

const from: AttributeMapping = personAttribute(
  AttributeId.from,
  () => senderTags,
  decodeTriple,
  encodeTriple,
);
const owner: AttributeMapping = personAttribute(
  AttributeId.owner,
  ownerTags,
  decodeCounted,
  encodeCounted,
);
const sentFor: AttributeMapping = personAttribute(
  AttributeId.sentFor,
  () => sentRepresenting,
  decodeCounted,
  encodeCounted,
);

const messageClass: AttributeMapping = {
  id: AttributeId.messageClass,
  read: (octets, properties, text) => {
    if (properties.has(PidTag.MessageClass)) return;
    properties.set(PidTag.MessageClass, messageClassOf(text.attribute(octets)));
  },
  write: (properties, text) =>
    text.attribute(attributeClass(properties.get(PidTag.MessageClass) ?? 'IPM.Note')),
};

const originalClass: AttributeMapping = {
  id: AttributeId.originalMessageClass,
  read: (octets, properties, text) => {
    if (properties.has(PidTag.OriginalMessageClass)) return;
    properties.set(PidTag.OriginalMessageClass, messageClassOf(text.attribute(octets)));
  },
  write: (properties, text) => {
    const value = properties.get(PidTag.OriginalMessageClass);
    return value === undefined ? undefined : text.attribute(attributeClass(value));
  },
};

const { Subject, ClientSubmitTime, MessageDeliveryTime, LastModificationTime } = PidTag;

/** What is written of every message, in the order Exchange has. */
export const commonAttributes: readonly AttributeMapping[] = [
  keyAttribute(AttributeId.messageId, PidTag.SearchKey),
  importance,
  timeAttribute(AttributeId.dateSent, ClientSubmitTime),
  timeAttribute(AttributeId.dateModified, LastModificationTime),
  messageClass,
];

/** What is written of a message that stands by itself; of one inside another it is in the properties alone (section 2.2.3.5). */
export const outerAttributes: readonly AttributeMapping[] = [
  textAttribute(AttributeId.subject, Subject),
];

/** What is written of a message inside another, for which no mail header says it. */
export const innerAttributes: readonly AttributeMapping[] = [
  from,
  timeAttribute(AttributeId.dateReceived, MessageDeliveryTime),
  status,
];

/** What is written of meeting requests, cancellations and responses. */
export const meetingAttributes: readonly AttributeMapping[] = [
  timeAttribute(AttributeId.dateStart, PidTag.StartDate),
  timeAttribute(AttributeId.dateEnd, PidTag.EndDate),
  longAttribute(AttributeId.aidOwner, PidTag.OwnerAppointmentId),
  owner,
  flagAttribute(AttributeId.requestRes, PidTag.ResponseRequested),
];

/** Everything that is read, by its number; the class first, for what others mean hangs on it. */
export const readAttributesOf: readonly AttributeMapping[] = [
  messageClass,
  ...commonAttributes.filter((one) => one !== messageClass),
  ...outerAttributes,
  ...innerAttributes,
  ...meetingAttributes,
  originalClass,
  sentFor,
  textAttribute(AttributeId.body, PidTag.Body),
  keyAttribute(AttributeId.parentId, PidTag.ParentKey),
  keyAttribute(AttributeId.conversationId, conversationKey),
  binaryAttribute(AttributeId.delegate, delegation),
];

/** attTnefVersion: 1.0 (section 2.1.3.3.1). */
export const VERSION: Uint8Array = Uint8Array.of(0, 0, 1, 0);

/** attOemCodepage: the code page, and a second one that nobody uses. */
export function codePageValue(page: number): Uint8Array {
  const octets = Buffer.alloc(8);
  octets.writeUInt32LE(page, 0);
  return octets;
}
