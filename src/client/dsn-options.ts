// What a caller says about reports (RFC 3461), with its addresses read as those of the envelope are.
import { OptionError } from '../base/index.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import { mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { DsnOptions, RecipientDsn, SmtpEnvelope } from '../smtp/index.ts';
import { checkDsn } from '../smtp/internal.ts';

const dsnNames: KnownNames = {
  of: 'dsn',
  names: new Set<keyof DsnOptions>(['ret', 'envid', 'notify', 'orcpt', 'recipients', 'ifOffered']),
  habits: new Map([
    ['id', 'write envid'],
    ['return', 'write ret'],
    ['recipient', 'write orcpt'],
  ]),
};

const recipientNames: KnownNames = {
  of: 'dsn.recipients',
  names: new Set<keyof RecipientDsn>(['notify', 'orcpt']),
  habits: new Map(),
};

/** The wishes about reports, checked, with recipients written as RCPT writes them. Throws `OptionError`. */
export function readDsn(dsn: DsnOptions): DsnOptions {
  if (typeof dsn !== 'object' || dsn === null) throw wrong('dsn', 'an object');
  checkNames(dsn, dsnNames);
  const { recipients, ifOffered } = dsn;
  if (ifOffered !== undefined && typeof ifOffered !== 'boolean') {
    throw wrong('dsn.ifOffered', 'true or false');
  }
  const read = recipients === undefined ? dsn : { ...dsn, recipients: byAddress(recipients) };
  checkDsn(read);
  return read;
}

const EVERY_EVENT = ['success', 'failure', 'delay'] as const;

/** What the call asks for is needed; what `defaults` or the message asks for, where the server offers it. */
export function withReports(
  envelope: SmtpEnvelope,
  wantsReceipt: boolean,
  defaults?: DsnOptions,
): SmtpEnvelope {
  const wishes = envelope.dsn ?? (defaults && { ...defaults, ifOffered: true });
  if (!wantsReceipt || wishes?.notify !== undefined) {
    return wishes ? { ...envelope, dsn: wishes } : envelope;
  }
  return { ...envelope, dsn: { ifOffered: true, ...wishes, notify: EVERY_EVENT } };
}

function byAddress(
  recipients: Readonly<Record<string, RecipientDsn>>,
): Readonly<Record<string, RecipientDsn>> {
  const found = Object.create(null) as Record<string, RecipientDsn>;
  for (const [written, wishes] of Object.entries(recipients)) {
    const [mailbox, ...others] = mailboxesOf(parseAddressList(written, 'dsn.recipients'));
    if (!mailbox || others.length > 0) throw wrong('dsn.recipients', 'an object by single address');
    checkNames(wishes, recipientNames);
    found[mailbox.address] = wishes;
  }
  return found;
}

function wrong(option: string, expected: string): OptionError {
  return new OptionError(option, `Option '${option}' must be ${expected}`);
}
