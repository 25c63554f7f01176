// `posthorn merge`: a message for each row of a table, sent, queued, saved or shown.
import { OptionError } from '../../base/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { reportError } from '../report-error.ts';
import { serverOptions } from '../send/server.ts';
import { MergeAccount } from './account.ts';
import type { MergeFlags } from './flags.ts';
import type { MergeJob } from './pending.ts';
import { Report, type RowStatus, readReport } from './report.ts';
import { countRows, openTable, openTemplate } from './template.ts';

/** Merges, and gives the exit code of the worst row. */
export async function runMerge(
  template: string,
  data: string,
  flags: MergeFlags,
  io: CliIo,
): Promise<ExitCode> {
  checkFlags(flags);
  const engine = await openTemplate(template, flags);
  const earlier = flags.report === undefined ? undefined : await readReport(flags.report);
  // Who watches is told how long it takes; a table that is read twice has to be a file.
  const isCounted = io.stderr.isTTY && data !== '-';
  const total = isCounted ? await countRows(openTable(data, flags, io)) : undefined;
  const isDry = flags.dryRun !== undefined && flags.dryRun !== false;
  const target = isDry ? undefined : await targetOf(flags, data, io);
  const report = isDry || flags.report === undefined ? undefined : new Report(flags.report);
  const account = new MergeAccount(flags, io, report);
  const end = new AbortController();
  const forget = io.onInterrupt(() => {
    void io.stderr.write('Ending after what is under way; Ctrl-C again ends at once.\n');
    account.worsen(exitCodes.interrupted);
    end.abort();
  });
  const rows = openTable(data, flags, io);
  try {
    const job: MergeJob = { engine, rows, flags, earlier, account, end };
    if (target) return await mergeTo(target, job, total, io);
    const { dryRunMerge } = await import('./dry-run.ts');
    return await dryRunMerge(job, shownOf(flags), total, io);
  } finally {
    forget();
    report?.close();
  }
}

/** Where the messages go, and what is said of it. */
interface Target {
  readonly verb: string;
  readonly done: RowStatus;
  run(job: MergeJob, total: number | undefined): Promise<void>;
}

/** Merges; what ends it early is told after what was done. */
async function mergeTo(
  { verb, done, run }: Target,
  job: MergeJob,
  total: number | undefined,
  io: CliIo,
): Promise<ExitCode> {
  const { account, flags } = job;
  const failure = await run(job, total).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (failure) account.worsen(exitCodeOf(failure.error));
  const code = account.finish(verb, done);
  if (failure) {
    const { json = false, verbose = false } = flags;
    reportError(failure.error, io, { json, verbose });
  }
  return code;
}

async function targetOf(flags: MergeFlags, data: string, io: CliIo): Promise<Target> {
  const { out, outbox, server, passwordFile, tokenFile } = flags;
  if (out !== undefined) {
    const { mergeToFiles } = await import('./to-files.ts');
    const run: Target['run'] = (job, total) => mergeToFiles(job, out, total, io);
    return { verb: 'Saved', done: 'saved', run };
  }
  if (outbox !== undefined) {
    const { mergeToOutbox } = await import('./to-outbox.ts');
    const run: Target['run'] = (job, total) => mergeToOutbox(job, outbox, total, io);
    return { verb: 'Queued', done: 'queued', run };
  }
  const named = {
    ...(server !== undefined && { server }),
    ...(passwordFile !== undefined && { passwordFile }),
    ...(tokenFile !== undefined && { tokenFile }),
  };
  const options = await serverOptions(named, io, data === '-');
  const { mergeToServer } = await import('./to-server.ts');
  const run: Target['run'] = (job, total) => mergeToServer(job, options, total, io);
  return { verb: 'Sent', done: 'sent', run };
}

function checkFlags({ server, out, outbox, connections }: MergeFlags): void {
  const named = [server, out, outbox].filter((target) => target !== undefined);
  if (named.length > 1) {
    throw new OptionError('out', 'use one of --server, --out and --outbox');
  }
  if (connections !== undefined && !(Number.isInteger(connections) && connections > 0)) {
    throw new OptionError('connections', '--connections is a whole number from 1');
  }
}

function shownOf({ dryRun }: MergeFlags): number {
  if (typeof dryRun !== 'string') return 3;
  const shown = Number(dryRun);
  if (Number.isInteger(shown) && shown >= 0) return shown;
  throw new OptionError('dry-run', `--dry-run [N]: N is a whole number, not '${dryRun}'`);
}
