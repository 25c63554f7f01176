// The strict grammar of the API's edge: text to mailboxes and groups (RFC 5322 section 3.4), or an error
// that points at the character. One pass, no guessing. Received mail is read by reader/ instead.
import { enforceLimit } from '../base/internal.ts';
import { AddrSpec, readAddrSpec } from './addr-spec.ts';
import { AddressCursor } from './address-cursor.ts';
import { shown } from './address-error.ts';

export { AddrSpec };

/** One mailbox as parsed: display name (`''` when there is none) and addr-spec. */
export interface ParsedMailbox {
  readonly name: string;
  readonly spec: AddrSpec;
}

/** A group as parsed. */
export interface ParsedGroup {
  readonly name: string;
  readonly members: readonly ParsedMailbox[];
}

/** Words that turn out to be a display name, a group's name or a local part by what comes after them. */
interface Phrase {
  readonly start: number;
  readonly text: string;
  readonly words: number;
  readonly lastStart: number;
  readonly end: number;
}

/** Every mailbox and group of a comma-separated list. `field` names where it was given, for errors. */
export function parseAddresses(text: string, field?: string): (ParsedMailbox | ParsedGroup)[] {
  const cursor = new AddressCursor(text, field);
  const list: (ParsedMailbox | ParsedGroup)[] = [];
  do {
    enforceLimit('addresses', list.length + 1, `The list of addresses in '${field ?? 'text'}'`);
    const phrase = readPhrase(cursor);
    const isGroup = phrase.words > 0 && cursor.peek() === ':';
    list.push(isGroup ? readGroup(cursor, phrase.text) : readMailbox(cursor, phrase));
  } while (goesOn(cursor));
  if (cursor.peek() !== '') failBetween(cursor, "',' or the end");
  return list;
}

/** Exactly one mailbox, with or without a display name. */
export function parseMailbox(text: string, field?: string): ParsedMailbox {
  const cursor = new AddressCursor(text, field);
  const mailbox = readMailbox(cursor, readPhrase(cursor));
  cursor.skipBlanks();
  if (cursor.peek() === ',')
    cursor.fail('expected one address, not a list', 'give one address here');
  if (cursor.peek() !== '') failBetween(cursor, 'the end');
  return mailbox;
}

/** Exactly `local@domain`, nothing around it. */
export function parseAddrSpec(text: string, field?: string): AddrSpec {
  const cursor = new AddressCursor(text, field);
  if (text.endsWith('>') && text.includes('<')) {
    const cure =
      "give '{ name, address }', or the text as one string where a list of addresses is taken";
    cursor.fail("expected 'local@domain' without a name", cure, text.indexOf('<'));
  }
  const spec = readAddrSpec(cursor);
  if (cursor.peek() !== '') failBetween(cursor, 'the end');
  return spec;
}

function goesOn(cursor: AddressCursor): boolean {
  cursor.skipBlanks();
  if (cursor.peek() !== ',') return false;
  cursor.position += 1;
  return true;
}

function readGroup(cursor: AddressCursor, name: string): ParsedGroup {
  const members: ParsedMailbox[] = [];
  cursor.position += 1;
  cursor.skipBlanks();
  if (cursor.peek() !== ';') {
    do {
      enforceLimit('addresses', members.length + 1, `The group ${shown(name)}`);
      members.push(readMailbox(cursor, readPhrase(cursor)));
    } while (goesOn(cursor));
  }
  if (cursor.peek() !== ';') failBetween(cursor, "',' or ';'");
  cursor.position += 1;
  return { name, members };
}

function readMailbox(cursor: AddressCursor, phrase: Phrase): ParsedMailbox {
  switch (cursor.peek()) {
    case '<':
      return { name: phrase.text, spec: readAngle(cursor) };
    case '@':
      return { name: '', spec: readBare(cursor, phrase) };
    case ':':
      return failColon(cursor, phrase);
    default:
      return failPhrase(cursor, phrase);
  }
}

function readAngle(cursor: AddressCursor): AddrSpec {
  cursor.position += 1;
  if (cursor.peek() === '@') cursor.fail('source routes are not taken', "remove '@…:'");
  const spec = readAddrSpec(cursor);
  if (cursor.peek() !== '>') cursor.failExpected("expected '>'");
  cursor.position += 1;
  return spec;
}

/** The addr-spec whose local part was read as `phrase`. */
function readBare(cursor: AddressCursor, phrase: Phrase): AddrSpec {
  const isAdjacent = phrase.end === cursor.position;
  if (phrase.words > 1 && isAdjacent) failBare(cursor, phrase);
  if (phrase.words > 0 && !isAdjacent) cursor.fail("expected no blank before '@'", 'remove it');
  cursor.position = phrase.start;
  return readAddrSpec(cursor);
}

function readPhrase(cursor: AddressCursor): Phrase {
  cursor.skipBlanks();
  const start = cursor.position;
  let text = '';
  let words = 0;
  let lastStart = start;
  let end = start;
  for (;;) {
    cursor.skipBlanks();
    const wordStart = cursor.position;
    const word = cursor.peek() === '"' ? cursor.quoted() : cursor.run();
    if (cursor.position === wordStart) return { start, text, words, lastStart, end };
    text += words > 0 && wordStart > end ? ` ${word}` : word;
    words += 1;
    lastStart = wordStart;
    end = cursor.position;
  }
}

// What people write instead of an address, and its cure.

function failBare(cursor: AddressCursor, { start, lastStart }: Phrase): never {
  const address = /^[^\s,;<>]*/.exec(cursor.text.slice(lastStart, lastStart + 320))?.[0] ?? '';
  const name = cursor.text.slice(start, lastStart).trim();
  if (!/[ \t]/.test(cursor.text.charAt(lastStart - 1))) {
    const problem = `expected a blank or '@' before ${shown(address)}`;
    cursor.fail(problem, 'quote the whole mailbox name or none of it', lastStart);
  }
  const cure = `write it as ${shown(`${name} <${address}>`)}`;
  cursor.fail(`expected '<' before ${shown(address)}`, cure, lastStart);
}

function failColon(cursor: AddressCursor, { words, text }: Phrase): never {
  if (words === 0) {
    const cure = "write a group as 'Team: ann@x.example, bob@x.example;'";
    cursor.fail("expected a name before ':'", cure);
  }
  const cure = /^mailto$/i.test(text)
    ? "remove 'mailto:'"
    : 'a group may stand in a list of addresses, but not inside another; give its members';
  cursor.fail('a group cannot stand here', cure);
}

function failPhrase(cursor: AddressCursor, { start, words, end }: Phrase): never {
  const char = cursor.peek();
  if (words === 0) cursor.failExpected('expected an address');
  const name = cursor.text.slice(start, end);
  if (char !== '' && char !== ',' && char !== ';') {
    cursor.failExpected(`expected '@' or '<' after ${shown(name)}`);
  }
  const cure =
    char === ','
      ? `write an address as 'ann@x.example'; a name with a comma needs quotes: '"Smith, Ann" <ann@x.example>'`
      : "write an address as 'ann@x.example' or 'Ann <ann@x.example>'";
  cursor.fail(`expected '@' after ${shown(name)}`, cure, end);
}

function failBetween(cursor: AddressCursor, expected: string): never {
  switch (cursor.peek()) {
    case '@':
      return cursor.fail("an address has one '@'", "a mailbox name that holds '@' needs quotes");
    case ';':
      return cursor.fail(`expected ${expected}`, "separate addresses with ','");
    case '<': {
      const cure = `a name that holds '@' needs quotes: '"a@b.example" <ann@x.example>'`;
      return cursor.fail("expected ',' before '<'", cure);
    }
    default:
      return cursor.failExpected(`expected ${expected}`);
  }
}
