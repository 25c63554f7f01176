// Content that comes in chunks of any size, stored in pieces of one size.
import { Buffer } from 'node:buffer';

const PIECE_BYTES = 262_144;

/** Stores the piece with this number. Its memory is used again when that is done. */
export type StorePiece = (piece: number, bytes: Uint8Array) => Promise<void>;

/** Stores content piece by piece; never more than a piece and a chunk of it is in memory. Gives the number of pieces. */
export async function storePieces(
  chunks: AsyncIterable<Uint8Array>,
  store: StorePiece,
): Promise<number> {
  // A copy: whoever gives the chunks may write over them.
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let bytes = 0;
  let pieces = 0;
  for await (const chunk of chunks) {
    for (let rest = chunk; rest.length > 0; ) {
      const part = rest.subarray(0, PIECE_BYTES - bytes);
      rest = rest.subarray(part.length);
      piece.set(part, bytes);
      bytes += part.length;
      if (bytes < PIECE_BYTES) continue;
      await store(pieces, piece);
      pieces += 1;
      bytes = 0;
    }
  }
  if (bytes > 0 || pieces === 0) {
    await store(pieces, piece.subarray(0, bytes));
    pieces += 1;
  }
  return pieces;
}
