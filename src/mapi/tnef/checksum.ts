// The checksum of an attribute (MS-OXTNEF section 2.1.3.1): the sum of its octets, modulo 65536.

// Each of two lanes of 16 bits takes 128 times two octets before it can overflow.
const WORDS_BEFORE_OVERFLOW = 128;
const none = new Uint32Array(0);

/** The checksum of these octets, continuing from `sum`. */
export function checksum(bytes: Uint8Array, sum = 0): number {
  let total = sum;
  let at = 0;
  // Words are read in place, four octets at once: they have to stand at a multiple of four.
  const aligned = Math.min(bytes.length, -bytes.byteOffset & 3);
  for (; at < aligned; at++) total += bytes[at] ?? 0;
  const count = (bytes.length - at) >>> 2;
  const words = count > 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset + at, count) : none;
  for (let word = 0; word < count; ) {
    const end = Math.min(count, word + WORDS_BEFORE_OVERFLOW);
    let lanes = 0;
    for (; word < end; word++) {
      const octets = words[word] ?? 0;
      lanes = (lanes + (octets & 0x00ff00ff) + ((octets >>> 8) & 0x00ff00ff)) | 0;
    }
    total += (lanes & 0xffff) + (lanes >>> 16);
  }
  for (at += count * 4; at < bytes.length; at++) total += bytes[at] ?? 0;
  return total % 0x10000;
}
