// One line on a terminal: how far it has come, how fast it goes, how long it will take.
import type { BulkProgress } from '../../../client/index.ts';
import type { CliIo } from '../../io.ts';
import { paintFor } from '../../paint.ts';
import { formatNumber, formatTimeLeft } from '../../text.ts';

/** What `bulkSend` reports to, and the end of it. */
export interface ManyProgress {
  readonly onProgress: (progress: BulkProgress) => void;
  /** Takes the line away. */
  clear(): void;
}

const BAR_COLUMNS = 24;
// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** A line on standard error; nothing at all when that is no terminal. */
export function manyProgress(io: CliIo): ManyProgress {
  const paint = paintFor(io.stderr, io.env);
  let isShown = false;
  return {
    onProgress: (progress) => {
      if (!io.stderr.isTTY) return;
      isShown = true;
      const { failed } = progress;
      const [bar, text] = told(progress);
      const troubles = failed > 0 ? `  ${formatNumber(failed)} failed` : '';
      // A line that wraps could not be erased.
      const hasRoom = bar.length + text.length + troubles.length < (io.stderr.columns ?? 80);
      const line = `${hasRoom ? paint.green(bar) : ''}${text}${paint.red(troubles)}`;
      void io.stderr.write(`${ERASE_LINE}${line}`);
    },
    clear: () => {
      if (isShown) void io.stderr.write(ERASE_LINE);
    },
  };
}

function told({
  sent,
  failed,
  total,
  messagesPerSecond,
  timeLeftMs,
}: BulkProgress): [bar: string, text: string] {
  const done = sent + failed;
  const rate = `${formatNumber(messagesPerSecond, messagesPerSecond < 10 ? 1 : 0)}/s`;
  if (!total) return ['', `${formatNumber(done)} messages  ${rate}`];
  const share = Math.min(1, done / total);
  const full = Math.floor(share * BAR_COLUMNS);
  const left = timeLeftMs === undefined ? '' : `  ${formatTimeLeft(timeLeftMs)} left`;
  return [
    `${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)}  `,
    `${Math.floor(100 * share)} %  ${formatNumber(done)} of ${formatNumber(total)}  ${rate}${left}`,
  ];
}
