// Content that is in memory and small enough to leave in one write with what comes before and after it.
import { DotStuffer } from '../dot-stuffer.ts';
import type { WireContent } from '../envelope.ts';

// Above it a message is written piece by piece, each as the connection takes it.
const INLINE_BYTES = 262_144;

/** The pieces to write, and their octets without the dots added for transport. */
export interface Inline {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
}

/** The content in one go; `undefined` when it has to be written as it comes. */
export function inlineContent(content: WireContent, framing: 'data' | 'bdat'): Inline | undefined {
  const { size, isRecycled } = content;
  if (size === undefined || size > INLINE_BYTES || isRecycled) return undefined;
  try {
    const chunks = content.chunks();
    if (Symbol.asyncIterator in chunks) return undefined;
    return framing === 'bdat' ? counted(chunks) : stuffed(chunks);
  } catch {
    // Whoever writes it as it comes meets this again, and tells.
    return undefined;
  }
}

function counted(chunks: Iterable<Uint8Array>): Inline {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    pieces.push(chunk);
    size += chunk.length;
  }
  return { pieces, size };
}

function stuffed(chunks: Iterable<Uint8Array>): Inline {
  const stuffer = new DotStuffer();
  const pieces: Uint8Array[] = [];
  for (const chunk of chunks) pieces.push(...stuffer.push(chunk));
  pieces.push(stuffer.end());
  return { pieces, size: stuffer.size };
}
