// Names for what a conversion of many writes: that of the source with another extension, no two the same.
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type ConvertFormat, extensionFor } from './convert-formats.ts';
import { safeFileName } from './file-name.ts';
import type { SourceFile } from './find-sources.ts';

/** Gives names to targets. */
export class TargetNames {
  readonly #out: string | undefined;
  readonly #extension: string;
  readonly #taken = new Map<string, Set<string>>();

  /** @param out The folder for everything; `undefined`: beside the sources. */
  constructor(out: string | undefined, format: ConvertFormat) {
    this.#out = out;
    this.#extension = extensionFor(format);
  }

  /** Where a file of one message goes. */
  of(source: SourceFile): string {
    return this.#free(this.#folderOf(source), stemOf(source.path));
  }

  /** Where a message of a file of many goes: into a folder of the file's name, numbered. */
  ofMessage(source: SourceFile, number: number, subject: string): string {
    const folder = join(this.#folderOf(source), stemOf(source.path));
    return this.#free(folder, `${String(number).padStart(4, '0')} ${subject}`);
  }

  #folderOf({ path, folder }: SourceFile): string {
    return this.#out === undefined ? dirname(resolve(path)) : join(resolve(this.#out), folder);
  }

  #free(folder: string, stem: string): string {
    const taken = this.#taken.get(folder) ?? new Set();
    this.#taken.set(folder, taken);
    // A dot in the stem is no extension.
    const name = safeFileName(`${stem.slice(0, 200)}.${this.#extension}`, taken);
    return join(folder, name);
  }
}

/** The name without what says the format; Apple Mail's partial messages say so in two extensions. */
function stemOf(path: string): string {
  const name = basename(path).replace(/\.partial\.emlx$/i, '');
  const extension = extname(name);
  return extension.length > 1 && extension.length < 10 ? name.slice(0, -extension.length) : name;
}
