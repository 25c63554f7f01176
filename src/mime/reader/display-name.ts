// The name shown for a mailbox, from the tokens around its address.

import type { Utf7Options } from '../../codec/index.ts';
import type { AddressToken } from './address-tokens.ts';
import { decodeUnstructured, trimBlanks } from './header-value.ts';

/** The name that words and comments make, decoded. A comment counts when there is no other word, or stays in its brackets. */
export function nameOf(tokens: readonly AddressToken[], options?: Utf7Options): string {
  const only = tokens.length === 1 && tokens[0]?.kind === 'comment';
  let name = '';
  let previous: AddressToken | undefined;
  for (const token of tokens) {
    const spaced = token.spaced || token.kind === 'comment' || previous?.kind === 'comment';
    if (previous && spaced) name += ' ';
    name += token.kind === 'comment' && !only ? `(${token.text})` : token.text;
    previous = token;
  }
  return decodeName(name, options);
}

const CONTROLS = /[\0-\x1f\x7f]+/g;

/** A raw name as text: encoded words decoded, and no control character, which a name can only hold by malice. */
export function decodeName(raw: string, options?: Utf7Options): string {
  return trimBlanks(decodeUnstructured(raw, options).replace(CONTROLS, ' '));
}
