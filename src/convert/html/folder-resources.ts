// What a page in a file is made of: files beneath its own folder, and nothing else. No network, no other folder.
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { limits } from '../../base/index.ts';
import type { Note } from '../loss.ts';

/** A file that a page refers to. */
export interface PageFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Reads the files beneath one folder that a page refers to, within bounds. */
export class FolderResources {
  readonly #page: string;
  readonly #root: string;
  readonly #note: Note;
  #left: number = limits.pageResourceBytes;
  #count = 0;

  private constructor(page: string, root: string, note: Note) {
    this.#page = page;
    this.#root = root;
    this.#note = note;
  }

  /** The folder of the page at `path`. */
  static async of(path: string, note: Note): Promise<FolderResources> {
    const page = await realpath(path);
    return new FolderResources(page, `${dirname(page)}${sep}`, note);
  }

  /**
   * The file of an address; `undefined` for one of the network or of data, and with a note for one that is not there.
   *
   * @param base The file that the address stands in. Default: the page.
   */
  async read(address: string, base: string = this.#page): Promise<PageFile | undefined> {
    const url = fileUrlOf(address, base);
    if (url === undefined) return undefined;
    const problem = await this.#problem(url);
    if (typeof problem === 'string') {
      this.#note('resource-missing', `The page refers to '${address}', which ${problem}`);
      return undefined;
    }
    const content = await readFile(problem.path);
    this.#left -= content.length;
    this.#count += 1;
    return { path: problem.path, content };
  }

  /** Why a file is not read; where it really is when it may be. */
  async #problem(url: URL): Promise<string | { readonly path: string }> {
    const path = pathOf(url);
    if (path === undefined) return 'is no path of a file';
    // Links are followed before the folder is looked at: one that leads out is out.
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return 'is not there';
    if (!real.startsWith(this.#root))
      return 'is not beneath the folder of the page: it is not read';
    const found = await stat(real);
    if (!found.isFile()) return 'is no file';
    if (this.#count >= limits.pageResources) {
      return `is past the limit 'pageResources' of ${limits.pageResources}`;
    }
    if (found.size > this.#left) {
      return `is past the limit 'pageResourceBytes' of ${limits.pageResourceBytes}`;
    }
    return { path: real };
  }
}

/** The URL of an address; `undefined` for what is no file. */
function fileUrlOf(address: string, base: string): URL | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  // One letter and a colon is a drive of Windows, and no address.
  if ((scheme !== undefined && scheme !== 'file') || address.startsWith('#')) return undefined;
  if (address.startsWith('//')) return undefined;
  const from = pathToFileURL(base);
  const url = URL.canParse(address, from.href) ? new URL(address, from) : undefined;
  return url?.protocol === 'file:' && url.host === '' ? url : undefined;
}

/** The path of a file; `undefined` when there can be none, as with an encoded slash. */
function pathOf(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
