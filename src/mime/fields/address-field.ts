// Fields of mailboxes and groups (RFC 5322 section 3.6.3): From, To, Cc, Reply-To ….
import { InvalidAddressError } from '../../base/index.ts';
import { encodeWords } from '../../codec/index.ts';
import { type MailAddress, type MailGroup, quotePhrase } from '../address.ts';
import { isGroup, parseAddressList } from '../address-list.ts';
import { looksEncoded } from './encoded-look.ts';
import { columns, FoldedValue, LINE_COLUMNS } from './fold.ts';
import type { HeaderField, HeaderOptions } from './header-field.ts';

// A name up to this width is not folded.
const WHOLE_COLUMNS = 40;
const PRINTABLE = /^[ -~]*$/;
const PRINTABLE_UTF8 = /^(?:[^\p{C}\p{Z}]| )*$/u;

/**
 * A field of addresses, folded between them. Names go into quotes or encoded words when they must.
 *
 * @throws {@link InvalidAddressError} `ADDRESS_INVALID`: an address that was read from a received
 * message and is not valid; `ADDRESS_NEEDS_SMTPUTF8`: a mailbox name is not ASCII and `utf8` is off.
 */
export function addressField(
  name: string,
  list: readonly (MailAddress | MailGroup)[],
  o: HeaderOptions,
): HeaderField {
  const writer = new AddressWriter(name, o);
  const items = parseAddressList(list, name);
  items.forEach((item, index) => {
    writer.item(item, index < items.length - 1 ? ',' : '');
  });
  return { name, value: writer.value };
}

class AddressWriter {
  readonly #folded: FoldedValue;
  readonly #utf8: boolean;

  constructor(name: string, { utf8 }: HeaderOptions) {
    this.#folded = new FoldedValue(name);
    this.#utf8 = utf8;
  }

  get value(): string {
    return this.#folded.toString();
  }

  /** Adds a mailbox or group; `end` is what stands directly after it. */
  item(item: MailAddress | MailGroup, end: string): void {
    if (isGroup(item)) this.#group(item, end);
    else this.#mailbox(item, end);
  }

  #group({ name, members }: MailGroup, end: string): void {
    this.#phrase(name, members.length === 0 ? `:;${end}` : ':');
    members.forEach((member, index) => {
      this.#mailbox(member, index < members.length - 1 ? ',' : `;${end}`);
    });
  }

  #mailbox(mailbox: MailAddress, end: string): void {
    const { name, address } = mailbox;
    if (!this.#utf8 && mailbox.needsUtf8) throw needsSmtpUtf8(address);
    if (name === '') this.#folded.add(`${address}${end}`);
    else {
      this.#phrase(name, '');
      this.#folded.add(`<${address}>${end}`);
    }
  }

  #phrase(name: string, end: string): void {
    const words = this.#plainWords(name);
    if (words) {
      words.forEach((word, index) => {
        this.#folded.add(index < words.length - 1 ? word : `${word}${end}`);
      });
      return;
    }
    for (const word of this.#encodedWords(name)) this.#folded.add(word);
    // An encoded word stands apart from what is not a word (RFC 2047 section 5, rule 3).
    if (end !== '') this.#folded.add(end);
  }

  /** The name as atoms or one quoted-string; `undefined` when it has to be encoded. */
  #plainWords(name: string): readonly string[] | undefined {
    // Readers decode encoded words in quotes too, although RFC 2047 section 5 forbids it.
    const isPrintable = (this.#utf8 ? PRINTABLE_UTF8 : PRINTABLE).test(name);
    if (!isPrintable || looksEncoded(name)) return undefined;
    const phrase = quotePhrase(name);
    if (columns(phrase) <= WHOLE_COLUMNS) return [phrase];
    const words = phrase === name ? name.split(' ') : [phrase];
    return words.every((word) => columns(word) <= LINE_COLUMNS - 3) ? words : undefined;
  }

  #encodedWords(name: string): readonly string[] {
    const words = encodeWords(name, { phrase: true, firstLineRoom: this.#folded.room });
    if (words.length === 1 || this.#folded.isEmpty) return words;
    // Some readers show a blank between the words of a name, so it gets as few as it can: on a line of its own.
    const apart = encodeWords(name, { phrase: true, firstLineRoom: 0 });
    return apart.length < words.length ? apart : words;
  }
}

function needsSmtpUtf8(address: string): InvalidAddressError {
  return new InvalidAddressError(
    'ADDRESS_NEEDS_SMTPUTF8',
    `The mailbox name of "${address}" is not ASCII and needs a server with SMTPUTF8 (RFC 6531); use such a server or an ASCII address`,
    address,
    0,
  );
}
