// The letters of base64 to octets, in stretches: by a WebAssembly kernel, or without. What the kernel does is in
// tools/build-base64-decode-kernel.mjs.
import { Buffer } from 'node:buffer';
import { instantiateKernel } from '../base/internal.ts';
import {
  BITS_ADDRESS,
  COUNT_ADDRESS,
  INPUT_ADDRESS,
  INPUT_BYTES,
  KERNEL,
  OUTPUT_ADDRESS,
  OUTPUT_BYTES,
} from './base64-decode-kernel.data.ts';

/** Letters of a group of four that is not complete yet. */
export interface OpenGroup {
  /** Six bits for each. */
  bits: number;
  /** How many they are. */
  count: number;
}

/**
 * Decodes the octets from `start` to before `end`, among which is no `=`, into `target` from `at`, which has room for
 * three to each four and three more; gives how many that makes. Octets that are no letters are skipped. `group` is gone
 * on with, and left as it is at the end.
 */
export type LetterDecoder = (
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  group: OpenGroup,
) => number;

// Until this much has been read, making the kernel (0.2 ms, once in a process) costs more than it saves.
const WORTH_A_KERNEL_BYTES = 16_384;
// Nor is what is shorter worth carrying there.
const SHORT_BYTES = 64;
const PADDING = 16;
const NO_LETTER = 255;

const values = new Uint8Array(256).fill(NO_LETTER);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < 64; value++) values[ALPHABET.charCodeAt(value)] = value;
// The URL-safe alphabet too (RFC 4648 section 5).
values[0x2d] = 62;
values[0x5f] = 63;

let decoder: LetterDecoder | undefined;
let seenBytes = 0;

/** The decoder for that many octets more: plain at first, the kernel once there is enough to do. */
export function letterDecoderFor(octets: number): LetterDecoder {
  if (octets < SHORT_BYTES) return decodeLettersPlain;
  if (decoder) return decoder;
  seenBytes += octets;
  if (seenBytes < WORTH_A_KERNEL_BYTES) return decodeLettersPlain;
  decoder = makeLetterKernel() ?? decodeLettersPlain;
  return decoder;
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly decode: (end: number) => number;
}

/** The kernel; `undefined` where WebAssembly or its vector instructions are missing. */
export function makeLetterKernel(): LetterDecoder | undefined {
  const exports = instantiateKernel<KernelExports>(KERNEL);
  return exports && kernelOf(exports);
}

function kernelOf({ memory, decode }: KernelExports): LetterDecoder {
  const whole = Buffer.from(memory.buffer);
  const input = Buffer.from(memory.buffer, INPUT_ADDRESS, INPUT_BYTES + PADDING);
  const output = Buffer.from(memory.buffer, OUTPUT_ADDRESS, OUTPUT_BYTES);
  whole.set(values);
  return (bytes, start, end, target, at, group) => {
    let to = at;
    for (let from = start; from < end; from += INPUT_BYTES) {
      const piece = bytes.subarray(from, Math.min(end, from + INPUT_BYTES));
      input.set(piece);
      input.fill(0, piece.length, piece.length + PADDING);
      whole.writeUInt32LE(group.bits, BITS_ADDRESS);
      whole.writeUInt32LE(group.count, COUNT_ADDRESS);
      const made = decode(piece.length);
      target.set(output.subarray(0, made), to);
      to += made;
      group.bits = whole.readUInt32LE(BITS_ADDRESS);
      group.count = whole.readUInt32LE(COUNT_ADDRESS);
    }
    return to - at;
  };
}

/** The decoder without WebAssembly. */
export const decodeLettersPlain: LetterDecoder = (bytes, start, end, target, at, group) => {
  let { bits, count } = group;
  let to = at;
  for (let from = start; from < end; from++) {
    const value = values[bytes[from] ?? 0] ?? NO_LETTER;
    if (value === NO_LETTER) continue;
    bits = (bits << 6) | value;
    if (++count < 4) continue;
    target[to] = bits >> 16;
    target[to + 1] = bits >> 8;
    target[to + 2] = bits;
    to += 3;
    bits = 0;
    count = 0;
  }
  group.bits = bits;
  group.count = count;
  return to - at;
};

/** The octets that an incomplete group stands for, into `target` at `at`; gives how many, and empties the group. */
export function closeGroup(group: OpenGroup, target: Uint8Array, at: number): number {
  const { bits, count } = group;
  group.bits = 0;
  group.count = 0;
  if (count < 2) return 0;
  target[at] = count === 2 ? bits >> 4 : bits >> 10;
  if (count === 3) target[at + 1] = bits >> 2;
  return count - 1;
}
