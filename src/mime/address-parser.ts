// The strict parser of the API's edge: text to mailboxes and groups, or an error that points at the
// character. One pass, no guessing. Received mail is read by the lenient parser of reader/.
import { enforceLimit } from '../base/internal.ts';
import { toAsciiDomain } from '../codec/index.ts';
import { addressError, shown } from './address-error.ts';
import {
  ADDRESS_OCTETS,
  addressLiteral,
  DOMAIN_OCTETS,
  DOT_ATOMS,
  hiddenCharacter,
  hidesSpecials,
  isDotString,
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

/** One mailbox as parsed: display name (`''` when there is none) and addr-spec. */
export interface ParsedMailbox {
  readonly name: string;
  readonly spec: AddrSpec;
}

/** A group (RFC 5322 section 3.4) as parsed. */
export interface ParsedGroup {
  readonly name: string;
  readonly members: readonly ParsedMailbox[];
}

/** Every mailbox and group of a comma-separated list. `field` names where it was given, for errors. */
export function parseAddresses(text: string, field?: string): (ParsedMailbox | ParsedGroup)[] {
  return new AddressScanner(text, field).list();
}

/** Exactly one mailbox, with or without a display name. */
export function parseMailbox(text: string, field?: string): ParsedMailbox {
  return new AddressScanner(text, field).only();
}

/** Exactly `local@domain`, nothing around it. */
export function parseAddrSpec(text: string, field?: string): AddrSpec {
  return new AddressScanner(text, field).onlySpec();
}

/** Words before what decides whether they are a display name, a group's name or a local part. */
interface Phrase {
  readonly text: string;
  readonly words: number;
  readonly lastStart: number;
  readonly end: number;
}

class AddressScanner {
  readonly #text: string;
  readonly #field: string | undefined;
  #position = 0;
  #count = 0;

  constructor(text: string, field: string | undefined) {
    this.#text = text;
    this.#field = field;
  }

  list(): (ParsedMailbox | ParsedGroup)[] {
    const list: (ParsedMailbox | ParsedGroup)[] = [];
    for (;;) {
      list.push(this.#item(true));
      this.#skipBlanks();
      const char = this.#char();
      if (char === '') return list;
      if (char !== ',') this.#failBetween();
      this.#position += 1;
    }
  }

  only(): ParsedMailbox {
    const item = this.#item(false);
    this.#skipBlanks();
    if (this.#char() === ',') {
      this.#fail('expected one address, not a list', 'give one address here');
    }
    if (this.#char() !== '') this.#failBetween();
    return item as ParsedMailbox;
  }

  onlySpec(): AddrSpec {
    const spec = this.#addrSpec();
    if (this.#char() !== '') this.#failBetween();
    return spec;
  }

  #item(groups: boolean): ParsedMailbox | ParsedGroup {
    this.#count += 1;
    enforceLimit('addresses', this.#count, `The list of addresses${this.#inField()}`);
    this.#skipBlanks();
    const start = this.#position;
    const phrase = this.#phrase();
    switch (this.#char()) {
      case '<':
        return { name: phrase.text, spec: this.#angle() };
      case '@':
        return this.#bare(start, phrase);
      case ':':
        if (groups && phrase.words > 0) return this.#group(phrase.text);
        this.#fail(
          phrase.words === 0 ? "expected a name before ':'" : 'a group cannot stand here',
          phrase.words === 0 ? "write a group as 'Name: ann@x.example, bob@x.example;'" : undefined,
        );
        break;
      default:
        this.#failPhrase(start, phrase);
    }
  }

  #group(name: string): ParsedGroup {
    const members: ParsedMailbox[] = [];
    this.#position += 1;
    this.#skipBlanks();
    while (this.#char() !== ';') {
      if (members.length > 0) {
        if (this.#char() !== ',') this.#failBetween(true);
        this.#position += 1;
      }
      members.push(this.#item(false) as ParsedMailbox);
      this.#skipBlanks();
    }
    this.#position += 1;
    return { name, members };
  }

  /** `local@domain` whose local part was already read as the one word of `phrase`. */
  #bare(start: number, phrase: Phrase): ParsedMailbox {
    if (phrase.words > 1 && phrase.end === this.#position) {
      const written = this.#word(phrase.lastStart);
      const name = this.#text.slice(start, phrase.lastStart).trim();
      this.#fail(
        `expected '<' before ${shown(written)}`,
        `write it as ${shown(`${name} <${written}>`)}`,
        phrase.lastStart,
      );
    }
    this.#position = start;
    return { name: '', spec: this.#addrSpec() };
  }

  #angle(): AddrSpec {
    this.#position += 1;
    const start = this.#position;
    if (this.#char() === '@') this.#fail('source routes are not taken', "remove '@…:'");
    const spec = this.#addrSpec();
    if (this.#char() !== '>') {
      this.#failHere(`expected '>' after ${shown(this.#text.slice(start, this.#position))}`);
    }
    this.#position += 1;
    return spec;
  }

  #addrSpec(): AddrSpec {
    const local = this.#localPart();
    if (this.#char() !== '@') this.#failLocal(local);
    this.#position += 1;
    const start = this.#position;
    const domain = this.#char() === '[' ? this.#literal() : this.#domain();
    const address = `${quoteLocalPart(local)}@${domain}`;
    if (octets(address) > ADDRESS_OCTETS) {
      this.#fail(`it is longer than ${ADDRESS_OCTETS} octets`, undefined, start);
    }
    return new AddrSpec(address, true);
  }

  #localPart(): string {
    const start = this.#position;
    const isQuoted = this.#char() === '"';
    const local = isQuoted ? this.#quoted() : this.#run();
    if (!isQuoted && local === '') this.#failHere('expected a mailbox name');
    const hidden = hiddenCharacter(local);
    if (hidden >= 0) {
      this.#fail(
        'a control, blank or invisible character cannot be in a mailbox name',
        'remove it',
        start + hidden,
      );
    }
    if (hidesSpecials(local)) {
      this.#fail(
        "the mailbox name has a look-alike of '@', '.' or another special character",
        'type the ASCII character',
        start,
      );
    }
    if (!isQuoted && !isDotString(local)) {
      const dot = local.startsWith('.')
        ? 0
        : local.includes('..')
          ? local.indexOf('..') + 1
          : local.length - 1;
      this.#fail(
        'a dot cannot stand first, last or twice in a mailbox name',
        `if the mailbox is really called that, put it in quotes: ${shown(`${quoteString(local)}@…`)}`,
        start + dot,
      );
    }
    if (octets(quoteLocalPart(local)) > LOCAL_PART_OCTETS) {
      this.#fail(`the mailbox name is longer than ${LOCAL_PART_OCTETS} octets`, undefined, start);
    }
    return local;
  }

  #domain(): string {
    const start = this.#position;
    const written = this.#run();
    if (written === '') this.#failHere("expected a domain after '@'");
    const domain = written.length > DOMAIN_OCTETS ? undefined : toAsciiDomain(written);
    if (domain !== undefined && domain.length <= DOMAIN_OCTETS) return domain;
    const cure = /^[\d.]+$/.test(written)
      ? `write an IP address in brackets: ${shown(`[${written}]`)}`
      : 'a domain is labels of letters, digits and inner hyphens, joined by dots';
    this.#fail(`${shown(written)} is not a domain`, cure, start);
  }

  #literal(): string {
    const start = this.#position;
    const end = this.#text.indexOf(']', start);
    const literal =
      end < 0 || end - start > 64 ? undefined : addressLiteral(this.#text.slice(start + 1, end));
    if (literal === undefined) {
      this.#fail(
        'expected an address literal',
        "write '[192.0.2.1]' or '[IPv6:2001:db8::1]'",
        start,
      );
    }
    this.#position = end + 1;
    return `[${literal}]`;
  }

  #phrase(): Phrase {
    let text = '';
    let words = 0;
    let lastStart = this.#position;
    let end = this.#position;
    for (;;) {
      this.#skipBlanks();
      const start = this.#position;
      const word = this.#char() === '"' ? this.#quoted() : this.#run();
      if (this.#position === start) return { text, words, lastStart, end };
      text = words > 0 && start > end ? `${text} ${word}` : text + word;
      words += 1;
      lastStart = start;
      end = this.#position;
    }
  }

  #run(): string {
    DOT_ATOMS.lastIndex = this.#position;
    const word = DOT_ATOMS.exec(this.#text)?.[0] ?? '';
    this.#position += word.length;
    return word;
  }

  /** The value of a quoted-string. */
  #quoted(): string {
    const start = this.#position;
    let value = '';
    let from = start + 1;
    for (let at = from; ; at += 1) {
      const char = this.#text.charAt(at);
      if (char === '"') {
        this.#position = at + 1;
        return value + this.#text.slice(from, at);
      }
      if (char === '\\' && at + 1 < this.#text.length) {
        value += this.#text.slice(from, at);
        at += 1;
        from = at;
        if (!isLineBreak(this.#text.charAt(at))) continue;
      }
      if (char === '') this.#fail('the quote is not closed', `write '"' at its end`, start);
      if (isLineBreak(this.#text.charAt(at))) this.#failLineBreak(at);
    }
  }

  #skipBlanks(): void {
    let code = this.#text.charCodeAt(this.#position);
    while (code === 0x20 || code === 0x09) {
      this.#position += 1;
      code = this.#text.charCodeAt(this.#position);
    }
  }

  #char(): string {
    return this.#text.charAt(this.#position);
  }

  /** From `start` to the end of the address that stands there, for messages. */
  #word(start: number): string {
    return /^[^\s,;<>]*/.exec(this.#text.slice(start, start + 320))?.[0] ?? '';
  }

  #inField(): string {
    return this.#field === undefined ? '' : ` in '${this.#field}'`;
  }

  #failPhrase(start: number, phrase: Phrase): never {
    if (phrase.words === 0) this.#failHere('expected an address');
    const name = this.#text.slice(start, phrase.end);
    const isEnd = this.#char() === ',' || this.#char() === ';' || this.#char() === '';
    if (!isEnd) this.#failHere(`expected '@' or '<' after ${shown(name)}`);
    const cure =
      this.#char() === ','
        ? `write an address as 'ann@x.example'; a name with a comma needs quotes: '"Smith, Ann" <ann@x.example>'`
        : "write an address as 'ann@x.example' or 'Ann <ann@x.example>'";
    this.#fail(`expected '@' after ${shown(name)}`, cure);
  }

  #failLocal(local: string): never {
    this.#failHere(`expected '@' after ${shown(local)}`);
  }

  #failBetween(inGroup = false): never {
    const end = inGroup ? "',' or ';'" : "',' or the end";
    switch (this.#char()) {
      case '@':
        return this.#fail("an address has one '@'", "a mailbox name that holds '@' needs quotes");
      case ';':
        return this.#fail(`expected ${end}`, "separate addresses with ','");
      case '<':
        return this.#fail(
          "expected ',' before '<'",
          `a name that holds '@' needs quotes: '"a@b.example" <ann@x.example>'`,
        );
      default:
        return this.#failHere(`expected ${end}`);
    }
  }

  /** Fails at the current character, with its own reason when it has one. */
  #failHere(expected: string): never {
    const char = this.#char();
    if (isLineBreak(char)) this.#failLineBreak(this.#position);
    if (char === '(' || char === ')') {
      this.#fail('comments are not taken', "remove '(…)', or put the name in quotes");
    }
    this.#fail(char === '' ? `${expected}, found the end` : `${expected}, found ${shown(char)}`);
  }

  #failLineBreak(position: number): never {
    this.#fail('CR, LF and NUL cannot be in an address', 'remove the character', position);
  }

  #fail(problem: string, cure?: string, position: number = this.#position): never {
    throw addressError(this.#text, position, problem, cure, this.#field);
  }
}

function isLineBreak(char: string): boolean {
  return char === '\r' || char === '\n' || char === '\0';
}

function octets(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // A surrogate is half of a character of four octets.
    if (code > 0x7f) count += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return count;
}
