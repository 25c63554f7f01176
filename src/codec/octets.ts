// Octets by name, hexadecimal digits, and memory to work in.
import { Buffer } from 'node:buffer';

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const EQUALS = 0x3d;

const NO_DIGIT = 0x100;
const digitValues: Uint16Array = new Uint16Array(256).fill(NO_DIGIT);
for (let value = 0; value < 16; value++) {
  digitValues['0123456789abcdef'.charCodeAt(value)] = value;
  digitValues['0123456789ABCDEF'.charCodeAt(value)] = value;
}

/** The octet that two hexadecimal digits stand for; above 255 when they are not two digits. */
export function hexOctet(high: number, low: number): number {
  return ((digitValues[high] ?? NO_DIGIT) << 4) | (digitValues[low] ?? NO_DIGIT);
}

const SCRATCH_BYTES = 0x40000;
let scratch: Buffer | undefined;

/** Memory for a result whose size is not known yet: copy from it before the next call, which gives the same. */
export function scratchOf(size: number): Buffer {
  if (size > SCRATCH_BYTES) return Buffer.allocUnsafeSlow(size);
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return scratch;
}
