// Whether a gzip file (RFC 1952) holds a tar archive: the first block is unpacked and looked at.
import { constants, gunzipSync } from 'node:zlib';
import { type ByteSource, latin1 } from '../../base/internal.ts';

// Enough for the header of the first file, whatever gzip keeps before it. A bomb of this size is 4 MB.
const HEAD = 4096;
const MOST = 8_388_608;

/** Whether what is packed begins as a tar archive does. */
export function isTarInGzip(source: ByteSource): boolean {
  try {
    const head = gunzipSync(source.read(0, Math.min(HEAD, source.size)), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MOST,
    });
    return isTarHeader(head);
  } catch {
    return false;
  }
}

// POSIX.1 ustar: name at 0, checksum at 148 (octal), magic at 257; older archives have no magic, but the checksum.
function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512) return false;
  const said = Number.parseInt(
    latin1(block, 148, 156)
      .replace(/[\0 ]+$/, '')
      .trim(),
    8,
  );
  let sum = 8 * 32;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return said === sum && block[0] !== 0;
}
