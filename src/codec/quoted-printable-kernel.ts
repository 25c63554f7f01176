// The WebAssembly kernel that reads quoted-printable, three times as fast as JavaScript: when it is made.
// What it does is in tools/build-quoted-printable-kernel.mjs.
import { Buffer } from 'node:buffer';
import { instantiateKernel } from '../base/internal.ts';
import { hexOctet } from './octets.ts';
import {
  INPUT_ADDRESS,
  INPUT_BYTES,
  KERNEL,
  LENGTH_ADDRESS,
  OUTPUT_ADDRESS,
  SETTLED_ADDRESS,
} from './quoted-printable-kernel.data.ts';

/** What was decoded, in memory that the next call writes over. */
export interface DecodedOctets {
  readonly octets: Uint8Array;
  /** Where the last encoded octet ends: blanks before it are data, those behind it may be padding. */
  readonly settled: number;
}

/** Decodes the octets before `end`; those behind it are only looked at. */
export type QuotedPrintableKernel = (bytes: Uint8Array, end: number) => DecodedOctets;

// Until this much has been read, making the kernel (0.2 ms, once in a process) costs more than it saves.
const WORTH_A_KERNEL_BYTES = 65_536;
const PADDING = 16;

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly decode: (end: number) => number;
}

let kernel: QuotedPrintableKernel | undefined;
let isTried = false;
let seenBytes = 0;

/** The kernel for that many octets; `undefined` while it does not pay, or where it cannot be made. */
export function quotedPrintableKernelFor(octets: number): QuotedPrintableKernel | undefined {
  if (octets > INPUT_BYTES) return undefined;
  seenBytes += octets;
  if (!isTried && seenBytes >= WORTH_A_KERNEL_BYTES) {
    isTried = true;
    kernel = makeQuotedPrintableKernel();
  }
  return kernel;
}

/** The kernel; `undefined` where WebAssembly or its vector instructions are missing. */
export function makeQuotedPrintableKernel(): QuotedPrintableKernel | undefined {
  const exports = instantiateKernel<KernelExports>(KERNEL);
  return exports && kernelOf(exports);
}

function kernelOf({ memory, decode }: KernelExports): QuotedPrintableKernel {
  const whole = Buffer.from(memory.buffer);
  const input = Buffer.from(memory.buffer, INPUT_ADDRESS, INPUT_BYTES + PADDING);
  const output = Buffer.from(memory.buffer, OUTPUT_ADDRESS, INPUT_BYTES);
  const zero = 0x30;
  for (let octet = 0; octet < 256; octet++) whole[octet] = Math.min(255, hexOctet(zero, octet));
  return (bytes, end) => {
    input.set(bytes);
    input.fill(0, bytes.length, bytes.length + PADDING);
    whole.writeUInt32LE(bytes.length, LENGTH_ADDRESS);
    const length = decode(end);
    return { octets: output.subarray(0, length), settled: whole.readUInt32LE(SETTLED_ADDRESS) };
  };
}
