// Assembles the WebAssembly kernel behind src/codec/quoted-printable-reader.ts and writes it, as base64, to
// src/codec/quoted-printable-kernel.data.ts. No package needed; the same bytes on every run.
//
// The kernel has one function, decode(end): it decodes the octets from INPUT to before INPUT + end, writes them at
// OUTPUT and returns how many it wrote. At LENGTH stands how many octets there are to look at; 16 that are 0 must
// follow them. Before 256 stands the value of each octet as a hexadecimal digit, 255 for what is none. At SETTLED it
// leaves how many of the octets written no blank after them can be padding of.
// It copies 16 octets at a time; where an = or LF is among them it goes on right after it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleModule, I32, signed, simd, unsigned, V128 } from './wasm-format.mjs';

const PAGE = 0x10000;
const SETTLED = 256;
const LENGTH = 260;
const INPUT = 512;
const INPUT_BYTES = 0x50000;
const OUTPUT = INPUT + INPUT_BYTES + 64;
const PAGES = Math.ceil((OUTPUT + INPUT_BYTES + 64) / PAGE);
const dataFile = new URL('../src/codec/quoted-printable-kernel.data.ts', import.meta.url);

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const EQUALS = 0x3d;

const NOTHING = 0x40;
const block = (...code) => [0x02, NOTHING, ...code.flat(), 0x0b];
const loop = (...code) => [0x03, NOTHING, ...code.flat(), 0x0b];
const when = (...code) => [0x04, NOTHING, ...code.flat(), 0x0b];
const otherwise = [0x05];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const number = (n) => [0x41, ...signed(n)];
const isZero = [0x45];
const equal = [0x46];
const less = [0x49];
const greater = [0x4b];
const greaterOrEqual = [0x4f];
const countTrailingZeros = [0x68];
const add = [0x6a];
const subtract = [0x6b];
const and = [0x71];
const or = [0x72];
const shiftLeft = [0x74];
const load32 = (at) => [...number(at), 0x28, 2, 0];
const load8 = (offset) => [0x2d, 0, ...unsigned(offset)];
const store8 = (offset) => [0x3a, 0, ...unsigned(offset)];
const constant = (octet) => [...simd(0x0c), ...new Array(16).fill(octet)];
const equalOctets = simd(0x23);
const orOctets = simd(0x50);
const maskOf = simd(0x64);

const end = 0;
const from = 1;
const to = 2;
const settled = 3;
const mask = 4;
const at = 5;
const octet = 6;
const octets = 7;

const addTo = (local, n) => [...get(local), ...number(n), ...add, ...set(local)];
const is = (local, value) => [...get(local), ...number(value), ...equal];
const isBlank = (local) => [...is(local, SPACE), ...is(local, TAB), ...or];
const put = (value) => [...get(to), ...value, ...store8(OUTPUT), ...addTo(to, 1)];
const input = (local, offset) => [...get(local), ...load8(INPUT + offset)];
const digit = (offset) => [...input(from, offset), ...load8(0)];

// A line ends: blanks before it, and before the CR of it, go; not those that were encoded.
const trim = [
  // at = to, without the CR
  ...[...get(to), ...set(at)],
  ...[...get(to), ...get(settled), ...greater],
  ...when(
    [...get(to), ...number(1), ...subtract, ...load8(OUTPUT), ...number(CR), ...equal],
    when([...get(to), ...number(1), ...subtract, ...set(at)]),
  ),
  // mask = where the blanks begin
  ...[...get(at), ...set(mask)],
  ...block(
    loop(
      [...get(mask), ...get(settled), ...greater, ...isZero, ...branchIf(1)],
      [...get(mask), ...number(1), ...subtract, ...load8(OUTPUT), ...set(octet)],
      [...isBlank(octet), ...isZero, ...branchIf(1)],
      addTo(mask, -1),
      branch(0),
    ),
  ),
  ...[...get(mask), ...get(at), ...less],
  ...when(
    [...get(at), ...get(to), ...less],
    // The CR moves to the blanks' place.
    when(
      [...get(mask), ...number(CR), ...store8(OUTPUT)],
      [...get(mask), ...number(1), ...add, ...set(to)],
      otherwise,
      [...get(mask), ...set(to)],
    ),
  ),
];

const body = [
  ...block(
    loop(
      [...get(from), ...get(end), ...greaterOrEqual, ...branchIf(1)],
      // store(to, octets = load(from))
      [...get(to), ...get(from), ...simd(0x00), 0, ...unsigned(INPUT), ...tee(octets)],
      [...simd(0x0b), 0, ...unsigned(OUTPUT)],
      // mask = which of them are = or LF
      [...get(octets), ...constant(EQUALS), ...equalOctets],
      [...get(octets), ...constant(LF), ...equalOctets, ...orOctets, ...maskOf, ...tee(mask)],
      isZero,
      when(addTo(from, 16), addTo(to, 16), branch(1)),
      [...get(mask), ...countTrailingZeros, ...tee(mask), ...get(from), ...add, ...set(from)],
      [...get(mask), ...get(to), ...add, ...set(to)],
      [...get(from), ...get(end), ...greaterOrEqual, ...branchIf(1)],
      [...input(from, 0), ...number(LF), ...equal],
      when(trim, put(number(LF)), addTo(from, 1), branch(1)),
      // Two digits: an octet; often more of them follow.
      loop(
        [...digit(1), ...tee(mask), ...digit(2), ...tee(at), ...or, ...number(16), ...less],
        when(
          put([...get(mask), ...number(4), ...shiftLeft, ...get(at), ...or]),
          addTo(from, 3),
          [...get(to), ...set(settled)],
          [...get(from), ...get(end), ...greaterOrEqual, ...branchIf(2)],
          [...input(from, 0), ...number(EQUALS), ...equal, ...branchIf(1)],
          branch(2),
        ),
      ),
      // Blanks and a line end: a soft break. at = behind the blanks
      [...get(from), ...number(1), ...add, ...set(at)],
      block(
        loop(
          [...input(at, 0), ...set(octet), ...isBlank(octet), ...isZero, ...branchIf(1)],
          addTo(at, 1),
          branch(0),
        ),
      ),
      [...get(to), ...set(settled)],
      [...get(at), ...load32(LENGTH), ...greaterOrEqual],
      when(get(at), set(from), branch(1)),
      is(octet, LF),
      when(get(at), number(1), add, set(from), branch(1)),
      is(octet, CR),
      when(
        [...get(at), ...number(1), ...add, ...set(from)],
        // Of CRLF both go.
        [
          ...input(from, 0),
          ...number(LF),
          ...equal,
          ...get(from),
          ...load32(LENGTH),
          ...less,
          ...and,
        ],
        when(addTo(from, 1)),
        branch(1),
      ),
      // It stands for itself.
      put(number(EQUALS)),
      [...get(to), ...set(settled)],
      addTo(from, 1),
      branch(0),
    ),
  ),
  ...[...number(SETTLED), ...get(settled), 0x36, 2, 0],
  // What was copied from behind the end does not count.
  ...[...get(to), ...get(from), ...get(end), ...subtract, ...subtract],
  0x0b,
];

/** What the data file must hold. */
export function kernelFile() {
  const locals = [
    [6, I32],
    [1, V128],
  ];
  const module = assembleModule({ pages: PAGES, exported: 'decode', results: [I32], locals, body });
  const text = Buffer.from(module).toString('base64');
  const lines = text.match(/.{1,90}/g).map((line) => `  '${line}'`);
  return `// Made by tools/build-quoted-printable-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = ${INPUT_BYTES};
/** Where the kernel reads. */
export const INPUT_ADDRESS: number = ${INPUT};
/** Where the kernel writes. */
export const OUTPUT_ADDRESS: number = ${OUTPUT};
/** Where it is told how many octets there are to look at, a number of 32 bits. */
export const LENGTH_ADDRESS: number = ${LENGTH};
/** Where it tells how many of the octets it wrote are settled, a number of 32 bits. */
export const SETTLED_ADDRESS: number = ${SETTLED};

/** The WebAssembly module, in base64. */
export const KERNEL: string =
${lines.join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dataFile, kernelFile());
