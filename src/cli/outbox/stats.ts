// `posthorn outbox stats`: how many messages are in each state, once or until Ctrl-C.
import type { OutboxStats } from '../../delivery/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { formatNumber, formatTimeLeft, jsonLine } from '../text.ts';
import type { StatsFlags } from './flags.ts';
import { inColourOf, states } from './looks.ts';
import { withOutbox } from './open.ts';

const EVERY_MS = 1000;
// A message that has been due for so long is worth a look at the workers.
const LATE_MS = 60_000;
// ECMA-48: cursor up, erase from there to the end of the screen.
const over = (lines: number): string => `\u001b[${lines}A\u001b[J`;

/** Tells the figures; with `--watch` again every second. */
export async function runStats(flags: StatsFlags, io: CliIo): Promise<ExitCode> {
  const paint = paintFor(io.stdout, io.env);
  return await withOutbox(flags, io, async (outbox) => {
    let shown = 0;
    const tell = async (): Promise<void> => {
      const stats = await outbox.stats();
      if (flags.json) {
        await io.stdout.write(jsonLine(stats));
        return;
      }
      const lines = linesOf(stats, paint);
      const back = flags.watch && io.stdout.isTTY && shown > 0 ? over(shown) : '';
      await io.stdout.write(`${back}${lines.join('\n')}\n`);
      shown = lines.length;
    };
    await tell();
    if (!flags.watch) return exitCodes.ok;
    const end = new AbortController();
    const forget = io.onInterrupt(() => end.abort());
    try {
      while (await pause(end.signal)) await tell();
    } finally {
      forget();
    }
    return exitCodes.ok;
  });
}

/** The figures in lines. */
function linesOf(stats: OutboxStats, paint: Paint): string[] {
  const rows = states
    .filter((state) => state !== 'damaged' || stats.damaged > 0)
    .map((state) => {
      const n = formatNumber(stats[state]).padStart(10);
      return `${state.padEnd(9)}${stats[state] > 0 ? inColourOf(state, n, paint) : paint.dim(n)}`;
    });
  const lag = formatTimeLeft(stats.lagMs);
  return [
    ...rows,
    `${'total'.padEnd(9)}${formatNumber(stats.total).padStart(10)}`,
    `${'lag'.padEnd(9)}${(stats.lagMs > LATE_MS ? paint.red : paint.dim)(lag.padStart(10))}`,
  ];
}

/** Waits a while; `false` when it was ended. */
function pause(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), EVERY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
