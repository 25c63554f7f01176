// What `posthorn merge` tells: a line for each row as JSON, or prose at the end.
import { type PosthornError, printable } from '../../base/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { worseOf } from '../send/many/worse.ts';
import { formatNumber, formatTimeLeft, jsonLine } from '../text.ts';
import type { MergeFlags } from './flags.ts';
import type { Report, ReportLine, RowStatus } from './report.ts';

// More would not be read; --json and the report have them all.
const MOST_TROUBLES = 100;

/** What rows are counted by. */
type Ending = RowStatus | 'checked' | 'done-before' | 'unknown-before';

/** What becomes of the rows: written to the report, told, counted. */
export class MergeAccount {
  readonly #io: CliIo;
  readonly #flags: MergeFlags;
  readonly #report: Report | undefined;
  readonly #begunAt = performance.now();
  readonly #counts = new Map<Ending, number>();
  readonly #troubles: ReportLine[] = [];
  #code: ExitCode = exitCodes.ok;

  constructor(flags: MergeFlags, io: CliIo, report: Report | undefined) {
    this.#flags = flags;
    this.#io = io;
    this.#report = report;
  }

  /** How many rows have come to this end. */
  count(status: Ending): number {
    return this.#counts.get(status) ?? 0;
  }

  /** A row goes on its way. */
  started(line: Omit<ReportLine, 'status'>): void {
    this.#report?.add({ ...line, status: 'started' });
  }

  /** A row has come to its end; `error` is why, when it did not go well. */
  ended(line: ReportLine, error?: PosthornError): void {
    this.#report?.add(line);
    this.#add(line.status);
    if (this.#flags.json) {
      void this.#io.stdout.write(jsonLine({ ...line, ...(error && { error: error.toJSON() }) }));
    }
    if (error) this.worsen(exitCodeOf(error));
    const isTrouble = line.status === 'failed' || line.status === 'unknown';
    if (isTrouble && this.#troubles.length < MOST_TROUBLES) this.#troubles.push(line);
  }

  /** A row would be sent. */
  checked(): void {
    this.#add('checked');
  }

  /** A row was done by an earlier run. */
  doneBefore(): void {
    this.#add('done-before');
  }

  /** Nobody knows what an earlier run has done with a row; it is left alone. */
  unknownBefore(line: Omit<ReportLine, 'status'>): void {
    this.#add('unknown-before');
    this.worsen(exitCodes.ioError);
    const detail = 'a server may have got it in an earlier run; look, or use --resend-unknown';
    if (this.#flags.json) {
      void this.#io.stdout.write(jsonLine({ ...line, status: 'unknown', detail }));
    }
    if (this.#troubles.length < MOST_TROUBLES) {
      this.#troubles.push({ ...line, status: 'unknown', detail });
    }
  }

  /** The exit code is at least as bad as this. */
  worsen(code: ExitCode): void {
    this.#code = worseOf(this.#code, code);
  }

  /** Tells the end of it, and gives the exit code. */
  finish(verb: string, done: Ending): ExitCode {
    const durationMs = performance.now() - this.#begunAt;
    if (this.#flags.json) {
      const summary = { ...Object.fromEntries(this.#counts), durationMs: Math.round(durationMs) };
      void this.#io.stdout.write(jsonLine({ summary }));
      return this.#code;
    }
    const paint = paintFor(this.#io.stdout, this.#io.env);
    const perSecond = this.count(done) / (durationMs / 1000);
    const parts = [
      `${paint.green(verb)} ${formatNumber(this.count(done))} in ${formatTimeLeft(durationMs)}` +
        ` (${formatNumber(perSecond, perSecond < 10 ? 1 : 0)}/s)`,
      ...this.#told('failed', 'failed', paint.red),
      ...this.#told('unknown', 'unknown', paint.red),
      ...this.#told('unknown-before', 'unknown from an earlier run', paint.red),
      ...this.#told('not-sent', 'not attempted', paint.yellow),
      ...this.#told('skipped', 'skipped', paint.dim),
      ...this.#told('done-before', 'done by an earlier run', paint.dim),
    ];
    const lines = this.#troubles.map(
      ({ row, to, detail }) =>
        `  ${paint.red(`row ${row}`)}  ${printable((to ?? []).join(', '))}${to?.length ? '  ' : ''}${printable(detail ?? '', 500)}`,
    );
    const all = this.count('failed') + this.count('unknown') + this.count('unknown-before');
    const more = all - lines.length;
    if (more > 0) lines.push(`  and ${formatNumber(more)} more; --report and --json tell each`);
    void this.#io.stdout.write(`${[parts.join(', '), ...lines].join('\n')}\n`);
    return this.#code;
  }

  #told(status: Ending, words: string, paint: (text: string) => string): string[] {
    const count = this.count(status);
    return count === 0 ? [] : [paint(`${formatNumber(count)} ${words}`)];
  }

  #add(status: Ending): void {
    this.#counts.set(status, this.count(status) + 1);
  }
}
