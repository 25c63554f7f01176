// The WebAssembly kernel that makes line ends CRLF and doubles dots, some twenty times as fast as a search for each line:
// when it is made. What it does is in tools/build-stuffing-kernel.mjs.
import { instantiateKernel } from '../base/internal.ts';
import {
  INPUT_ADDRESS,
  INPUT_BYTES,
  KERNEL,
  OUTPUT_ADDRESS,
  OUTPUT_BYTES,
} from './stuffing-kernel.data.ts';

/** What has come before the octets that are looked at. */
export interface StuffingState {
  /** Whether the last octet was a CR whose LF is still to come. */
  afterCr: boolean;
  /** Whether a line begins. */
  atLineStart: boolean;
  /** How many dots have been added. */
  dots: number;
}

/** Changes `state` as it goes on. */
export interface StuffingKernel {
  /**
   * What to write for at most {@link INPUT_BYTES} octets: `undefined` for the octets as they are, else memory that the
   * next call writes over.
   */
  stuff(bytes: Uint8Array, state: StuffingState): Uint8Array | undefined;
}

// Until this much content has passed, making the kernel (0.2 ms, once in a process) costs more than it saves.
const WORTH_A_KERNEL_BYTES = 65_536;

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly stuff: (length: number) => number;
}

let kernel: StuffingKernel | undefined;
let isTried = false;
let seenBytes = 0;

/** The kernel for that many octets more; `undefined` while it does not pay, or where it can't be made. */
export function stuffingKernelFor(bytes: number): StuffingKernel | undefined {
  seenBytes += bytes;
  if (!isTried && seenBytes >= WORTH_A_KERNEL_BYTES) {
    isTried = true;
    kernel = makeStuffingKernel();
  }
  return kernel;
}

/** The kernel; `undefined` where WebAssembly or its vector instructions are missing. */
export function makeStuffingKernel(): StuffingKernel | undefined {
  const exports = instantiateKernel<KernelExports>(KERNEL);
  return exports && kernelOf(exports);
}

function kernelOf({ memory, stuff }: KernelExports): StuffingKernel {
  const input = new Uint8Array(memory.buffer, INPUT_ADDRESS, INPUT_BYTES);
  const output = new Uint8Array(memory.buffer, OUTPUT_ADDRESS, OUTPUT_BYTES);
  const numbers = new Int32Array(memory.buffer, 0, 3);
  return {
    stuff(bytes, state) {
      input.set(bytes);
      numbers[0] = Number(state.afterCr);
      numbers[1] = Number(state.atLineStart);
      numbers[2] = 0;
      const length = stuff(bytes.length);
      state.afterCr = numbers[0] === 1;
      state.atLineStart = numbers[1] === 1;
      state.dots += numbers[2] ?? 0;
      return length === 0 ? undefined : output.subarray(0, length);
    },
  };
}
