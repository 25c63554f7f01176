// Who a message is from and for, on the wire (RFC 5321 section 2.3.1).
import { InvalidMessageError } from '../base/index.ts';
import { mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { AddressList } from './head-values.ts';

/** The addresses of MAIL FROM and RCPT TO. */
export interface Envelope {
  /** The reverse path: where failures are reported; `''` for none. */
  readonly from: string;
  /** The recipients, each once. */
  readonly to: readonly string[];
}

/** The fields that say who a message is from and for. */
export interface Correspondents {
  readonly from: AddressList;
  readonly sender: AddressList;
  readonly to: AddressList;
  readonly cc: AddressList;
  readonly bcc: AddressList;
}

/** The envelope of a message: the sender or else the first author, and every recipient once. */
export function envelopeOf({ from, sender, to, cc, bcc }: Correspondents): Envelope {
  const [first] = addressesOf(sender.length > 0 ? sender : from, 'from');
  if (first === undefined) {
    throw new InvalidMessageError(
      'MESSAGE_NO_SENDER',
      "The message names no sender; set from: 'Ann <ann@example.com>', or give an envelope",
    );
  }
  const recipients = new Map<string, string>();
  for (const list of [addressesOf(to, 'to'), addressesOf(cc, 'cc'), addressesOf(bcc, 'bcc')]) {
    for (const address of list) {
      // Domains are compared without regard to case, local parts never (RFC 5321 section 2.4).
      const at = address.lastIndexOf('@');
      const key = address.slice(0, at) + address.slice(at).toLowerCase();
      if (!recipients.has(key)) recipients.set(key, address);
    }
  }
  if (recipients.size === 0) {
    throw new InvalidMessageError(
      'MESSAGE_NO_RECIPIENT',
      "The message names no recipient; set to: 'bob@example.com' (or cc, bcc), or give an envelope",
    );
  }
  return { from: first, to: [...recipients.values()] };
}

/** The addresses, checked anew: those of a message that was read may be anything. */
function addressesOf(list: AddressList, field: string): string[] {
  if (list.length === 0) return [];
  return mailboxesOf(parseAddressList(list, field)).map(({ address }) => address);
}
