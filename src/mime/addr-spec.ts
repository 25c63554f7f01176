// local@domain, strict (RFC 5321 section 4.1.2 Mailbox, RFC 6531 section 3.3). What comes out is built
// anew from the parts, so that nothing of the input that is not an address can leave.
import { Buffer } from 'node:buffer';
import { toAsciiDomain } from '../codec/index.ts';
import type { AddressCursor } from './address-cursor.ts';
import { shown } from './address-error.ts';
import {
  ADDRESS_OCTETS,
  addressLiteral,
  DOMAIN_OCTETS,
  hiddenCharacter,
  hidesSpecials,
  isAsciiDotString,
  isDotString,
  LITERAL_OCTETS,
  LOCAL_PART_OCTETS,
  quoteLocalPart,
  quoteString,
} from './address-syntax.ts';

/** An addr-spec in wire form. `strict` says whether this parser accepted it or a lenient one made it. */
export class AddrSpec {
  readonly address: string;
  readonly strict: boolean;

  constructor(address: string, strict: boolean) {
    this.address = address;
    this.strict = strict;
  }
}

/** Reads the addr-spec that begins at the cursor. */
export function readAddrSpec(cursor: AddressCursor): AddrSpec {
  const start = cursor.position;
  const local = readLocalPart(cursor);
  if (cursor.peek() !== '@') cursor.failExpected(`expected '@' after ${shown(local)}`);
  cursor.position += 1;
  const domain = cursor.peek() === '[' ? readLiteral(cursor) : readDomain(cursor);
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > ADDRESS_OCTETS) {
    cursor.fail(`it is longer than ${ADDRESS_OCTETS} octets`, 'check it for a typing error', start);
  }
  return new AddrSpec(address, true);
}

/** The local part in wire form. */
function readLocalPart(cursor: AddressCursor): string {
  const start = cursor.position;
  const isQuoted = cursor.peek() === '"';
  const value = isQuoted ? cursor.quoted() : cursor.run();
  if (!isQuoted && value === '') cursor.failExpected('expected a mailbox name');
  const isPlain = isAsciiDotString(value);
  if (!isPlain) checkCharacters(cursor, value, start);
  if (!isPlain && !isQuoted && !isDotString(value)) {
    const cure = `if it is really called that, write it in quotes: ${shown(quoteString(value))}`;
    const problem = 'a dot cannot stand first, last or twice in a mailbox name';
    cursor.fail(problem, cure, start + misplacedDot(value));
  }
  const local = isPlain ? value : quoteLocalPart(value);
  if (Buffer.byteLength(local) > LOCAL_PART_OCTETS) {
    const problem = `the mailbox name is longer than ${LOCAL_PART_OCTETS} octets`;
    cursor.fail(problem, 'check it for a typing error', start);
  }
  return local;
}

function checkCharacters(cursor: AddressCursor, value: string, start: number): void {
  const hidden = hiddenCharacter(value);
  if (hidden >= 0) {
    const problem = 'a control, blank or invisible character cannot be in a mailbox name';
    const within = cursor.text.indexOf(value.charAt(hidden), start);
    cursor.fail(problem, 'remove it', within);
  }
  if (hidesSpecials(value)) {
    const problem = "the mailbox name holds a look-alike of '@', '.' or another special character";
    cursor.fail(problem, 'type the ASCII character', start);
  }
}

function misplacedDot(value: string): number {
  if (value.startsWith('.')) return 0;
  const doubled = value.indexOf('..');
  return doubled < 0 ? value.length - 1 : doubled + 1;
}

// The domain read last: lists are often of one domain.
let lastDomain = { written: '', ascii: '' };

function readDomain(cursor: AddressCursor): string {
  const start = cursor.position;
  const written = cursor.run();
  if (written === '') cursor.failExpected("expected a domain after '@'");
  if (written === lastDomain.written) return lastDomain.ascii;
  const ascii = written.length > DOMAIN_OCTETS ? undefined : toAsciiDomain(written);
  if (ascii !== undefined) {
    lastDomain = { written, ascii };
    return ascii;
  }
  const cure = /^[\d.]+$/.test(written)
    ? `write an IP address in brackets: ${shown(`[${written}]`)}`
    : 'a domain is labels of letters, digits and inner hyphens, joined by dots';
  cursor.fail(`${shown(written)} is not a domain`, cure, start);
}

function readLiteral(cursor: AddressCursor): string {
  const { text, position: start } = cursor;
  const end = text.slice(start, start + LITERAL_OCTETS).indexOf(']') + start;
  const literal = end < start ? undefined : addressLiteral(text.slice(start + 1, end));
  if (literal === undefined) {
    const cure = "write '[192.0.2.1]' or '[IPv6:2001:db8::1]'";
    cursor.fail('expected an IP address in the brackets', cure, start);
  }
  cursor.position = end + 1;
  return `[${literal}]`;
}
