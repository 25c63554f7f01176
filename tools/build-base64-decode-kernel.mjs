// Assembles the WebAssembly kernel behind src/codec/base64-decoder.ts and writes it, as base64, to
// src/codec/base64-decode-kernel.data.ts. No package needed; the same bytes on every run.
//
// The kernel has one function, decode(end): it reads octets from INPUT to before INPUT + end, writes what their letters
// stand for at OUTPUT and returns how many octets that is. Octets that are no letters are skipped. At BITS and COUNT are
// the letters of a group that is not complete, before and after. Before 256 stands the value of each octet as a letter,
// 255 for what is none. 16 octets that are 0 must follow the last one.
// It takes 16 letters at a time; where others are among them, it takes the whole groups before the first of those.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleModule, I32, signed, simd, unsigned, V128 } from './wasm-format.mjs';

const PAGE = 0x10000;
const BITS = 256;
const COUNT = 260;
const INPUT = 512;
const INPUT_BYTES = 0x40000;
const OUTPUT = INPUT + INPUT_BYTES + 64;
const OUTPUT_BYTES = (INPUT_BYTES / 4) * 3 + 3;
const PAGES = Math.ceil((OUTPUT + OUTPUT_BYTES + 64) / PAGE);
const dataFile = new URL('../src/codec/base64-decode-kernel.data.ts', import.meta.url);

const NO_LETTER = 255;

const NOTHING = 0x40;
const block = (...code) => [0x02, NOTHING, ...code.flat(), 0x0b];
const loop = (...code) => [0x03, NOTHING, ...code.flat(), 0x0b];
const when = (...code) => [0x04, NOTHING, ...code.flat(), 0x0b];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const number = (n) => [0x41, ...signed(n)];
const isZero = [0x45];
const equal = [0x46];
const greaterOrEqual = [0x4f];
const countTrailingZeros = [0x68];
const add = [0x6a];
const multiply = [0x6c];
const or = [0x72];
const exclusiveOr = [0x73];
const shiftLeft = [0x74];
const shiftRight = [0x76];
const load32 = (at) => [...number(at), 0x28, 2, 0];
const store32 = (at, value) => [...number(at), ...value, 0x36, 2, 0];
const load8 = (offset) => [0x2d, 0, ...unsigned(offset)];
const store8 = (offset) => [0x3a, 0, ...unsigned(offset)];

const vector = (octets) => [...simd(0x0c), ...octets];
const all = (octet) => vector(new Array(16).fill(octet));
const words = (value) =>
  vector(Array.from({ length: 16 }, (_, i) => (value >> (8 * (i % 2))) & 255));
const doubles = (value) =>
  vector(Array.from({ length: 16 }, (_, i) => (value >> (8 * (i % 4))) & 255));
const andVector = simd(0x4e);
const orVector = simd(0x50);
const addOctets = simd(0x6e);
const equalOctets = simd(0x23);
const shiftOctetsRight = simd(0x6d);
const maskOf = simd(0x64);
const swizzle = simd(0x0e);
const shiftWordsLeft = simd(0x8b);
const shiftWordsRight = simd(0x8d);
const shiftDoublesLeft = simd(0xab);
const shiftDoublesRight = simd(0xad);

const end = 0;
const from = 1;
const to = 2;
const bits = 3;
const count = 4;
const octet = 5;
const letters = 6;
const values = 7;
const valid = 8;
const upper = 9;

const addTo = (local, value) => [...get(local), ...value, ...add, ...set(local)];

// Wojciech Muła's lookups by the halves of an octet. A letter has no bit in common in the two tables; what is to be
// added to it for its value is told by its upper half, and is another for the slash.
const LOWER = [21, 17, 17, 17, 17, 17, 17, 17, 17, 17, 19, 26, 27, 27, 27, 26];
const UPPER = [16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16];
const ADDED = [0, 16, 19, 4, 191, 191, 185, 185, 0, 0, 0, 0, 0, 0, 0, 0];

const six = [
  ...[...get(letters), ...number(4), ...shiftOctetsRight, ...set(upper)],
  ...[...vector(LOWER), ...get(letters), ...all(0x0f), ...andVector, ...swizzle],
  ...[...vector(UPPER), ...get(upper), ...swizzle, ...andVector, ...all(0), ...equalOctets],
  ...set(valid),
  ...[...vector(ADDED), ...get(letters), ...all(0x2f), ...equalOctets, ...get(upper), ...addOctets],
  ...[...swizzle, ...get(letters), ...addOctets, ...set(values)],
];

// Sixteen values of six bits to twelve octets: in pairs, in fours, in order.
const packed = [
  ...[...get(values), ...words(0x00ff), ...andVector, ...number(6), ...shiftWordsLeft],
  ...[...get(values), ...number(8), ...shiftWordsRight, ...orVector, ...set(values)],
  ...[...get(values), ...doubles(0xffff), ...andVector, ...number(12), ...shiftDoublesLeft],
  ...[...get(values), ...number(16), ...shiftDoublesRight, ...orVector],
  ...[...vector([2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255]), ...swizzle],
];

// octet = the value of the next one; whether it is no letter
const valueAt = [
  ...[...get(from), ...load8(INPUT), ...load8(0), ...tee(octet)],
  ...[...number(NO_LETTER), ...equal],
];

const body = [
  ...[...load32(BITS), ...set(bits), ...load32(COUNT), ...set(count)],
  ...block(
    loop(
      [...get(from), ...get(end), ...greaterOrEqual, ...branchIf(1)],
      [...get(count), ...isZero],
      when(
        [...get(from), ...simd(0x00), 0, ...unsigned(INPUT), ...set(letters)],
        six,
        [...get(to), ...packed, ...simd(0x0b), 0, ...unsigned(OUTPUT)],
        [...get(valid), ...maskOf, ...tee(octet), ...number(0xffff), ...equal],
        when(addTo(from, number(16)), addTo(to, number(12)), branch(2)),
        // octet = how many whole groups stand before the first that is no letter
        [...get(octet), ...number(-1), ...exclusiveOr, ...countTrailingZeros],
        [...number(2), ...shiftRight, ...tee(octet)],
        when(
          addTo(from, [...get(octet), ...number(4), ...multiply]),
          addTo(to, [...get(octet), ...number(3), ...multiply]),
          branch(2),
        ),
      ),
      valueAt,
      when(
        loop(
          addTo(from, number(1)),
          [...get(from), ...get(end), ...greaterOrEqual, ...branchIf(3)],
          valueAt,
          branchIf(0),
        ),
        branch(1),
      ),
      addTo(from, number(1)),
      [...get(bits), ...number(6), ...shiftLeft, ...get(octet), ...or, ...set(bits)],
      [...get(count), ...number(1), ...add, ...tee(count), ...number(4), ...equal, ...isZero],
      branchIf(0),
      [...get(to), ...get(bits), ...number(16), ...shiftRight, ...store8(OUTPUT)],
      [...get(to), ...get(bits), ...number(8), ...shiftRight, ...store8(OUTPUT + 1)],
      [...get(to), ...get(bits), ...store8(OUTPUT + 2)],
      addTo(to, number(3)),
      [...number(0), ...set(bits), ...number(0), ...set(count)],
      branch(0),
    ),
  ),
  ...store32(BITS, get(bits)),
  ...store32(COUNT, get(count)),
  ...get(to),
  0x0b,
];

/** What the data file must hold. */
export function kernelFile() {
  const locals = [
    [5, I32],
    [4, V128],
  ];
  const module = assembleModule({ pages: PAGES, exported: 'decode', results: [I32], locals, body });
  const text = Buffer.from(module).toString('base64');
  const lines = text.match(/.{1,90}/g).map((line) => `  '${line}'`);
  return `// Made by tools/build-base64-decode-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = ${INPUT_BYTES};
/** Where the kernel reads. */
export const INPUT_ADDRESS: number = ${INPUT};
/** Where the kernel writes. */
export const OUTPUT_ADDRESS: number = ${OUTPUT};
/** Octets it can write. */
export const OUTPUT_BYTES: number = ${OUTPUT_BYTES};
/** The letters of a group that is not complete, six bits each; this and the next are numbers of 32 bits. */
export const BITS_ADDRESS: number = ${BITS};
/** How many letters these are. */
export const COUNT_ADDRESS: number = ${COUNT};

/** The WebAssembly module, in base64. */
export const KERNEL: string =
${lines.join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dataFile, kernelFile());
