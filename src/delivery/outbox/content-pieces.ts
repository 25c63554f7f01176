// Content cut into pieces of one size, for stores that keep it so.
import type { NewContent } from './store.ts';

/**
 * The content in copies of its own of `size` octets each, but for the last; at least one. What gives the content may use
 * its memory again.
 */
export async function* contentPieces(
  { chunks }: NewContent,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  let piece = Buffer.allocUnsafeSlow(size);
  let used = 0;
  let count = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - used);
      piece.set(part, used);
      used += part.length;
      at += part.length;
      if (used < size) continue;
      yield piece;
      count += 1;
      piece = Buffer.allocUnsafeSlow(size);
      used = 0;
    }
  }
  if (used > 0 || count === 0) yield piece.subarray(0, used);
}
