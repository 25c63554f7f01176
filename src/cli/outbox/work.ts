// `posthorn outbox work`: a worker, until Ctrl-C or until there is nothing left to do.
import { OptionError } from '../../base/index.ts';
import type { Transport } from '../../client/index.ts';
import type { Outbox, OutboxEvent, OutboxWorker, WorkOptions } from '../../delivery/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { WorkFlags } from './flags.ts';
import { withOutbox } from './open.ts';
import { roadOf } from './road.ts';
import { spanOf } from './times.ts';
import { type WorkView, workView } from './work-view.ts';

/** Works until it is ended. The exit code is that of what became of the messages with `--until-idle`, else 0. */
export async function runWork(flags: WorkFlags, io: CliIo): Promise<ExitCode> {
  const options = optionsOf(flags);
  const road = await roadOf(flags, io);
  const view = workView(flags, io);
  const onEvent = (event: OutboxEvent): void => view.tell(event);
  const delivery = flags.atMostOnce ? 'at-most-once' : 'at-least-once';
  try {
    return await withOutbox(flags, io, (outbox) => work(outbox, road, options, flags, view, io), {
      delivery,
      onEvent,
    });
  } finally {
    view.close();
    await road.close();
  }
}

async function work(
  outbox: Outbox,
  road: Transport,
  options: WorkOptions,
  flags: WorkFlags,
  view: WorkView,
  io: CliIo,
): Promise<ExitCode> {
  const ended = new AbortController();
  const forget = io.onInterrupt(() => {
    view.ending();
    ended.abort();
  });
  const worker = outbox.work(road, options);
  try {
    view.begin(outbox, worker);
    const isOver = new Promise<void>((resolve) => {
      ended.signal.addEventListener('abort', () => resolve());
    });
    await (flags.untilIdle ? Promise.race([worker.idle(), isOver]) : isOver);
    await worker.close();
    await view.end();
    return flags.untilIdle ? codeOf(worker) : exitCodes.ok;
  } finally {
    forget();
  }
}

function codeOf({ stats }: OutboxWorker): ExitCode {
  if (stats.unknown > 0) return exitCodes.ioError;
  if (stats.paused !== undefined) return exitCodes.noPermission;
  if (stats.failed > 0) return exitCodes.unavailable;
  return stats.deferred > 0 ? exitCodes.tryAgain : exitCodes.ok;
}

function optionsOf({ concurrency, maxAge, name }: WorkFlags): WorkOptions {
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw new OptionError('concurrency', '--concurrency is a whole number above 0');
  }
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(maxAge !== undefined && { retry: { maxAgeMs: spanOf(maxAge, 'max-age') } }),
    ...(name !== undefined && { name }),
  };
}
