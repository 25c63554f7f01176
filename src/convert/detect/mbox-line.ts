// The line that begins each message of an mbox file (RFC 4155 appendix A).
import { type ByteSource, latin1, viewOf } from '../../base/internal.ts';

/** Such a line, at the beginning of a text. */
export const MBOX_LINE: RegExp = /^From \S+ .*\d\d:\d\d.*\d{4}/;

const BLOCK = 4_194_304;
const LINE = 200;

/**
 * Whether another message follows the first: one separator line before a single message is common and harmless, a second
 * one makes an archive. A file that is one long message is read to its end.
 */
export function hasNextMessage(source: ByteSource): boolean {
  for (let start = 0; start < source.size; start += BLOCK) {
    // A line and the empty one before it may be cut between two blocks.
    const block = source.read(
      Math.max(0, start - LINE),
      Math.min(source.size, start + BLOCK + LINE),
    );
    const view = viewOf(block);
    for (let at = view.indexOf('\nFrom ', 1); at >= 0; at = view.indexOf('\nFrom ', at + 1)) {
      const before = latin1(block, Math.max(0, at - 2), at);
      if (/\n\r?$/.test(before) && MBOX_LINE.test(latin1(block, at + 1, at + LINE))) return true;
    }
  }
  return false;
}
