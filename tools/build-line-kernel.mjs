// Assembles the WebAssembly kernel behind src/mime/writer/crlf-bytes.ts and writes it, as base64, to
// src/mime/writer/line-kernel.data.ts. No package needed; the same bytes on every run.
//
// The kernel has one function, expand(length): it reads `length` octets from address 0, writes them at
// OUTPUT with CRLF for each LF, and returns how many it wrote. The 16 octets after the input must be 0.
// It copies 16 octets at a time; where an LF is among them it goes on right after it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleModule, I32, signed, simd, unsigned, V128 } from './wasm-format.mjs';

const PAGE = 0x10000;
const INPUT = 0x40000;
const OUTPUT = INPUT + 64;
const PAGES = Math.ceil((OUTPUT + 2 * INPUT + 64) / PAGE);
const dataFile = new URL('../src/mime/writer/line-kernel.data.ts', import.meta.url);

const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const end = [0x0b];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const number = (n) => [0x41, ...signed(n)];
const isZero = [0x45];
const greaterOrEqual = [0x4f];
const countTrailingZeros = [0x68];
const add = [0x6a];
const subtract = [0x6b];
const store16 = [0x3b, 0, ...unsigned(OUTPUT)];
const load = [...simd(0x00), 0, 0];
const store = [...simd(0x0b), 0, ...unsigned(OUTPUT)];
const constant = (octet) => [...simd(0x0c), ...new Array(16).fill(octet)];
const equalOctets = simd(0x23);
const maskOf = simd(0x64);

const length = 0;
const from = 1;
const to = 2;
const mask = 3;
const octets = 4;

const addTo = (local, value) => [...get(local), ...value, ...add, ...set(local)];

const body = [
  ...block,
  ...loop,
  ...[...get(from), ...get(length), ...greaterOrEqual, ...branchIf(1)],
  // store(to, octets = load(from))
  ...[...get(to), ...get(from), ...load, ...tee(octets), ...store],
  // mask = which of them are LF
  ...[...get(octets), ...constant(0x0a), ...equalOctets, ...maskOf, ...tee(mask), ...isZero],
  ...[0x04, 0x40],
  ...addTo(from, number(16)),
  ...addTo(to, number(16)),
  ...branch(1),
  ...end,
  // mask = octets before the first LF; CRLF over it
  ...[...get(mask), ...countTrailingZeros, ...set(mask)],
  ...[...get(to), ...get(mask), ...add, ...tee(to), ...number(0x0a0d), ...store16],
  ...addTo(to, number(2)),
  ...addTo(from, [...get(mask), ...number(1), ...add]),
  ...branch(0),
  ...end,
  ...end,
  // What was copied from behind the input does not count.
  ...[...get(to), ...get(from), ...get(length), ...subtract, ...subtract],
  ...end,
];

/** The kernel's bytes. */
export function assembleKernel() {
  const locals = [
    [3, I32],
    [1, V128],
  ];
  return assembleModule({ pages: PAGES, exported: 'expand', results: [I32], locals, body });
}

/** What the data file must hold. */
export function kernelFile() {
  const text = Buffer.from(assembleKernel()).toString('base64');
  const lines = text.match(/.{1,90}/g).map((line) => `  '${line}'`);
  return `// Made by tools/build-line-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = ${INPUT};
/** Where the kernel writes; it reads from address 0. */
export const OUTPUT_ADDRESS: number = ${OUTPUT};
/** Octets it can write. */
export const OUTPUT_BYTES: number = ${2 * INPUT};

/** The WebAssembly module, in base64. */
export const KERNEL: string =
${lines.join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dataFile, kernelFile());
