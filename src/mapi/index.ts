/**
 * Outlook's data: MAPI properties (MS-OXPROPS, MS-OXCDATA), compound files (MS-CFB), MSG and OFT files (MS-OXMSG), TNEF
 * (MS-OXTNEF), compressed RTF and HTML in RTF (MS-OXRTFCP, MS-OXRTFEX). Bytes in, bytes out: no wire, no disk.
 * @module
 */
// What everything is read from.
export type { ByteSource } from '../base/internal.ts';
// Items.
export { AttachMethod } from './attach-method.ts';
// Appointments.
export type { OccurrenceDay } from './calendar/global-object-id.ts';
export {
  cleanGlobalObjectId,
  globalObjectId,
  occurrenceOfGlobalObjectId,
  uidOfGlobalObjectId,
} from './calendar/global-object-id.ts';
export { readAppointmentRecurrence, readTaskRecurrence } from './calendar/read-recurrence.ts';
export type {
  AppointmentException,
  AppointmentRecurrence,
  RecurrencePattern,
} from './calendar/recurrence-pattern.ts';
export {
  NEVER_ENDS,
  Override,
  PatternType,
  RecurFrequency,
  RecurrenceEnd,
} from './calendar/recurrence-pattern.ts';
export type {
  DatedZoneRule,
  ZoneChange,
  ZoneDefinition,
  ZoneRule,
} from './calendar/time-zone.ts';
export {
  readZoneDefinition,
  readZoneStruct,
  writeZoneDefinition,
  writeZoneStruct,
} from './calendar/time-zone.ts';
export { writeAppointmentRecurrence, writeTaskRecurrence } from './calendar/write-recurrence.ts';
export { MapiAttachment, MapiMessage } from './mapi-message.ts';
export type { RecipientKind } from './mapi-recipient.ts';
export { MapiRecipient } from './mapi-recipient.ts';
// Files.
export type { ReadMsgOptions } from './msg/read-msg.ts';
export { readMsg } from './msg/read-msg.ts';
export type { WriteMsgOptions } from './msg/write-msg.ts';
export { streamMsg, writeMsg } from './msg/write-msg.ts';
export type { MapiProblem, MapiProblemCode } from './problem.ts';
// Properties.
export { dateToFileTime, fileTimeToDate } from './property/file-time.ts';
export { MapiProperties } from './property/mapi-properties.ts';
export type { MapiProperty } from './property/mapi-property.ts';
export type { OneOff } from './property/one-off.ts';
export { readOneOff, writeOneOff } from './property/one-off.ts';
export { PidLid } from './property/pid-lid.data.ts';
export { PidName } from './property/pid-name.data.ts';
export { PidTag } from './property/pid-tag.data.ts';
export { propertySets } from './property/property-sets.ts';
export type { IdKey, LidKey, MapiKey, NameKey, PropertyTag } from './property/property-tag.ts';
export type { InputOf, PropertyValue, PropertyValues, ValueOf } from './property/property-type.ts';
export { PropertyType } from './property/property-type.ts';
// RTF.
export type { CompressRtfOptions } from './rtf/compress-rtf.ts';
export { compressRtf } from './rtf/compress-rtf.ts';
export type { DecompressRtfOptions } from './rtf/decompress-rtf.ts';
export { decompressRtf } from './rtf/decompress-rtf.ts';
export { htmlFromRtf, textFromRtf } from './rtf/read-rtf.ts';
export { rtfFromHtml } from './rtf/rtf-from-html.ts';
export { rtfFromText } from './rtf/rtf-from-text.ts';
export type { RtfKind } from './rtf/rtf-kind.ts';
export { rtfKind } from './rtf/rtf-kind.ts';
// TNEF.
export type { ReadTnefOptions } from './tnef/read-tnef.ts';
export { readTnef } from './tnef/read-tnef.ts';
export type { WriteTnefOptions } from './tnef/write-tnef.ts';
export { streamTnef, writeTnef } from './tnef/write-tnef.ts';
