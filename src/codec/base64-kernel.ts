// The WebAssembly kernel for base64 lines: when it is made, and its JavaScript stand-in.
import { instantiateKernel, viewOf } from '../base/internal.ts';
import { KERNEL, OUTPUT_ADDRESS } from './base64-kernel.data.ts';

/** Octets that one full line stands for. */
export const LINE_INPUT = 57;
/** Octets of one full line with its CRLF. */
export const LINE_OUTPUT = 78;

/**
 * Writes `lines` full lines, each with CRLF, for the octets of `source` from `start` into `target` from
 * `at`. Where `target` begins in its memory and `at` are even.
 */
export type LineWriter = (
  source: Uint8Array,
  start: number,
  lines: number,
  target: Uint8Array,
  at: number,
) => void;

// Until this much has been encoded, making the kernel (0.2 ms, once in a process) costs more than it saves.
const WORTH_A_KERNEL_BYTES = 8192;
const BLOCK_LINES = 256;

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly encode: (lines: number) => void;
}

let writer: LineWriter | undefined;
let encodedBytes = 0;

/** The writer for that many octets more: plain at first, the kernel once there is enough to do. */
export function lineWriterFor(bytes: number): LineWriter {
  if (writer) return writer;
  encodedBytes += bytes;
  if (encodedBytes < WORTH_A_KERNEL_BYTES) return writeLinesPlain;
  writer = makeKernel() ?? writeLinesPlain;
  return writer;
}

/** The kernel as a writer; `undefined` where WebAssembly or its vector instructions are missing. */
export function makeKernel(): LineWriter | undefined {
  const exports = instantiateKernel<KernelExports>(KERNEL);
  return exports && writerOf(exports);
}

function writerOf({ memory, encode }: KernelExports): LineWriter {
  const input = new Uint8Array(memory.buffer, 0, BLOCK_LINES * LINE_INPUT);
  const output = new Uint8Array(memory.buffer, OUTPUT_ADDRESS, BLOCK_LINES * LINE_OUTPUT);
  return (source, start, lines, target, at) => {
    for (let done = 0; done < lines; done += BLOCK_LINES) {
      const count = Math.min(BLOCK_LINES, lines - done);
      const first = start + done * LINE_INPUT;
      input.set(source.subarray(first, first + count * LINE_INPUT));
      encode(count);
      target.set(
        count === BLOCK_LINES ? output : output.subarray(0, count * LINE_OUTPUT),
        at + done * LINE_OUTPUT,
      );
    }
  };
}

const LINE_PAIRS = 38;
const CRLF_PAIR = new Uint16Array(Uint8Array.of(0x0d, 0x0a).buffer)[0] ?? 0;
let scratch: Uint16Array | undefined;

/** The writer without WebAssembly: Node's base64 for a block, then moved line by line, two octets at a time. */
export const writeLinesPlain: LineWriter = (source, start, lines, target, at) => {
  scratch ??= new Uint16Array(BLOCK_LINES * LINE_PAIRS);
  const text = viewOf(new Uint8Array(scratch.buffer));
  const from = viewOf(source);
  const to = new Uint16Array(target.buffer, target.byteOffset + at, (lines * LINE_OUTPUT) / 2);
  let write = 0;
  for (let done = 0; done < lines; done += BLOCK_LINES) {
    const count = Math.min(BLOCK_LINES, lines - done);
    const first = start + done * LINE_INPUT;
    text.write(from.toString('base64', first, first + count * LINE_INPUT), 'latin1');
    for (let line = 0; line < count; line++) {
      const read = line * LINE_PAIRS;
      for (let pair = 0; pair < LINE_PAIRS; pair++) to[write + pair] = scratch[read + pair] ?? 0;
      to[write + LINE_PAIRS] = CRLF_PAIR;
      write += LINE_PAIRS + 1;
    }
  }
};
