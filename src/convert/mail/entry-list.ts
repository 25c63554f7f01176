// Several entry identifiers in one value: a FLATENTRYLIST (MS-OXCDATA section 2.3.3).
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';

/** Identifiers in one value. */
export function writeEntryList(entries: readonly Uint8Array[]): Uint8Array {
  const pieces = entries.map((entry) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(entry.length);
    return Buffer.concat([length, entry, Buffer.alloc(-entry.length & 3)]);
  });
  const list = Buffer.concat(pieces);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(entries.length, 0);
  head.writeUInt32LE(list.length, 4);
  return Buffer.concat([head, list]);
}

/** The identifiers in such a value, as far as they are whole. */
export function readEntryList(list: Uint8Array): Uint8Array[] {
  const view = viewOf(list);
  const entries: Uint8Array[] = [];
  for (let at = 8; at + 4 <= view.length; ) {
    const length = view.readUInt32LE(at);
    if (length > view.length - at - 4) break;
    entries.push(view.subarray(at + 4, at + 4 + length));
    at += 4 + length + (-length & 3);
  }
  return entries;
}
