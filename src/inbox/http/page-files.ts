import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PosthornError } from '../../base/index.ts';
import { mailPolicy } from './html-document.ts';
import { notFound, type Reply } from './reply.ts';

// The page's files lie in a folder `page`: in the sources one above this file; in the package beside the
// bundles, so one above it when this file ended up in a chunk.
const FOLDERS = ['../page/', './page/'];
const PURIFIER = 'purify.min.js';
const PURIFIER_IN_SOURCES = '../../../node_modules/dompurify/dist/purify.min.js';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const NAME = /^[a-z]+(?:[.-][a-z]+)*\.(html|css|js|svg)$/;

/** Gives the page's files; a name that is not one of them is not found, whatever it points at. */
export class PageFiles {
  readonly #folder: URL;

  private constructor(folder: URL) {
    this.#folder = folder;
  }

  /** Finds where the files lie. */
  static async find(): Promise<PageFiles> {
    for (const candidate of FOLDERS) {
      const folder = new URL(candidate, import.meta.url);
      if (await exists(new URL('index.html', folder))) return new PageFiles(folder);
    }
    throw new PosthornError(
      'DEPENDENCY_MISSING',
      'The files of the inbox page are missing from this installation; install posthorn again',
    );
  }

  /** The file at this path of the site. */
  async serve(path: string, query: URLSearchParams, host: string): Promise<Reply> {
    const name = path === '/' ? 'index.html' : path.slice(1);
    const type = TYPES[NAME.exec(name)?.[1] ?? ''];
    const body = type === undefined ? undefined : await this.#read(name);
    if (type === undefined || body === undefined) return notFound('such page');
    return {
      status: 200,
      headers: {
        'Content-Type': type,
        'Cache-Control': 'no-cache',
        'Content-Security-Policy': name === 'frame.html' ? framePolicy(query, host) : PAGE_POLICY,
      },
      body,
    };
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    const places = [new URL(name, this.#folder)];
    if (name === PURIFIER) places.push(new URL(PURIFIER_IN_SOURCES, import.meta.url));
    for (const place of places) {
      if (await exists(place)) return readFile(fileURLToPath(place));
    }
    return undefined;
  }
}

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types dompurify',
].join('; ');

/**
 * The frame that a mail's HTML is put into: the page writes sanitised nodes into it, which needs one
 * origin; that no script ever runs there is kept by the sandbox and by the policy, each alone enough.
 */
function framePolicy(query: URLSearchParams, host: string): string {
  const images = [`http://${host}/api/v1/messages/`];
  if (query.has('remote')) images.push('http:', 'https:');
  return [
    'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    ...mailPolicy(...images),
  ].join('; ');
}

async function exists(place: URL): Promise<boolean> {
  try {
    await access(fileURLToPath(place));
    return true;
  } catch {
    return false;
  }
}
