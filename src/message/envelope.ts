// Who a message is from and for, on the wire (RFC 5321 section 2.3.1).
import { InvalidMessageError } from '../base/index.ts';
import { MailAddress, mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { AddressList } from './head-values.ts';

/** The addresses of MAIL FROM and RCPT TO. */
export interface Envelope {
  /** The reverse path: where failures are reported; `''` for none. */
  from: string;
  /** The recipients, each once. */
  to: string[];
}

/** The fields that say who a message is from and for. */
export interface Correspondents {
  readonly from: AddressList;
  readonly sender: AddressList;
  readonly to: AddressList;
  readonly cc: AddressList;
  readonly bcc: AddressList;
}

/** The reverse path of a message: the sender or else the first author. */
export function senderOf({ sender, from }: Pick<Correspondents, 'sender' | 'from'>): string {
  const [first] = addressesOf(sender.length > 0 ? sender : from, 'from');
  if (first !== undefined) return first;
  throw new InvalidMessageError(
    'MESSAGE_NO_SENDER',
    "The message names no sender; set from: 'Ann <ann@example.com>', or give an envelope",
  );
}

/** Every recipient once, in order. */
export function recipientsOf({ to, cc, bcc }: Pick<Correspondents, 'to' | 'cc' | 'bcc'>): string[] {
  const all = [...addressesOf(to, 'to'), ...addressesOf(cc, 'cc'), ...addressesOf(bcc, 'bcc')];
  if (all.length === 1) return all;
  const recipients = new Map<string, string>();
  for (const address of all) {
    // Domains are compared without regard to case, local parts never (RFC 5321 section 2.4).
    const at = address.lastIndexOf('@');
    const key = address.slice(0, at) + address.slice(at).toLowerCase();
    if (!recipients.has(key)) recipients.set(key, address);
  }
  if (recipients.size > 0) return [...recipients.values()];
  throw new InvalidMessageError(
    'MESSAGE_NO_RECIPIENT',
    "The message names no recipient; set to: 'bob@example.com' (or cc, bcc), or give an envelope",
  );
}

/** The envelope of a message. */
export function envelopeOf(correspondents: Correspondents): Envelope {
  return { from: senderOf(correspondents), to: recipientsOf(correspondents) };
}

/** The addresses, checked anew: those of a message that was read may be anything. */
function addressesOf(list: AddressList, field: string): string[] {
  const [first] = list;
  if (!first) return [];
  if (list.length === 1 && first instanceof MailAddress && MailAddress.isStrict(first)) {
    return [first.address];
  }
  return mailboxesOf(parseAddressList(list, field)).map(({ address }) => address);
}
