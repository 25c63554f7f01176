// The name shown for a mailbox, from the tokens around its address.

import type { TextOptions } from '../../codec/index.ts';
import type { AddressToken } from './address-tokens.ts';
import { decodeUnstructured, trimBlanks } from './header-value.ts';

/**
 * The name that words and comments make, decoded. A comment is the name when there is nothing else; else
 * it stays in its brackets, before the words or behind them.
 */
export function nameOf(tokens: readonly AddressToken[], options?: TextOptions): string {
  const only = tokens.length === 1 && tokens[0]?.kind === 'comment';
  let name = '';
  let previous: AddressToken | undefined;
  for (const token of commentsOutside(tokens)) {
    const spaced = token.spaced || token.kind === 'comment' || previous?.kind === 'comment';
    if (previous && spaced) name += ' ';
    name += token.kind === 'comment' && !only ? `(${token.text})` : token.text;
    previous = token;
  }
  return decodeName(name, options);
}

/** The tokens with the comments between words behind the last word, so that the words stay together. */
function commentsOutside(tokens: readonly AddressToken[]): readonly AddressToken[] {
  if (tokens.length < 3) return tokens;
  const first = tokens.findIndex(({ kind }) => kind !== 'comment');
  const last = tokens.findLastIndex(({ kind }) => kind !== 'comment');
  const between = tokens.slice(first + 1, Math.max(last, 0));
  if (!between.some(({ kind }) => kind === 'comment')) return tokens;
  return [
    ...tokens.slice(0, first + 1),
    ...between.filter(({ kind }) => kind !== 'comment'),
    ...tokens.slice(last, last + 1),
    ...between.filter(({ kind }) => kind === 'comment'),
    ...tokens.slice(last + 1),
  ];
}

const CONTROLS = /[\0-\x1f\x7f]+/g;

/** A raw name as text: encoded words decoded, and no control character, which a name can only hold by malice. */
export function decodeName(raw: string, options?: TextOptions): string {
  const name = decodeUnstructured(raw, options);
  return /[\0-\x1f\x7f]/.test(name) ? trimBlanks(name.replace(CONTROLS, ' ')) : name;
}
