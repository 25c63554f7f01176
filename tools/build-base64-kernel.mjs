// Assembles the WebAssembly kernel behind src/codec/base64-lines.ts and writes it, as base64, to
// src/codec/base64-kernel.data.ts. No package needed; the same bytes on every run.
//
// The kernel has one page of memory and one function, encode(lines): it reads lines × 57 octets from
// address 0 and writes lines × 78 octets (76 characters and CRLF) at OUTPUT. A line is five vectors:
// each takes 12 octets (the last only 9) and gives 16 characters (the last only 12).
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleModule, I32, signed, simd, unsigned, V128 } from './wasm-format.mjs';

const OUTPUT = 0x4000;
const LINE_INPUT = 57;
const LINE_OUTPUT = 78;
const dataFile = new URL('../src/codec/base64-kernel.data.ts', import.meta.url);

const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  branchIf: (depth) => [0x0d, depth],
  end: [0x0b],
  get: (local) => [0x20, local],
  set: (local) => [0x21, local],
  tee: (local) => [0x22, local],
  i32: (n) => [0x41, ...signed(n)],
  i32Eqz: [0x45],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  store16: (offset) => [0x3b, 0, ...unsigned(offset)],
  load: (offset) => [...simd(0x00), 0, ...unsigned(offset)],
  store: (offset) => [...simd(0x0b), 0, ...unsigned(offset)],
  bytes: (list) => [...simd(0x0c), ...list],
  shuffle: (lanes) => [...simd(0x0d), ...lanes],
  swizzle: simd(0x0e),
  i8LessSigned: simd(0x25),
  and: simd(0x4e),
  or: simd(0x50),
  i8Add: simd(0x6e),
  i8SubSaturateUnsigned: simd(0x73),
  i16ShiftRightUnsigned: simd(0x8d),
  i16Multiply: simd(0x95),
};
const splat8 = (n) => op.bytes(new Array(16).fill(n & 0xff));
const splat32 = (n) =>
  op.bytes([0, 0, 0, 0].flatMap(() => [0, 8, 16, 24].map((shift) => (n >>> shift) & 0xff)));

// Octets a b c become the 16-bit lanes (a<<8|b) and (b<<8|c), which hold all four sextets.
const SPREAD = [0, 3, 6, 9].flatMap((n) => [n + 1, n, n + 2, n + 1]);

// Locals: the parameter, then what changes, then constants (in locals, so that each is loaded once).
const lines = 0;
const from = 1;
const to = 2;
const sextets = 3;
const source = 4;
const constants = [
  splat32(0x0000003f),
  splat32(0x003f0000),
  splat32(0x003f03f0),
  splat32(0x01000010),
  splat8(51),
  splat8(26),
  splat8(13),
  // What to add to a sextet for its character, by class: 0 is a–z, 1–10 are 0–9, 11 is +, 12 is /, 13 is A–Z.
  op.bytes([71, 252, 252, 252, 252, 252, 252, 252, 252, 252, 252, 237, 240, 65, 0, 0]),
];
const [lowFirst, highFirst, second, lift, lastLetter, letters, capital, shifts] = constants.map(
  (_, n) => source + 1 + n,
);

const step = (n) => [
  ...op.get(to),
  ...op.get(from),
  ...op.load(n * 12),
  ...op.tee(source),
  ...op.get(source),
  ...op.shuffle(SPREAD),
  ...op.tee(source),
  // First sextet of each lane: bits 15–10 of the low lane, 11–6 of the high one.
  ...op.i32(10),
  ...op.i16ShiftRightUnsigned,
  ...op.get(lowFirst),
  ...op.and,
  ...op.get(source),
  ...op.i32(6),
  ...op.i16ShiftRightUnsigned,
  ...op.get(highFirst),
  ...op.and,
  ...op.or,
  // Second sextet: bits 9–4 and 5–0, multiplied up into the lane's high octet.
  ...op.get(source),
  ...op.get(second),
  ...op.and,
  ...op.get(lift),
  ...op.i16Multiply,
  ...op.or,
  ...op.tee(sextets),
  // The class of each sextet, and from it the character.
  ...op.get(shifts),
  ...op.get(sextets),
  ...op.get(lastLetter),
  ...op.i8SubSaturateUnsigned,
  ...op.get(sextets),
  ...op.get(letters),
  ...op.i8LessSigned,
  ...op.get(capital),
  ...op.and,
  ...op.or,
  ...op.swizzle,
  ...op.i8Add,
  ...op.store(OUTPUT + n * 16),
];

const body = [
  ...op.block,
  ...op.get(lines),
  ...op.i32Eqz,
  ...op.branchIf(0),
  ...constants.flatMap((constant, n) => [...constant, ...op.set(source + 1 + n)]),
  ...op.loop,
  ...[0, 1, 2, 3, 4].flatMap(step),
  ...op.get(to),
  ...op.i32(0x0a0d),
  ...op.store16(OUTPUT + 76),
  ...op.get(from),
  ...op.i32(LINE_INPUT),
  ...op.i32Add,
  ...op.set(from),
  ...op.get(to),
  ...op.i32(LINE_OUTPUT),
  ...op.i32Add,
  ...op.set(to),
  ...op.get(lines),
  ...op.i32(1),
  ...op.i32Sub,
  ...op.tee(lines),
  ...op.branchIf(0),
  ...op.end,
  ...op.end,
  ...op.end,
];

/** The kernel's bytes. */
export function assembleKernel() {
  const locals = [
    [2, I32],
    [2 + constants.length, V128],
  ];
  return assembleModule({ pages: 1, exported: 'encode', results: [], locals, body });
}

/** What the data file must hold. */
export function kernelFile() {
  const text = Buffer.from(assembleKernel()).toString('base64');
  return `// Made by tools/build-base64-kernel.mjs; change the tool, not this file.

/** Where the kernel writes; it reads from address 0. */
export const OUTPUT_ADDRESS: number = ${OUTPUT};

/** The WebAssembly module, in base64. */
export const KERNEL: string =
  '${text}';
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dataFile, kernelFile());
