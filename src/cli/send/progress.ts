// One line on a terminal that tells how far a large message has come; gone when the message is.
import type { SendOptions } from '../../client/index.ts';
import type { CliIo } from '../io.ts';
import { formatSize } from '../text.ts';

/** What `client.send` reports to, and the end of it. */
export interface ProgressLine {
  readonly onProgress: NonNullable<SendOptions['onProgress']>;
  /** Takes the line away. */
  clear(): void;
}

// What is sent faster than anybody can read needs no progress.
const WORTH_TELLING_BYTES = 1_000_000;
const REFRESH_MS = 100;
// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** A line on standard error; nothing at all when that is no terminal. */
export function progressLine(io: CliIo): ProgressLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    onProgress: ({ bytesSent, bytesTotal }) => {
      const now = performance.now();
      if (!io.stderr.isTTY || bytesSent < WORTH_TELLING_BYTES || now - shownAt < REFRESH_MS) return;
      shownAt = now;
      void io.stderr.write(`${ERASE_LINE}${told(bytesSent, bytesTotal)}`);
    },
    clear: () => {
      if (shownAt !== Number.NEGATIVE_INFINITY) void io.stderr.write(ERASE_LINE);
    },
  };
}

function told(sent: number, total: number | undefined): string {
  if (total === undefined) return `Sending: ${formatSize(sent)}`;
  return `Sending: ${Math.floor((100 * sent) / total)} % of ${formatSize(total)}`;
}
