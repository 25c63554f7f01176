// Whether octets are UTF-8.
import { isUtf8 } from 'node:buffer';

/** Whether the octets are UTF-8, but for a character at the end that was cut. */
export function isUtf8UpToCut(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true;
  // A character has at most four octets; its first is above 0xC1, the others are 0x80 to 0xBF.
  for (let cut = 1; cut <= 3; cut++) {
    const octet = bytes[bytes.length - cut] ?? 0;
    if (octet < 0x80) return false;
    if (octet > 0xc1 && octet < 0xf5) return isUtf8(bytes.subarray(0, bytes.length - cut));
  }
  return false;
}
