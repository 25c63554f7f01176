// The report of a merge: a line for each step of each row, written before the next one is taken. What it says is what a
// second run goes by.
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { FormatError, OptionError, printable } from '../../base/index.ts';
import { type Row, readCsv, readJsonLines } from '../../template/index.ts';
import { jsonLine } from '../text.ts';

/** What happened to a row. `started`: it may be at the server when nothing follows. */
export type RowStatus =
  | 'started'
  | 'sent'
  | 'queued'
  | 'saved'
  | 'failed'
  | 'unknown'
  | 'not-sent'
  | 'skipped';

/** A line of the report. */
export interface ReportLine {
  /** The row's number in the table, from 1. */
  readonly row: number;
  /** What tells it apart from other rows. */
  readonly key: string;
  readonly status: RowStatus;
  readonly to?: readonly string[];
  readonly messageId?: string;
  /** The server's answer, why it failed, the id in the outbox, the file. */
  readonly detail?: string;
}

const columns = ['at', 'row', 'key', 'status', 'to', 'messageId', 'detail'] as const;
const statuses: ReadonlySet<string> = new Set<RowStatus>([
  ...(['started', 'sent', 'queued', 'saved', 'failed', 'unknown', 'not-sent', 'skipped'] as const),
]);

/** Writes lines to the end of the file; each is the operating system's when `add` returns. */
export class Report {
  readonly #file: number;
  readonly #isCsv: boolean;

  constructor(path: string) {
    this.#isCsv = isCsvPath(path);
    this.#file = openSync(path, 'a', 0o600);
    const { size } = fstatSync(this.#file);
    if (size === 0 && this.#isCsv) writeSync(this.#file, `${columns.join(',')}\n`);
  }

  add(line: ReportLine): void {
    const { to, ...rest } = line;
    const whole = { at: new Date().toISOString(), ...rest, ...(to && { to: to.join(' ') }) };
    writeSync(this.#file, this.#isCsv ? csvLine(whole) : jsonLine(whole));
  }

  close(): void {
    closeSync(this.#file);
  }
}

// Longer than any line.
const TAIL_BYTES = 1_048_576;

/** Takes half a line away, which a full disk has left; what it would have said counts as not known. */
function cutHalfLine(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const tail = new Uint8Array(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(0x0a) + 1;
    if (end > 0 && end < tail.length) ftruncateSync(file, size - tail.length + end);
  } finally {
    closeSync(file);
  }
}

const isCsvPath = (path: string): boolean => /\.csv$/i.test(path);

function csvLine(line: Readonly<Record<string, unknown>>): string {
  const cells = columns.map((column) => {
    const text = String(line[column] ?? '').replace(/[\r\n]+/g, ' ');
    // A spreadsheet takes a cell that begins so for a formula.
    const plain = /^[=+@\t-]/.test(text) ? `'${text}` : text;
    return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  });
  return `${cells.join(',')}\n`;
}

/** What earlier runs have done, by key. Rows with the same cells are counted. */
export class EarlierRuns {
  readonly #open = new Map<number, { readonly key: string; readonly messageId: string }>();
  readonly #done = new Map<string, number>();
  readonly #unknown = new Map<string, string[]>();

  /** Takes a row that is done; says whether there was one. */
  takeDone(key: string): boolean {
    const left = this.#done.get(key) ?? 0;
    if (left === 0) return false;
    if (left === 1) this.#done.delete(key);
    else this.#done.set(key, left - 1);
    return true;
  }

  /** Takes a row of which nobody knows; gives the Message-ID it went under (`''` when that is not known). */
  takeUnknown(key: string): string | undefined {
    const ids = this.#unknown.get(key);
    const id = ids?.shift();
    if (ids?.length === 0) this.#unknown.delete(key);
    return id;
  }

  /** One more line of the report, in order. */
  read({ row, key, status, messageId }: ReadLine): void {
    const isDone = status === 'sent' || status === 'queued' || status === 'saved';
    if (status === 'started') {
      this.#settle(row);
      this.#open.set(row, { key, messageId });
      return;
    }
    this.#open.delete(row);
    if (isDone) {
      this.#done.set(key, (this.#done.get(key) ?? 0) + 1);
      // It was unknown, and has been sent again.
      this.takeUnknown(key);
    } else if (status === 'unknown') this.#addUnknown(key, messageId);
  }

  /** No more lines: what was begun and has no end is unknown. */
  finish(): this {
    for (const row of [...this.#open.keys()]) this.#settle(row);
    return this;
  }

  #settle(row: number): void {
    const begun = this.#open.get(row);
    this.#open.delete(row);
    if (begun) this.#addUnknown(begun.key, begun.messageId);
  }

  #addUnknown(key: string, messageId: string): void {
    const ids = this.#unknown.get(key) ?? [];
    this.#unknown.set(key, [...ids.filter((id) => id !== messageId), messageId]);
  }
}

interface ReadLine {
  readonly row: number;
  readonly key: string;
  readonly status: string;
  readonly messageId: string;
}

/** What the report says of earlier runs; nothing when there is no such file. Half a line at its end is taken away. */
export async function readReport(path: string): Promise<EarlierRuns> {
  const earlier = new EarlierRuns();
  if (!existsSync(path)) return earlier;
  cutHalfLine(path);
  const lines = isCsvPath(path) ? readCsv(path) : readJsonLines(path);
  try {
    for await (const line of lines) {
      const read = lineOf(line, path);
      if (read) earlier.read(read);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new OptionError(
      'report',
      `--report ${printable(path, 200)} is no report of a merge: ${error.message}. ` +
        'Correct that line, or name another file',
    );
  }
  return earlier.finish();
}

function lineOf(line: Row, path: string): ReadLine | undefined {
  const { row, key, status, messageId } = line;
  if (typeof key !== 'string' || typeof status !== 'string' || !statuses.has(status)) {
    throw new OptionError(
      'report',
      `--report ${printable(path, 200)} is no report of a merge; name another file`,
    );
  }
  const plain = isCsvPath(path) ? unquoted(key) : key;
  return { row: Number(row), key: plain, status, messageId: String(messageId ?? '') };
}

const unquoted = (key: string): string => (/^'[=+@\t-]/.test(key) ? key.slice(1) : key);
