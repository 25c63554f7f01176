// The attributes of an attachment and the properties they are of (MS-OXTNEF section 2.1.3.3).
import { PidTag } from '../property/pid-tag.data.ts';
import { AttributeId } from './attribute.ts';
import {
  type AttributeMapping,
  binaryAttribute,
  textAttribute,
  timeAttribute,
} from './attribute-mapping.ts';

/** The kinds in attAttachRendData. */
export const RenderType = { file: 1, ole: 2 } as const;

/** What stands where a name belongs when there is none. */
export const UNTITLED = 'Untitled Attachment';

/** PidTagAttachEncoding of a file in MacBinary. */
export const MAC_BINARY: Uint8Array = Uint8Array.of(
  0x2a,
  0x86,
  0x48,
  0x86,
  0xf7,
  0x14,
  0x03,
  0x0b,
  0x01,
);

/** When it was made and changed, in the order Exchange writes them. */
export const attachmentTimes: readonly AttributeMapping[] = [
  timeAttribute(AttributeId.attachCreateDate, PidTag.CreationTime),
  timeAttribute(AttributeId.attachModifyDate, PidTag.LastModificationTime),
];

/** Everything that is read beside name and content. */
export const attachmentAttributes: readonly AttributeMapping[] = [
  ...attachmentTimes,
  binaryAttribute(AttributeId.attachMetaFile, PidTag.AttachRendering),
  textAttribute(AttributeId.attachTransportFilename, PidTag.AttachTransportName),
];
