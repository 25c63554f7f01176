// One item of an address list, between commas, to the mailboxes in it.
import { latin1Bytes } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';
import type { AddressToken } from './address-tokens.ts';
import { decodeName, nameOf } from './display-name.ts';

/** A mailbox as found. */
export interface FoundMailbox {
  readonly name: string;
  readonly address: string;
  readonly at: number;
}

/** `Name <address>`: what an item with angle brackets holds. */
export function routeMailbox(item: readonly AddressToken[]): FoundMailbox {
  const angle = item.find(({ kind }) => kind === 'angle');
  return { name: nameOf(item), address: addressOf(angle?.text ?? ''), at: item[0]?.at ?? 0 };
}

/** Words that belong together because a dot or an @ joins them, as in `jdoe@test . example`. */
interface Piece {
  text: string;
  readonly tokens: AddressToken[];
  /** Whether the next word belongs to it. */
  isOpen: boolean;
}

/** What an item without angle brackets holds: `address`, `address (Name)`, and the broken `Name address`. */
export function bareMailboxes(item: readonly AddressToken[]): FoundMailbox[] {
  const comments = item.filter(({ kind }) => kind === 'comment');
  const found: { name: string; address: string; at: number }[] = [];
  let words: AddressToken[] = [];
  for (const { text, tokens } of piecesOf(item)) {
    if (text.includes('@') && tokens.some(isRouting)) {
      found.push({ name: nameOf(words), address: addressOf(text), at: tokens[0]?.at ?? 0 });
      words = [];
    } else words.push(...tokens);
  }
  const last = found.at(-1);
  // RFC 5322 section 3.4: the comment after an address was the name before there were display names.
  if (last && last.name === '')
    last.name = nameOf(words) || decodeName(comments.at(-1)?.text ?? '');
  return found;
}

function isRouting({ kind, text }: AddressToken): boolean {
  return kind === 'atom' && text.includes('@');
}

function piecesOf(item: readonly AddressToken[]): Piece[] {
  const pieces: Piece[] = [];
  for (const token of item) {
    if (token.kind === 'comment') continue;
    const text = token.kind === 'quoted' ? `"${token.text.replace(/["\\]/g, '\\$&')}"` : token.text;
    const last = pieces.at(-1);
    const isOpen = /[@.]$/.test(text);
    if (last && (last.isOpen || /^[@.]/.test(text))) {
      last.text += text;
      last.tokens.push(token);
      last.isOpen = isOpen;
    } else pieces.push({ text, tokens: [token], isOpen });
  }
  return pieces;
}

/** An addr-spec without white space and route; octets over 127 are read as UTF-8 (RFC 6532). */
function addressOf(raw: string): string {
  const address = raw.includes('"') ? keepQuoted(raw) : raw.replace(/\s+/g, '');
  // RFC 5322 section 4.4: a route before the address means nothing any more.
  const plain = address.startsWith('@') ? address.slice(address.indexOf(':') + 1) : address;
  return /[\x80-\xff]/.test(plain) ? decodeCharset(latin1Bytes(plain), undefined).text : plain;
}

/** White space goes, but not inside a quoted local part; quotes that are not needed go. */
function keepQuoted(text: string): string {
  return text
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((piece, index) => (index % 2 === 1 ? unquoteAtoms(piece) : piece.replace(/\s+/g, '')))
    .join('');
}

function unquoteAtoms(quoted: string): string {
  const inside = quoted.slice(1, -1);
  return /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(inside) ? inside : quoted;
}
