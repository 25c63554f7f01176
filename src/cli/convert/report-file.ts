// The report of `posthorn convert`: one JSON object, written as the files are done, so that any number of them fits.
import { type FileHandle, open } from 'node:fs/promises';
import { OptionError } from '../../base/index.ts';
import { isPathError, isSystemError, systemErrorText } from '../system-error.ts';
import { jsonLine } from '../text.ts';

/** A report that is being written. */
export class ReportFile {
  readonly #file: FileHandle;
  #count = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Begins a report; one that is there is replaced. */
  static async create(path: string): Promise<ReportFile> {
    try {
      const report = new ReportFile(await open(path, 'w'));
      await report.#file.appendFile('{"files":[\n');
      return report;
    } catch (error) {
      if (!isSystemError(error) || !isPathError(error)) throw error;
      throw new OptionError('report', `--report ${systemErrorText(error)}`);
    }
  }

  /** Adds what became of one file. */
  async add(outcome: Record<string, unknown>): Promise<void> {
    const line = jsonLine(outcome).trimEnd();
    await this.#file.appendFile(this.#count === 0 ? line : `,\n${line}`);
    this.#count += 1;
  }

  /** Ends it with how many there were. */
  async finish(summary: object): Promise<void> {
    await this.#file.appendFile(`\n],"summary":${jsonLine(summary).trimEnd()}}\n`);
    await this.#file.close();
  }
}
