// The short way for the address fields that most writers make: `Name <address>`, `"Name" <address>`, `address`, with
// commas between. All others are read by read-address-list.ts; where both can, both give the same.
import type { TextOptions } from '../../codec/index.ts';
import type { FoundMailbox } from './address-items.ts';
import { decodeName } from './display-name.ts';

const ADDRESS = String.raw`[A-Za-z0-9!#$%&'*+/^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/^_{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*`;
const WORD = "[A-Za-z0-9!#$%&'*+/=?^_{|}~-][A-Za-z0-9!#$%&'*+./=?^_{|}~-]*";
const MAILBOX = new RegExp(
  String.raw`[ \t]*(?:(${ADDRESS})|(?:"([!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?)"|(${WORD}(?: ${WORD})*)) ?<(${ADDRESS})>)[ \t]*(?:,|$)`,
  'y',
);

// The pattern needs a stack that grows with what it matches.
const LONGEST = 1_048_576;

/** The mailboxes of an unfolded field; `undefined` when reading them needs the long way. */
export function readPlainAddresses(text: string, options: TextOptions): FoundMailbox[] | undefined {
  if (text.length > LONGEST) return undefined;
  const found: FoundMailbox[] = [];
  MAILBOX.lastIndex = 0;
  for (let at = 0; at < text.length; at = MAILBOX.lastIndex) {
    const mailbox = MAILBOX.exec(text);
    if (mailbox === null) return undefined;
    const [, bare, quoted, words, address = ''] = mailbox;
    const written = quoted ?? words ?? '';
    const name = written.includes('=?') ? decodeName(written, options) : written;
    found.push({ name, address: bare ?? address, at });
  }
  return found;
}
