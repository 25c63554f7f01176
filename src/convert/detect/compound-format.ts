// Compound files (MS-CFB): an Outlook item, a template of one, or a document of another program.
import { type ByteSource, latin1, viewOf } from '../../base/internal.ts';

// The class of the root, as it stands in the file: {00020D0B-0000-0000-C000-000000000046}, {0006F046-…} for templates.
const MSG_CLASS = '0b0d020000000000c000000000000046';
const OFT_CLASS = '46f0060000000000c000000000000046';
// What every item has (MS-OXMSG section 2.2), whatever class its writer gave it.
const PROPERTIES = Buffer.from('__properties_version1.0', 'utf16le');
const ENTRY_BYTES = 128;
// More directory than is needed to meet the properties.
const MOST_SECTORS = 4096;

/** Whether a file is a compound file at all. */
export function isCompound(source: ByteSource): boolean {
  return latin1(source.read(0, Math.min(4, source.size))) === '\xd0\xcf\x11\xe0';
}

/** `'msg'` or `'oft'`; `undefined` for a document of another program. */
export function compoundFormat(source: ByteSource): 'msg' | 'oft' | undefined {
  const header = viewOf(source.read(0, Math.min(512, source.size)));
  if (header.length < 512) return undefined;
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return undefined;
  const directory = new Directory(source, header, shift);
  let isFirst = true;
  for (const sector of directory.sectors()) {
    if (isFirst) {
      const type = viewOf(sector.subarray(80, 96)).toString('hex');
      if (type === MSG_CLASS) return 'msg';
      if (type === OFT_CLASS) return 'oft';
      isFirst = false;
    }
    if (hasEntry(sector)) return 'msg';
  }
  return undefined;
}

function hasEntry(sector: Uint8Array): boolean {
  const view = viewOf(sector);
  for (let at = 0; at < view.length; at += ENTRY_BYTES) {
    if (view.subarray(at, at + PROPERTIES.length).equals(PROPERTIES)) return true;
  }
  return false;
}

/** The directory's sectors, each found in the allocation table; what is broken ends it. */
class Directory {
  readonly #source: ByteSource;
  readonly #header: Buffer;
  readonly #shift: number;

  constructor(source: ByteSource, header: Buffer, shift: number) {
    this.#source = source;
    this.#header = header;
    this.#shift = shift;
  }

  *sectors(): Generator<Uint8Array> {
    let sector: number | undefined = this.#header.readUInt32LE(48);
    for (let count = 0; count < MOST_SECTORS && sector !== undefined; count++) {
      const octets = this.#read(sector, 0, 1 << this.#shift);
      if (octets === undefined) return;
      yield octets;
      sector = this.#next(sector);
    }
  }

  #next(sector: number): number | undefined {
    const each = this.#shift - 2;
    const table = this.#table(sector >>> each);
    return table === undefined ? undefined : this.#number(table, sector & ((1 << each) - 1));
  }

  /** The sector of the allocation table of that index: the header lists the first 109, further sectors the others. */
  #table(index: number): number | undefined {
    if (index < 109) return this.#header.readUInt32LE(76 + 4 * index);
    const each = 2 ** (this.#shift - 2) - 1;
    let list: number | undefined = this.#header.readUInt32LE(68);
    let left = index - 109;
    for (; left >= each && list !== undefined; left -= each) list = this.#number(list, each);
    return list === undefined ? undefined : this.#number(list, left);
  }

  #number(sector: number, index: number): number | undefined {
    const octets = this.#read(sector, 4 * index, 4);
    return octets && viewOf(octets).readUInt32LE(0);
  }

  #read(sector: number, from: number, length: number): Uint8Array | undefined {
    const start = (sector + 1) * 2 ** this.#shift + from;
    return start + length > this.#source.size
      ? undefined
      : this.#source.read(start, start + length);
  }
}
