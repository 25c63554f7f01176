// One item of an address list, between commas, to the mailboxes in it.
import { latin1Bytes } from '../../base/internal.ts';
import { decodeCharset, type TextOptions } from '../../codec/index.ts';
import type { AddressToken } from './address-tokens.ts';
import { decodeName, nameOf } from './display-name.ts';
import { decodeAddress } from './encoded-address.ts';
import { closingQuote } from './quoted-string.ts';

/** A mailbox as found. */
export interface FoundMailbox {
  readonly name: string;
  readonly address: string;
  readonly at: number;
}

/** What an item with angle brackets holds: `Name <address>`, or several of them where a comma is missing. */
export function routeMailboxes(
  item: readonly AddressToken[],
  options?: TextOptions,
): FoundMailbox[] {
  const found: FoundMailbox[] = [];
  let own: AddressToken[] = [];
  let rest: AddressToken[] = [];
  let angle: AddressToken | undefined;
  for (const token of item) {
    if (token.kind !== 'angle') {
      rest.push(token);
      continue;
    }
    if (angle) found.push(routeMailbox(own, angle, options));
    own = rest;
    rest = [];
    angle = token;
  }
  if (angle) {
    // RFC 5322 section 3.4: a comment behind the brackets is no name. In the list of a mailing list's
    // URLs (RFC 2369) it says what the URL is for.
    const isNoName = own.length === 0 && !URL.test(angle.text) && rest.every(isComment);
    found.push(routeMailbox(isNoName ? [] : [...own, ...rest], angle, options));
  }
  return found;
}

const URL = /^[\t-\r ]*[a-z][a-z0-9+.-]*:/i;

function isComment({ kind }: AddressToken): boolean {
  return kind === 'comment';
}

function routeMailbox(
  words: readonly AddressToken[],
  angle: AddressToken,
  options?: TextOptions,
): FoundMailbox {
  return {
    name: nameOf(words, options),
    address: addressOf(angle.text),
    at: words[0]?.at ?? angle.at,
  };
}

/** What an item without angle brackets holds: `address`, `address (Name)`, and the broken `Name address`. */
export function bareMailboxes(
  item: readonly AddressToken[],
  options?: TextOptions,
): FoundMailbox[] {
  if (!item.some(hasAt)) return [];
  const words = item.filter((token) => !isComment(token));
  const found: { name: string; address: string; at: number }[] = [];
  let from = 0;
  for (let index = 0; index < words.length; index++) {
    if (!hasAt(words[index])) continue;
    const [start, end] = joinedAround(words, index, from);
    const address = addressOf(glued(words.slice(start, end)).map(written).join(''));
    found.push({
      name: nameOf(words.slice(from, start), options),
      address,
      at: words[start]?.at ?? 0,
    });
    from = end;
    index = end - 1;
  }
  const last = found.at(-1);
  if (last && last.name === '') {
    // RFC 5322 section 3.4: the comment after an address was the name before there were display names.
    const comment = item.findLast(isComment);
    last.name = nameOf(words.slice(from), options) || decodeName(comment?.text ?? '', options);
  }
  return found;
}

function hasAt(token: AddressToken | undefined): boolean {
  return token?.kind === 'atom' && token.text.includes('@');
}

/** The range of words that dots and @ join with the one at `index`, as in `jdoe@test . example`. */
function joinedAround(
  words: readonly AddressToken[],
  index: number,
  from: number,
): [start: number, end: number] {
  let start = index;
  while (start > from && isJoined(words[start - 1], words[start])) start--;
  // "a"b"c"@example.com: a quoted-string before the @ is no name, nor is what stands against it.
  const isQuoted = start < index && words[start]?.kind === 'quoted';
  while (isQuoted && start > from && words[start]?.spaced === false) start--;
  let end = index + 1;
  while (end < words.length && isJoined(words[end - 1], words[end])) end++;
  return [start, end];
}

function isJoined(left: AddressToken | undefined, right: AddressToken | undefined): boolean {
  return (
    (left?.kind === 'atom' && /[@.]$/.test(left.text)) ||
    (right?.kind === 'atom' && /^[@.]/.test(right.text))
  );
}

/** The words with those that stand against each other as one quoted-string. */
function glued(words: readonly AddressToken[]): AddressToken[] {
  const out: AddressToken[] = [];
  for (const word of words) {
    const last = out.at(-1);
    const isOne = last && !word.spaced && !isJoined(last, word);
    if (isOne) out[out.length - 1] = { ...last, kind: 'quoted', text: last.text + word.text };
    else out.push(word);
  }
  return out;
}

function written({ kind, text }: AddressToken): string {
  return kind === 'quoted' ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

// Not \s, which takes the octet A0 of a UTF-8 character as well.
const BLANKS = /[\t-\r ]+/g;

/** An addr-spec without white space and route; octets over 127 are read as UTF-8 (RFC 6532). */
function addressOf(raw: string): string {
  const address = raw.includes('"') ? keepQuoted(raw) : raw.replace(BLANKS, '');
  // RFC 5322 section 4.4: a route before the address means nothing any more.
  const plain = address.startsWith('@') ? address.slice(address.indexOf(':') + 1) : address;
  if (plain.startsWith('=?')) return decodeAddress(plain);
  return /[\x80-\xff]/.test(plain) ? decodeCharset(latin1Bytes(plain), 'utf-8').text : plain;
}

/** White space goes, but not inside a quoted local part; quotes that are not needed go. */
function keepQuoted(text: string): string {
  let out = '';
  let at = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', at)) {
    const close = closingQuote(text, open);
    if (close === -1) break;
    out += text.slice(at, open).replace(BLANKS, '') + unquoteAtoms(text.slice(open, close + 1));
    at = close + 1;
  }
  return out + text.slice(at).replace(BLANKS, '');
}

function unquoteAtoms(quoted: string): string {
  const inside = quoted.slice(1, -1);
  const isDotAtom = /^[\w!#$%&'*+/=?^`{|}~.-]+$/.test(inside) && !/^\.|\.\.|\.$/.test(inside);
  return isDotAtom ? inside : quoted;
}
