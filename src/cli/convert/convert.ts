// `posthorn convert`: converts what is named, tells how far it has come and what became of each file.
import { OptionError } from '../../base/index.ts';
import { type ConvertOutcome, convert, convertAll } from '../../convert/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { worseOf } from '../send/many/worse.ts';
import { jsonLine } from '../text.ts';
import { accountOf, type ConvertTally, lossLines, outcomeToJson, summaryOf } from './account.ts';
import type { ConvertFlags } from './flags.ts';
import { convertProgress } from './progress.ts';
import { ReportFile } from './report-file.ts';

type Format = NonNullable<Parameters<typeof convert>[2]>;

/** Converts the files and folders that are named. */
export async function runConvert(
  given: readonly string[],
  flags: ConvertFlags,
  io: CliIo,
): Promise<ExitCode> {
  if (given.includes('-')) return await convertStream(given, flags, io);
  const report = flags.report === undefined ? undefined : await ReportFile.create(flags.report);
  const ended = new AbortController();
  const forget = io.onInterrupt(() => ended.abort());
  const progress = convertProgress(io);
  const account = new Account(flags, io, report);
  try {
    const outcomes = convertAll(given, {
      ...optionsOf(flags),
      out: flags.out,
      overwrite: flags.overwrite ?? false,
      signal: ended.signal,
    });
    for await (const outcome of outcomes) {
      progress.clear();
      await account.add(outcome);
      progress.show(outcome);
    }
  } finally {
    progress.clear();
    forget();
  }
  return await account.finish(ended.signal.aborted);
}

/** One message from standard input to standard output. */
async function convertStream(
  given: readonly string[],
  flags: ConvertFlags,
  io: CliIo,
): Promise<ExitCode> {
  if (given.length > 1) {
    throw new OptionError('IN', '- (standard input) is one message; it goes alone');
  }
  if (flags.out !== undefined || flags.report !== undefined || flags.json) {
    throw new OptionError(
      'out',
      '- is converted to standard output; --out, --report and --json do not go with it',
    );
  }
  const { bytes, losses } = await convert(io.stdin, undefined, optionsOf(flags));
  await io.stdout.write(bytes ?? '');
  if (flags.verbose) await io.stderr.write(lossLines(losses, paintFor(io.stderr, io.env)));
  return exitCodes.ok;
}

/** The parser has looked at the names of formats and places. */
function optionsOf({
  to,
  from,
  resources,
  headerTable,
  tnef,
}: ConvertFlags): Format & { to: NonNullable<Format['to']> } {
  return {
    to: to as NonNullable<Format['to']>,
    from: from as Format['from'],
    resources: resources as Format['resources'],
    headerTable,
    tnef: tnef as Format['tnef'],
  };
}

/** Tells each outcome, and all of them at the end. */
class Account {
  readonly #flags: ConvertFlags;
  readonly #io: CliIo;
  readonly #report: ReportFile | undefined;
  readonly #tally: ConvertTally = { converted: 0, failed: 0, skipped: 0, messages: 0, lossy: 0 };
  #code: ExitCode = exitCodes.ok;

  constructor(flags: ConvertFlags, io: CliIo, report: ReportFile | undefined) {
    this.#flags = flags;
    this.#io = io;
    this.#report = report;
  }

  async add(outcome: ConvertOutcome): Promise<void> {
    const { status, messages, losses, error } = outcome;
    this.#tally[status] += 1;
    this.#tally.messages += messages;
    if (losses.length > 0) this.#tally.lossy += 1;
    if (error) this.#code = worseOf(this.#code, exitCodeOf(error));
    await this.#report?.add(outcomeToJson(outcome));
    if (this.#flags.json) {
      await this.#io.stdout.write(jsonLine(outcomeToJson(outcome)));
      return;
    }
    const { stderr, env } = this.#io;
    const lines = accountOf(outcome, paintFor(stderr, env), this.#flags.verbose ?? false);
    if (lines !== '') await stderr.write(lines);
  }

  async finish(isInterrupted: boolean): Promise<ExitCode> {
    if (isInterrupted) this.#code = exitCodes.interrupted;
    const { stdout, env } = this.#io;
    await this.#report?.finish(this.#tally);
    await stdout.write(
      this.#flags.json
        ? jsonLine({ summary: this.#tally })
        : summaryOf(this.#tally, paintFor(stdout, env)),
    );
    return this.#code;
  }
}
