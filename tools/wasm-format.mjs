// The WebAssembly binary format, as far as the kernels in tools/build-*-kernel.mjs need it: numbers (LEB128), vectors,
// and a module with one memory and one function.

/** Value types. */
export const I32 = 0x7f;
export const V128 = 0x7b;

export const unsigned = (n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)]);
export const signed = (n) =>
  n >= -0x40 && n < 0x40 ? [n & 0x7f] : [(n & 0x7f) | 0x80, ...signed(n >> 7)];
const vector = (items) => [...unsigned(items.length), ...items.flat()];
const section = (id, content) => [id, ...unsigned(content.length), ...content];
const name = (text) => vector([...Buffer.from(text)]);

/** A vector instruction. */
export const simd = (opcode) => [0xfd, ...unsigned(opcode)];

/**
 * The bytes of a module with `pages` of memory, exported as `memory`, and one function from one i32 to `results`,
 * exported as `exported`, with `locals` ([count, type] each) and `body`.
 */
export function assembleModule({ pages, exported, results, locals, body }) {
  const code = [...vector(locals.map(([count, type]) => [...unsigned(count), type])), ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, ...vector([I32]), ...vector(results)]])),
    ...section(3, vector([unsigned(0)])),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 0x02, 0],
        [...name(exported), 0x00, 0],
      ]),
    ),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}
