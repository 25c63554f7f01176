// An address field that was filled in: its commas, brackets and quotes are the template's, its values are values. Each
// value is one mailbox at most, or a part of one; a list of addresses has to come as an array.
import { InvalidAddressError, printable } from '../../base/index.ts';
import { MailAddress, MailGroup } from '../../mime/index.ts';
import { fillSlots, loneSlot } from './slots.ts';

/** The mailboxes and groups of a filled-in field; `name` tells the field in errors. */
export function readAddressText(
  text: string,
  slots: readonly unknown[],
  name: string,
): (MailAddress | MailGroup)[] {
  try {
    return new AddressText(text, slots).read();
  } catch (error) {
    if (!(error instanceof InvalidAddressError)) throw error;
    throw new InvalidAddressError(
      error.code,
      `${name}: ${error.message}`,
      error.input,
      error.position,
      { cause: error },
    );
  }
}

/** One value that stands for a mailbox, or for several when it is an array; blank is none. */
function readAddressValue(value: unknown): MailAddress[] {
  if (Array.isArray(value)) return value.flatMap(readAddressValue);
  if (value instanceof MailAddress) return [value];
  if (typeof value === 'object' && value !== null && 'address' in value) {
    const { address, name } = value as { address: unknown; name?: unknown };
    return [mailbox(String(address ?? ''), String(name ?? ''))].flat();
  }
  const text = String(value ?? '').trim();
  return text === '' ? [] : [oneMailbox(text)];
}

/** A name and an address, each a value of its own; none when both are blank. */
export function mailbox(address: string, name: string): MailAddress[] {
  const [spec, shown] = [address.trim(), name.trim()];
  if (spec === '' && shown === '') return [];
  if (spec !== '') return [new MailAddress(spec, shown)];
  throw new InvalidAddressError(
    'ADDRESS_INVALID',
    `the address of '${printable(shown, 80)}' is blank; fill it in, or leave the row out with skip`,
    name,
    0,
  );
}

function oneMailbox(text: string): MailAddress {
  try {
    return MailAddress.parse(text);
  } catch (error) {
    if (!(error instanceof InvalidAddressError) || !text.includes(',')) throw error;
    throw new InvalidAddressError(
      'ADDRESS_INVALID',
      `${error.message}. A value is one address; several have to be an array, such as {{ to | split: ',' }}`,
      error.input,
      error.position,
    );
  }
}

/** Finds the items of a list, without looking into values. */
class AddressText {
  readonly #text: string;
  readonly #slots: readonly unknown[];
  #at = 0;

  constructor(text: string, slots: readonly unknown[]) {
    this.#text = text;
    this.#slots = slots;
  }

  read(): (MailAddress | MailGroup)[] {
    const list: (MailAddress | MailGroup)[] = [];
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const end = this.#next(',;:');
      const item = this.#text.slice(start, end).trim();
      const stop = this.#text.charAt(end);
      this.#at = end + 1;
      if (stop === ':') list.push(this.#group(this.#phrase(item)));
      else list.push(...this.#item(item));
    }
    return list;
  }

  // RFC 5322 section 3.4: name ":" mailboxes ";".
  #group(name: string): MailGroup {
    const members: MailAddress[] = [];
    for (;;) {
      const start = this.#at;
      const end = this.#next(',;');
      members.push(...this.#item(this.#text.slice(start, end).trim()));
      this.#at = end + 1;
      if (this.#text.charAt(end) !== ',') return new MailGroup(name, members);
    }
  }

  /** Where the next of these characters is, outside of quotes, brackets and comments; else the end. */
  #next(stops: string): number {
    let isQuoted = false;
    let bracket = '';
    for (let at = this.#at; at < this.#text.length; at += 1) {
      const char = this.#text.charAt(at);
      if (char === '\\' && (isQuoted || bracket === ')')) at += 1;
      else if (bracket !== '') bracket = char === bracket ? '' : bracket;
      else if (char === '"') isQuoted = !isQuoted;
      else if (isQuoted) continue;
      else if (char === '<') bracket = '>';
      else if (char === '[') bracket = ']';
      else if (char === '(') bracket = ')';
      else if (stops.includes(char)) return at;
    }
    return this.#text.length;
  }

  #item(item: string): MailAddress[] {
    if (item === '') return [];
    const lone = loneSlot(item, this.#slots);
    if (lone) return readAddressValue(lone.value);
    const open = item.lastIndexOf('<');
    if (open < 0) return [new MailAddress(fillSlots(item, this.#slots).trim())];
    if (!item.endsWith('>')) return [MailAddress.parse(item)];
    const inside = item.slice(open + 1, -1).trim();
    const value = loneSlot(inside, this.#slots)?.value ?? fillSlots(inside, this.#slots);
    return mailbox(String(value), this.#phrase(item.slice(0, open).trim()));
  }

  /** A display name: its quotes are the template's, what is in its values is not looked at. */
  #phrase(text: string): string {
    const bare = text.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) =>
      inner.replace(/\\(.)/g, '$1'),
    );
    return fillSlots(bare, this.#slots).trim();
  }
}
