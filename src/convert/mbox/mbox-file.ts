// An mbox file that many sources are collected in: whole under its name at the end, or not at all.
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { MailMessage } from '../../message/index.ts';
import { randomToken } from '../../mime/internal.ts';
import { reserve } from '../write-target.ts';
import { mboxEntry } from './write-mbox.ts';

/** Collects messages; nothing stands at the path before `finish`. */
export class MboxFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  readonly #isReserved: boolean;

  private constructor(path: string, temporary: string, file: FileHandle, isReserved: boolean) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
    this.#isReserved = isReserved;
  }

  /** Begins a file. @throws {@link OptionError} It is there, and may not be replaced. */
  static async create(path: string, overwrite: boolean): Promise<MboxFile> {
    const place = resolve(path);
    await mkdir(dirname(place), { recursive: true });
    if (!overwrite) await reserve(place);
    const temporary = `${place}.${randomToken()}.tmp`;
    return new MboxFile(place, temporary, await open(temporary, 'wx'), !overwrite);
  }

  /** Adds a message; one that fails midway leaves nothing behind. */
  async add(message: MailMessage): Promise<void> {
    const { size } = await this.#file.stat();
    try {
      for await (const chunk of mboxEntry(message)) await this.#file.appendFile(chunk);
    } catch (error) {
      await this.#file.truncate(size);
      throw error;
    }
  }

  /** Puts the file into its place. */
  async finish(): Promise<void> {
    await this.#file.close();
    await rename(this.#temporary, this.#path);
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(this.#temporary, { force: true });
    if (this.#isReserved) await rm(this.#path, { force: true });
  }
}
