// From a TNEF stream to its attributes, one after the other (MS-OXTNEF section 2.1.3).
import { FormatError } from '../../base/index.ts';
import { type ByteSource, enforceLimit, viewOf } from '../../base/internal.ts';
import {
  ATTRIBUTE_HEAD_BYTES,
  type Attribute,
  CHECKSUM_BYTES,
  Level,
  SIGNATURE,
  STREAM_HEAD_BYTES,
  withType,
} from './attribute.ts';
import { checksum } from './checksum.ts';
import type { Faults } from './faults.ts';

const SUMMED_BYTES = 1_048_576;

/**
 * The attributes of a stream. What follows the last one is told as a fault, and so are a wrong checksum and an attribute
 * that is cut short, whose data is what there is.
 *
 * @throws {@link FormatError} The stream does not begin as TNEF does.
 */
export function* readAttributes(source: ByteSource, faults: Faults): Generator<Attribute> {
  const { size } = source;
  if (size < STREAM_HEAD_BYTES || viewOf(source.read(0, 4)).readUInt32LE(0) !== SIGNATURE) {
    throw new FormatError(
      'This is not TNEF: it does not begin with 78 9F 3E 22; give the decoded content of a winmail.dat',
      'tnef',
      0,
    );
  }
  let offset = STREAM_HEAD_BYTES;
  for (let count = 1; offset < size; count++) {
    enforceLimit('tnefAttributes', count, 'The number of attributes of a TNEF stream');
    const start = offset + ATTRIBUTE_HEAD_BYTES;
    const head = viewOf(source.read(offset, Math.min(start, size)));
    const level = head[0] ?? 0;
    if (level !== Level.message && level !== Level.attachment) {
      faults.tell('TRAILING_OCTETS', 'What follows is no attribute and was left out', offset);
      return;
    }
    if (head.length < ATTRIBUTE_HEAD_BYTES) {
      faults.tell('STRUCTURE_DAMAGED', 'The stream is cut short in an attribute', offset);
      return;
    }
    const id = withType(head.readUInt32LE(1));
    const end = Math.min(size, start + head.readUInt32LE(5));
    const next = start + head.readUInt32LE(5) + CHECKSUM_BYTES;
    if (next > size) {
      faults.tell('STRUCTURE_DAMAGED', 'The stream is cut short in an attribute', offset);
    } else if (!isWhole(source, start, end, faults.reading.strict)) {
      faults.tell('CHECKSUM_WRONG', 'The checksum of the attribute is wrong', offset);
    }
    yield { level, id, offset, start, end };
    offset = next;
  }
}

/** Whether the data is what its checksum was made of. A large file is not read for that alone, unless it must be. */
function isWhole(source: ByteSource, start: number, end: number, strict: boolean): boolean {
  if (!strict && !source.bytes && end - start > SUMMED_BYTES) return true;
  let sum = 0;
  for (let at = start; at < end; at += SUMMED_BYTES) {
    sum = checksum(source.read(at, Math.min(end, at + SUMMED_BYTES)), sum);
  }
  return sum === viewOf(source.read(end, end + CHECKSUM_BYTES)).readUInt16LE(0);
}
