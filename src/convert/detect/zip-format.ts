// ZIP archives, and what Outlook for Mac exports as one (OLM): told by the names of the files in it.
import { type ByteSource, latin1, viewOf } from '../../base/internal.ts';

// The end record has 22 octets and a comment of up to 65,535.
const END_RECORD = 65_557;
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');
// More names than are needed to know what it is.
const MOST = 1_048_576;
// Messages stand in folders of this name; the list of categories comes first.
const OLM_NAMES = ['com.microsoft.__', 'Categories.xml'];
const isOlm = (names: string): boolean => OLM_NAMES.some((name) => names.includes(name));

/** `'olm'` when the archive holds what Outlook for Mac exports. */
export function zipFormat(source: ByteSource): 'olm' | 'zip' {
  const { size } = source;
  const tail = viewOf(source.read(Math.max(0, size - END_RECORD), size));
  const end = tail.lastIndexOf(END_MARK);
  // The first file says it too, when the end is missing or of the 64-bit kind.
  const start = latin1(source.read(0, Math.min(4096, size)));
  if (isOlm(start)) return 'olm';
  if (end < 0 || end + 20 > tail.length) return 'zip';
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset >= size) return 'zip';
  const names = source.read(offset, Math.min(size, offset + Math.min(length, MOST)));
  return isOlm(latin1(names)) ? 'olm' : 'zip';
}
