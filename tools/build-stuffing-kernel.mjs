// Assembles the WebAssembly kernel behind src/smtp/dot-stuffer.ts and writes it, as base64, to
// src/smtp/stuffing-kernel.data.ts. No package needed; the same bytes on every run.
//
// The kernel has one function, stuff(length): it looks at `length` octets at INPUT, 16 at a time. Where each line ends in
// CRLF and none begins with a dot it returns 0. Else it writes them at OUTPUT with CRLF for each bare CR and LF and the
// dots doubled, and returns how many it wrote. What was before the octets and what is after them is in three numbers of
// 32 bits at STATE: whether the last was CR, whether it was the end of a line, and how many dots have been added.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleModule, I32, signed, simd, unsigned, V128 } from './wasm-format.mjs';

const PAGE = 0x10000;
const INPUT_BYTES = 0x40000;
const STATE = 0;
const INPUT = 64;
const OUTPUT = INPUT + INPUT_BYTES + 64;
const OUTPUT_BYTES = 2 * INPUT_BYTES + 1;
const PAGES = Math.ceil((OUTPUT + OUTPUT_BYTES + 64) / PAGE);
const dataFile = new URL('../src/smtp/stuffing-kernel.data.ts', import.meta.url);

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const when = [0x04, 0x40];
const otherwise = [0x05];
const end = [0x0b];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];
const leave = [0x0f];
const select = [0x1b];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const number = (n) => [0x41, ...signed(n)];
const isZero = [0x45];
const lessThan = [0x49];
const greaterOrEqual = [0x4f];
const countTrailingZeros = [0x68];
const add = [0x6a];
const subtract = [0x6b];
const and = [0x71];
const or = [0x72];
const xor = [0x73];
const shiftLeft = [0x74];
const shiftRight = [0x76];
const copyMemory = [0xfc, 0x0a, 0, 0];
const loadNumber = (address) => [...number(address), 0x28, 2, 0];
const storeNumber = (address, local) => [...number(address), ...get(local), 0x36, 2, 0];
const store8 = [0x3a, 0, ...unsigned(OUTPUT)];
const store16 = [0x3b, 0, ...unsigned(OUTPUT)];
const load = [...simd(0x00), 0, ...unsigned(INPUT)];
const store = [...simd(0x0b), 0, ...unsigned(OUTPUT)];
const constant = (octet) => [...simd(0x0c), ...new Array(16).fill(octet)];
const equalOctets = simd(0x23);
const maskOf = simd(0x64);

const length = 0;
const from = 1;
const to = 2;
const crs = 3;
const lfs = 4;
const afterCrs = 5;
const wrong = 6;
const count = 7;
const afterCr = 8;
const atLineStart = 9;
const dots = 10;
const octets = 11;

const addTo = (local, value) => [...get(local), ...value, ...add, ...set(local)];
const put = (local, n) => [...number(n), ...set(local)];
const where = (octet) => [...get(octets), ...constant(octet), ...equalOctets, ...maskOf];
const bit = (local, index) => [...get(local), ...index, ...shiftRight, ...number(1), ...and];
const next = (local, carry) => [...get(local), ...number(1), ...shiftLeft, ...get(carry), ...or];

// Of the next octets, 16 or what is left: which of them have to be changed. After each CR there has to be an LF, and
// nowhere else; at the start of a line there may be no dot.
const look = [
  ...[...get(from), ...load, ...set(octets)],
  ...[...where(CR), ...set(crs)],
  ...[...where(LF), ...set(lfs)],
  ...[...next(crs, afterCr), ...tee(afterCrs), ...get(lfs), ...xor],
  ...[...where(DOT), ...next(lfs, atLineStart), ...and, ...or, ...set(wrong)],
  ...[...get(length), ...get(from), ...subtract, ...tee(count), ...number(16)],
  ...[...get(count), ...number(16), ...lessThan, ...select, ...set(count)],
  ...[...get(wrong), ...number(1), ...get(count), ...shiftLeft, ...number(1), ...subtract],
  ...[...and, ...set(wrong)],
];
const last = [...get(count), ...number(1), ...subtract];
const goOn = [
  ...[...bit(crs, last), ...set(afterCr)],
  ...[...bit(lfs, last), ...set(atLineStart)],
  ...addTo(from, get(count)),
];
const keepState = [
  ...storeNumber(STATE, afterCr),
  ...storeNumber(STATE + 4, atLineStart),
  ...storeNumber(STATE + 8, dots),
];

const body = [
  ...[...loadNumber(STATE), ...set(afterCr)],
  ...[...loadNumber(STATE + 4), ...set(atLineStart)],
  ...[...loadNumber(STATE + 8), ...set(dots)],
  ...block,
  ...block,
  ...loop,
  ...[...get(from), ...get(length), ...greaterOrEqual, ...branchIf(1)],
  ...look,
  ...[...get(wrong), ...branchIf(2)],
  ...goOn,
  ...branch(0),
  ...end,
  ...end,
  ...keepState,
  ...[...number(0), ...leave],
  ...end,
  // What was right so far, at once; the rest with its changes.
  ...[...number(OUTPUT), ...number(INPUT), ...get(from), ...copyMemory],
  ...[...get(from), ...set(to)],
  ...block,
  ...loop,
  ...[...get(from), ...get(length), ...greaterOrEqual, ...branchIf(1)],
  ...look,
  ...[...get(to), ...get(octets), ...store],
  ...[...get(wrong), ...isZero],
  ...when,
  ...addTo(to, get(count)),
  ...goOn,
  ...branch(1),
  ...end,
  ...[...get(wrong), ...countTrailingZeros, ...set(count)],
  ...addTo(from, get(count)),
  ...addTo(to, get(count)),
  ...bit(lfs, get(count)),
  ...when,
  // LF without CR
  ...[...get(to), ...number((LF << 8) | CR), ...store16],
  ...addTo(to, number(2)),
  ...addTo(from, number(1)),
  ...put(atLineStart, 1),
  ...otherwise,
  ...bit(afterCrs, get(count)),
  ...when,
  // CR without LF: what follows it is looked at again
  ...[...get(to), ...number(LF), ...store8],
  ...addTo(to, number(1)),
  ...put(atLineStart, 1),
  ...otherwise,
  // a dot at the start of a line
  ...[...get(to), ...number((DOT << 8) | DOT), ...store16],
  ...addTo(to, number(2)),
  ...addTo(from, number(1)),
  ...addTo(dots, number(1)),
  ...put(atLineStart, 0),
  ...end,
  ...end,
  ...put(afterCr, 0),
  ...branch(0),
  ...end,
  ...end,
  ...keepState,
  ...get(to),
  ...end,
];

/** The kernel's bytes. */
export function assembleKernel() {
  const locals = [
    [10, I32],
    [1, V128],
  ];
  return assembleModule({ pages: PAGES, exported: 'stuff', results: [I32], locals, body });
}

/** What the data file must hold. */
export function kernelFile() {
  const text = Buffer.from(assembleKernel()).toString('base64');
  const lines = text.match(/.{1,90}/g).map((line) => `  '${line}'`);
  return `// Made by tools/build-stuffing-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = ${INPUT_BYTES};
/** Where the kernel reads. */
export const INPUT_ADDRESS: number = ${INPUT};
/** Where the kernel writes. */
export const OUTPUT_ADDRESS: number = ${OUTPUT};
/** Octets it can write. */
export const OUTPUT_BYTES: number = ${OUTPUT_BYTES};

/** The WebAssembly module, in base64. */
export const KERNEL: string =
${lines.join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dataFile, kernelFile());
