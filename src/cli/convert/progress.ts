// One line on a terminal: how far the conversion of many files has come.
import type { ConvertOutcome } from '../../convert/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { formatNumber, formatTimeLeft } from '../text.ts';

/** The line, and the end of it. */
export interface ConvertProgress {
  show(outcome: ConvertOutcome): void;
  /** Takes the line away. */
  clear(): void;
}

const BAR_COLUMNS = 24;
// A time is worth guessing after a while only.
const GUESS_AFTER_MS = 1000;
// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** A line on standard error; nothing at all when that is no terminal. */
export function convertProgress(io: CliIo): ConvertProgress {
  const paint = paintFor(io.stderr, io.env);
  const startedAt = performance.now();
  let isShown = false;
  return {
    show: ({ index, total }) => {
      if (!io.stderr.isTTY || total < 2) return;
      isShown = true;
      const done = index + 1;
      const full = Math.floor((done / total) * BAR_COLUMNS);
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)}`;
      const spent = performance.now() - startedAt;
      const left =
        spent < GUESS_AFTER_MS ? '' : `  ${formatTimeLeft((spent / done) * (total - done))} left`;
      const percent = Math.floor((100 * done) / total);
      const text = `  ${percent} %  ${formatNumber(done)} of ${formatNumber(total)}${left}`;
      // A line that wraps could not be erased.
      const hasRoom = bar.length + text.length < (io.stderr.columns ?? 80);
      void io.stderr.write(`${ERASE_LINE}${hasRoom ? paint.green(bar) : ''}${text}`);
    },
    clear: () => {
      if (isShown) void io.stderr.write(ERASE_LINE);
      isShown = false;
    },
  };
}
