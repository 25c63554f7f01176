// What makes a meeting the same for everybody: PidLidGlobalObjectId (MS-OXOCAL section 2.2.1.27) and the UID of iCalendar
// (MS-OXCICAL section 2.1.3.1.1.20.26), both ways.
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';

const CLASS = '040000008200e00074c5b7101a82e008';
const HEAD_BYTES = 40;
const DATE = 16;
const SIZE = 36;
/** Before a UID that came from elsewhere: `vCal-Uid` and 1. */
const FOREIGN: Buffer = Buffer.from('7643616c2d55696401000000', 'hex');

/** The day of an occurrence, on the organizer's clock. */
export interface OccurrenceDay {
  /** The year, four digits. */
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1. */
  readonly day: number;
}

/**
 * The id of a meeting by its UID; of one occurrence with its day. A UID that is the id of an Outlook meeting in hexadecimal
 * is that id, any other is wrapped.
 */
export function globalObjectId(uid: string, occurrence?: OccurrenceDay): Uint8Array {
  const id = ownId(uid) ?? wrapped(uid);
  if (occurrence) {
    id.writeUInt16BE(occurrence.year & 0xffff, DATE);
    id.writeUInt8(occurrence.month & 0xff, DATE + 2);
    id.writeUInt8(occurrence.day & 0xff, DATE + 3);
  }
  return id;
}

function ownId(uid: string): Buffer | undefined {
  if (uid.length < 2 * HEAD_BYTES || uid.length % 2 > 0 || !/^[0-9a-f]+$/i.test(uid))
    return undefined;
  const id = Buffer.from(uid, 'hex');
  return id.toString('hex', 0, 16) === CLASS && id.readUInt32LE(SIZE) === id.length - HEAD_BYTES
    ? id
    : undefined;
}

function wrapped(uid: string): Buffer {
  const data = Buffer.from(`${uid}\0`, 'utf8');
  const id = Buffer.alloc(HEAD_BYTES + FOREIGN.length + data.length);
  id.write(CLASS, 'hex');
  id.writeUInt32LE(FOREIGN.length + data.length, SIZE);
  id.set(FOREIGN, HEAD_BYTES);
  id.set(data, HEAD_BYTES + FOREIGN.length);
  return id;
}

/** The id of the whole series: the day of the occurrence is taken out (PidLidCleanGlobalObjectId). */
export function cleanGlobalObjectId(id: Uint8Array): Uint8Array {
  const clean = Buffer.from(id);
  clean.fill(0, DATE, Math.min(DATE + 4, clean.length));
  return clean;
}

/** The UID of a meeting by its id: the one it had elsewhere, or the id without the day in hexadecimal. */
export function uidOfGlobalObjectId(id: Uint8Array): string {
  const bytes = viewOf(id);
  const start = HEAD_BYTES + FOREIGN.length;
  if (bytes.length > start && bytes.subarray(HEAD_BYTES, start).equals(FOREIGN)) {
    const nul = bytes.indexOf(0, start);
    const uid = bytes.toString('utf8', start, nul < 0 ? bytes.length : nul);
    if (uid !== '') return uid;
  }
  return viewOf(cleanGlobalObjectId(id)).toString('hex').toUpperCase();
}

/** The day of the occurrence that an id names; `undefined`: it is that of the series. */
export function occurrenceOfGlobalObjectId(id: Uint8Array): OccurrenceDay | undefined {
  if (id.length < DATE + 4) return undefined;
  const bytes = viewOf(id);
  const year = bytes.readUInt16BE(DATE);
  const month = bytes.readUInt8(DATE + 2);
  const day = bytes.readUInt8(DATE + 3);
  return year === 0 || month < 1 || month > 12 || day < 1 || day > 31
    ? undefined
    : { year, month, day };
}
