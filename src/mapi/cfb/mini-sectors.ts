// The mini stream: streams shorter than 4096 octets, in sectors of 64. [MS-CFB] section 2.4.
import { Buffer } from 'node:buffer';
import { type ByteSource, checkRange } from '../../base/internal.ts';
import { extentSource } from './extent-source.ts';
import { compoundFault } from './faults.ts';
import { FREE_SECTOR, MAX_SECTOR, MINI_SECTOR_BYTES } from './layout.ts';
import type { Sectors } from './sectors.ts';
import { readWords } from './words.ts';

/** Reads short streams. As with sectors, each mini sector belongs to one chain. */
export class MiniSectors {
  readonly #octets: Uint8Array;
  readonly #fat: Uint32Array;
  readonly #taken: Uint8Array;

  /** @param start First sector of the mini stream. @param size Its octets. */
  constructor(sectors: Sectors, start: number, size: number) {
    this.#octets = wholeOf(
      extentSource(sectors.source, sectors.part(start, 'the mini stream', size)),
    );
    const most = Math.ceil(size / MINI_SECTOR_BYTES) * 4;
    const table = sectors.part(sectors.miniFatStart, 'the mini FAT', most);
    this.#fat = readWords([wholeOf(extentSource(sectors.source, table))]);
    this.#taken = new Uint8Array(Math.ceil(this.#octets.length / MINI_SECTOR_BYTES));
  }

  /**
   * The octets of a short stream: a view where they lie together.
   * @throws {FormatError} The chain is too short, leaves the mini stream, or runs into another or itself.
   */
  read(start: number, size: number, what: string): Uint8Array {
    const pieces: Uint8Array[] = [];
    let sector = start;
    let left = size;
    while (left > 0 && sector < MAX_SECTOR) {
      const first = sector;
      let next = sector;
      let length = 0;
      do {
        sector = next;
        this.#take(sector, what);
        length += MINI_SECTOR_BYTES;
        next = this.#fat[sector] ?? FREE_SECTOR;
      } while (next === sector + 1 && length < left);
      const from = first * MINI_SECTOR_BYTES;
      const piece = this.#octets.subarray(from, from + Math.min(length, left));
      pieces.push(piece);
      left -= piece.length;
      if (piece.length === 0) break;
      sector = next;
    }
    if (left > 0)
      throw compoundFault(`${what} has ${size - left} octets instead of ${size}`, start);
    const [only] = pieces;
    return only && pieces.length === 1 ? only : Buffer.concat(pieces);
  }

  #take(sector: number, what: string): void {
    if (this.#taken[sector] !== 0) {
      const reason =
        sector < this.#taken.length ? 'runs into one in use' : 'leaves the mini stream';
      throw compoundFault(`${what} ${reason} at mini sector ${sector}`, sector);
    }
    this.#taken[sector] = 1;
  }
}

function wholeOf(source: ByteSource): Uint8Array {
  checkRange(0, source.size);
  return source.read(0, source.size);
}
