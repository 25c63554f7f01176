// The attributes a TNEF stream is made of: their levels and numbers (MS-OXTNEF section 2.1.3.2).

/** The first four octets of every TNEF stream (MS-OXTNEF section 2.1.3.1). */
export const SIGNATURE = 0x223e9f78;
/** Octets before the first attribute: the signature and a key. */
export const STREAM_HEAD_BYTES = 6;
/** Octets of an attribute that are not its data: level, number and length before it, checksum after it. */
export const ATTRIBUTE_HEAD_BYTES = 9;
export const CHECKSUM_BYTES = 2;

/** What an attribute belongs to. */
export const Level = { message: 1, attachment: 2 } as const;

/** The numbers of the attributes, with the type in the upper half. */
export const AttributeId = {
  owner: 0x00060000,
  sentFor: 0x00060001,
  delegate: 0x00060002,
  dateStart: 0x00030006,
  dateEnd: 0x00030007,
  aidOwner: 0x00050008,
  requestRes: 0x00040009,
  from: 0x00008000,
  subject: 0x00018004,
  dateSent: 0x00038005,
  dateReceived: 0x00038006,
  messageStatus: 0x00068007,
  messageClass: 0x00078008,
  messageId: 0x00018009,
  parentId: 0x0001800a,
  conversationId: 0x0001800b,
  body: 0x0002800c,
  priority: 0x0004800d,
  attachData: 0x0006800f,
  attachTitle: 0x00018010,
  attachMetaFile: 0x00068011,
  attachCreateDate: 0x00038012,
  attachModifyDate: 0x00038013,
  dateModified: 0x00038020,
  attachTransportFilename: 0x00069001,
  attachRenderData: 0x00069002,
  messageProperties: 0x00069003,
  recipientTable: 0x00069004,
  attachment: 0x00069005,
  version: 0x00089006,
  oemCodePage: 0x00069007,
  originalMessageClass: 0x00070006,
} as const;

const byName: ReadonlyMap<number, number> = new Map(
  Object.values(AttributeId)
    // attDateStart and attOriginalMessageClass differ in their type alone.
    .filter((id) => (id & 0xffff) !== 0x0006)
    .map((id) => [id & 0xffff, id]),
);

/** The number with its type, which some writers leave out. */
export function withType(id: number): number {
  return id > 0xffff ? id : (byName.get(id) ?? id);
}

/** One attribute as it stands in the stream. */
export interface Attribute {
  /** {@link Level}. */
  readonly level: number;
  /** {@link AttributeId}, or a number that is not known. */
  readonly id: number;
  /** Where it begins. */
  readonly offset: number;
  /** Where its data begins and ends, in the stream. */
  readonly start: number;
  readonly end: number;
}
