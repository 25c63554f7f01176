// The WebAssembly kernel that writes CRLF for LF, some ten times as fast as replaceAll: when it is made.
// What it does is in tools/build-line-kernel.mjs.
import { Buffer } from 'node:buffer';
import { instantiateKernel } from '../../base/internal.ts';
import { INPUT_BYTES, KERNEL, OUTPUT_ADDRESS, OUTPUT_BYTES } from './line-kernel.data.ts';

/** The text, which is `octets` long in UTF-8, with CRLF for each LF; the result is overwritten by the next call. */
export type LineKernel = (text: string, octets: number) => Buffer;

// Until this much text has been written, making the kernel (0.2 ms, once in a process) costs more than it saves.
const WORTH_A_KERNEL_BYTES = 65_536;
const PADDING = 16;

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly expand: (length: number) => number;
}

let kernel: LineKernel | undefined;
let isTried = false;
let seenBytes = 0;

/** The kernel for a text of that many octets; `undefined` while it does not pay, or where it cannot be made. */
export function lineKernelFor(octets: number): LineKernel | undefined {
  if (octets > INPUT_BYTES) return undefined;
  seenBytes += octets;
  if (!isTried && seenBytes >= WORTH_A_KERNEL_BYTES) {
    isTried = true;
    kernel = makeKernel();
  }
  return kernel;
}

/** The kernel; `undefined` where WebAssembly or its vector instructions are missing. */
export function makeKernel(): LineKernel | undefined {
  const exports = instantiateKernel<KernelExports>(KERNEL);
  return exports && kernelOf(exports);
}

function kernelOf({ memory, expand }: KernelExports): LineKernel {
  const input = Buffer.from(memory.buffer, 0, INPUT_BYTES + PADDING);
  const output = Buffer.from(memory.buffer, OUTPUT_ADDRESS, OUTPUT_BYTES);
  return (text, octets) => {
    // Writing latin1 is a plain copy; it is right for ASCII only.
    const length = input.write(text, octets === text.length ? 'latin1' : 'utf8');
    input.fill(0, length, length + PADDING);
    return output.subarray(0, expand(length));
  };
}
