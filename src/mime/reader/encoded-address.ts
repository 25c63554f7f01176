// Addresses that a writer put into encoded words, where none may stand (RFC 2047 section 5).
import { latin1, utf8Bytes } from '../../base/internal.ts';
import { decodeWords } from '../../codec/index.ts';
import type { AddressToken } from './address-tokens.ts';

const ENCODED_LOCAL_PART = /^=\?[^?]+\?[bq]\?[^?]*\?=(?=@)/i;
// Without quotes, @, controls and whatever else could make another address of it.
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~.\u00a1-\uffff-]+$/;
// An @ in quoted-printable, or anything in base64.
const MAY_HOLD_AT = /=40|@|\?b\?/i;
const HOLDS_ADDRESS = /<[^<>@\s]+@[^<>@\s]+>/;

/**
 * The address with an encoded local part decoded; as it is when the result would be more than a plain
 * local part. What is hidden in an encoded word must not become a domain of its own.
 */
export function decodeAddress(address: string): string {
  const [word] = ENCODED_LOCAL_PART.exec(address) ?? [];
  if (word === undefined) return address;
  const text = decodeWords(word);
  return DOT_ATOM.test(text) ? text + address.slice(word.length) : address;
}

/**
 * The field that was encoded with its addresses and their brackets, one character for each octet; else
 * `undefined`. What only looks like an address stays a name.
 */
export function encodedField(item: readonly AddressToken[]): string | undefined {
  if (!item.every(({ kind }) => kind === 'encoded')) return undefined;
  if (!item.some(({ text }) => MAY_HOLD_AT.test(text))) return undefined;
  const text = decodeWords(item.map((token) => token.text).join(' '));
  if (text.includes('=?') || /[\0-\x1f]/.test(text) || !HOLDS_ADDRESS.test(text)) return undefined;
  return latin1(utf8Bytes(text));
}
