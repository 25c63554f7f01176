// Where the parts of a web archive are from (Content-Location, RFC 2557 section 4), and how a page finds them.
import type { ParsedEntity } from '../../mime/index.ts';

/** The places of what Posthorn writes into an archive beside the page (thismessage:, RFC 2557 section 5). */
export const places = {
  /** The page, as the message has it. */
  page: 'thismessage:/body.html',
  /** A page that was made of the text. */
  madePage: 'thismessage:/text.html',
  /** The text. */
  text: 'thismessage:/body.txt',
  /** Other forms of the text; a number follows. */
  view: 'thismessage:/view-',
} as const;

/** Where a part is from; `undefined` when it does not say. */
export function locationOf(part: ParsedEntity): string | undefined {
  // Long ones are folded where no blank was.
  const value = part.headers.get('Content-Location')?.replace(/\s+/g, '');
  return value === '' ? undefined : value;
}

/** The address without its fragment, as seen from a base; itself when there is none to see it from. */
export function absolute(address: string, base: string | undefined): string {
  try {
    const url = new URL(address, base);
    url.hash = '';
    return url.href;
  } catch {
    return address;
  }
}

/** The parts of an archive by their addresses. */
export class Locations {
  readonly #byCid = new Map<string, ParsedEntity>();
  readonly #byAddress = new Map<string, ParsedEntity>();

  constructor(parts: readonly ParsedEntity[], base: string | undefined) {
    for (const part of parts) {
      if (part.cid !== undefined) this.#byCid.set(part.cid, part);
      const location = locationOf(part);
      if (location === undefined) continue;
      for (const address of [location, absolute(location, base)]) {
        if (!this.#byAddress.has(address)) this.#byAddress.set(address, part);
      }
    }
  }

  /** The part that an address leads to, as it stands in what is at `base`. */
  find(address: string, base: string | undefined): ParsedEntity | undefined {
    if (/^cid:/i.test(address)) {
      const cid = address.slice(4);
      return this.#byCid.get(cid) ?? this.#byCid.get(decoded(cid));
    }
    return this.#byAddress.get(address) ?? this.#byAddress.get(absolute(address, base));
  }
}

function decoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
