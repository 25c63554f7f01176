// One recipient of a message: a bag of properties, and what is asked for most.
import { Buffer } from 'node:buffer';
import { WESTERN } from './property/code-page.ts';
import { MapiProperties } from './property/mapi-properties.ts';
import { readOneOff, writeOneOff } from './property/one-off.ts';
import { PidTag } from './property/pid-tag.data.ts';

/** How somebody receives a message (PidTagRecipientType); of a meeting, `bcc` are the resources. */
export type RecipientKind = 'originator' | 'to' | 'cc' | 'bcc';

const KINDS: readonly RecipientKind[] = ['originator', 'to', 'cc', 'bcc'];
const MAIL_USER = 6;

/** One recipient of a message. */
export class MapiRecipient {
  /** The properties of the recipient. */
  readonly properties: MapiProperties;

  constructor(properties: MapiProperties = new MapiProperties()) {
    this.properties = properties;
  }

  /** A recipient with an Internet address, with the properties Outlook gives such a one (MS-OXOMSG section 2.2.3). */
  static of(kind: RecipientKind, address: string, name: string = address): MapiRecipient {
    const recipient = new MapiRecipient();
    recipient.properties
      .set(PidTag.RecipientType, KINDS.indexOf(kind))
      .set(PidTag.DisplayName, name)
      .set(PidTag.AddressType, 'SMTP')
      .set(PidTag.EmailAddress, address)
      .set(PidTag.SmtpAddress, address)
      .set(PidTag.ObjectType, MAIL_USER)
      .set(PidTag.DisplayType, 0)
      .set(PidTag.EntryId, writeOneOff({ name, addressType: 'SMTP', address }))
      .set(PidTag.RecipientEntryId, writeOneOff({ name, addressType: 'SMTP', address }))
      .set(PidTag.RecipientDisplayName, name)
      .set(PidTag.TransmittableDisplayName, name)
      .set(PidTag.SearchKey, smtpSearchKey(address));
    return recipient;
  }

  /** How this one receives the message; `to` when it does not say. */
  get kind(): RecipientKind {
    // The upper bits say how sending went (MS-OXOMSG section 2.2.3.1).
    return KINDS[(this.properties.get(PidTag.RecipientType) ?? 1) & 0x0f] ?? 'to';
  }

  /** The name to show; the address when there is none. */
  get name(): string {
    const { properties } = this;
    return (
      properties.get(PidTag.DisplayName) ??
      properties.get(PidTag.RecipientDisplayName) ??
      this.address
    );
  }

  /** The Internet address; `''` when only an address of another kind is known, as within an Exchange organization. */
  get address(): string {
    const { properties } = this;
    const smtp = properties.get(PidTag.SmtpAddress);
    if (smtp) return smtp;
    const address = properties.get(PidTag.EmailAddress);
    const type = properties.get(PidTag.AddressType);
    if (address && (type?.toUpperCase() === 'SMTP' || (!type && address.includes('@')))) {
      return address;
    }
    const entryId = properties.get(PidTag.EntryId);
    const oneOff = entryId && readOneOff(entryId, WESTERN);
    return oneOff?.addressType.toUpperCase() === 'SMTP' ? oneOff.address : '';
  }
}

/** PidTagSearchKey of an Internet address: `SMTP:ANN@EXAMPLE.COM` and NUL. */
export function smtpSearchKey(address: string): Uint8Array {
  return Buffer.from(`SMTP:${address.toUpperCase()}\0`, 'latin1');
}
