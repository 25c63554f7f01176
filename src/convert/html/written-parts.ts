// Where the parts of a page go when it is written: into their own addresses, or into a folder beside it.
import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { utf8Bytes } from '../../base/internal.ts';
import { encodeBase64 } from '../../codec/index.ts';
import type { Attachment } from '../../message/index.ts';
import { writeFileWhole } from '../../message/internal.ts';
import { safeFileName } from '../file-name.ts';
import { rewriteCss } from './css-urls.ts';
import { decodePage } from './page-text.ts';

/** Puts content somewhere. */
interface Place {
  /** The address under which the page finds it. */
  add(part: Attachment, content: Uint8Array | undefined): Promise<string>;
  /** The address as another file of the page has to write it. */
  fromBeside(address: string): string;
}

/** Content in its own address (RFC 2397). */
export const dataUrls: Place = {
  async add(part, content = undefined) {
    const bytes = content ?? (await part.bytes());
    return `data:${part.contentType};base64,${encodeBase64(bytes)}`;
  },
  fromBeside: (address) => address,
};

/** Files in a folder that has the name of the page. */
export function folderBeside(path: string): Place {
  const name = `${basename(path, extname(path))}_files`;
  const folder = join(dirname(path), name);
  const taken = new Set<string>();
  const prefix = `${encodeURIComponent(name)}/`;
  return {
    async add(part, content) {
      const file = safeFileName(part.filename ?? part.cid ?? 'part', taken);
      await mkdir(folder, { recursive: true });
      await writeFileWhole(join(folder, file), content ? oneChunk(content) : part.stream());
      return prefix + encodeURIComponent(file);
    },
    fromBeside: (address) => address.slice(prefix.length),
  };
}

async function* oneChunk(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** The addresses of parts that a page refers to by `cid:`, each written once, style sheets with theirs. */
export class WrittenParts {
  readonly #parts: ReadonlyMap<string, Attachment>;
  readonly #place: Place;
  readonly #addresses = new Map<string, string>();
  readonly #begun = new Set<string>();

  constructor(parts: readonly Attachment[], place: Place) {
    this.#parts = new Map(
      parts.flatMap((part) => (part.cid === undefined ? [] : [[part.cid, part]])),
    );
    this.#place = place;
  }

  /** Writes what the page refers to, and what that refers to. */
  async write(linked: readonly Attachment[]): Promise<void> {
    for (const { cid } of linked) if (cid !== undefined) await this.#write(cid);
  }

  /** Whether a part was written. */
  has({ cid }: Attachment): boolean {
    return cid !== undefined && this.#addresses.has(cid);
  }

  /** Where a page finds what it calls by that address; `undefined` when it is none of a part. */
  addressOf(address: string): string | undefined {
    const cid = this.#cidOf(address);
    return cid === undefined ? undefined : this.#addresses.get(cid);
  }

  async #write(cid: string): Promise<void> {
    const part = this.#parts.get(cid);
    // Style sheets may import each other: one that is being written has no address yet.
    if (part === undefined || this.#begun.has(cid)) return;
    this.#begun.add(cid);
    const content = part.contentType === 'text/css' ? await this.#sheet(part) : undefined;
    this.#addresses.set(cid, await this.#place.add(part, content));
  }

  async #sheet(part: Attachment): Promise<Uint8Array> {
    const css = decodePage(await part.bytes());
    const found: string[] = [];
    rewriteCss(css, (address) => {
      found.push(this.#cidOf(address) ?? '');
      return undefined;
    });
    for (const cid of found) await this.#write(cid);
    return utf8Bytes(
      rewriteCss(css, (address) => {
        const written = this.addressOf(address);
        return written === undefined ? undefined : this.#place.fromBeside(written);
      }),
    );
  }

  /** Some writers encode the Content-ID in the address as well. */
  #cidOf(address: string): string | undefined {
    if (!/^cid:/i.test(address)) return undefined;
    const cid = address.slice(4);
    if (this.#parts.has(cid)) return cid;
    try {
      return decodeURIComponent(cid);
    } catch {
      return undefined;
    }
  }
}
