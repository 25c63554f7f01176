// From what a caller gives to send to a message with its envelope; everything that can be wrong is found here.
import { OptionError } from '../base/index.ts';
import { MailMessage } from '../message/index.ts';
import { checkNames, type KnownNames, recipientsOf, senderOf } from '../message/internal.ts';
import { type AddressInput, mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { DsnOptions, SmtpEnvelope } from '../smtp/index.ts';
import { checkWishes } from '../smtp/internal.ts';
import { readDsn } from './dsn-options.ts';
import type {
  DeliverOptions,
  EnvelopeOptions,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
} from './transport.ts';

/** A message on its way. */
export interface Outgoing {
  readonly message: MailMessage;
  readonly envelope: SmtpEnvelope;
}

const deliverNames = [
  'signal',
  'onProgress',
  'partial',
  'requireTls',
  'deliverBySeconds',
  'holdForSeconds',
  'mtPriority',
  'beforeFinal',
] as const satisfies (keyof DeliverOptions)[];

const sendNames: KnownNames = {
  of: 'sending',
  names: new Set<keyof SendOptions>(['envelope', ...deliverNames, 'tnef']),
  habits: new Map([
    ['from', 'write envelope: { from, to }'],
    ['to', 'write envelope: { from, to }'],
    ['dsn', 'write envelope: { dsn }'],
    ['timeout', 'write signal: AbortSignal.timeout(ms)'],
    ['priority', 'write mtPriority: 4'],
    ['requireTLS', 'write requireTls: true'],
  ]),
};

const rawNames: KnownNames = {
  of: 'sendRaw',
  names: new Set<keyof SendRawOptions>(['from', 'to', 'dsn', ...deliverNames]),
  habits: new Map([['envelope', 'write from and to']]),
};

const forwardNames: KnownNames = {
  of: 'forward',
  names: new Set<keyof SendForwardOptions>(['resent', 'dsn', ...deliverNames]),
  habits: new Map([['envelope', 'give from and to as the first two arguments']]),
};

const envelopeNames: KnownNames = {
  of: 'an envelope',
  names: new Set<keyof EnvelopeOptions>(['from', 'to', 'dsn']),
  habits: new Map([
    ['cc', 'write all recipients in to'],
    ['bcc', 'write all recipients in to'],
  ]),
};

/** The message and its envelope, checked. */
export function outgoing(message: Sendable, options: SendOptions): Outgoing {
  checkNames(options, sendNames);
  const { envelope = {}, tnef } = options;
  checkFlag(tnef, 'tnef');
  checkNames(envelope, envelopeNames);
  const whole = message instanceof MailMessage ? message : new MailMessage(message);
  return { message: whole, envelope: withDsn(envelopeFor(whole, envelope), envelope.dsn) };
}

/** The envelope of a raw message, checked with the other options. */
export function rawEnvelope(options: SendRawOptions | undefined): SmtpEnvelope {
  if (options?.from === undefined || options.to === undefined) {
    throw new OptionError(
      'envelope',
      'sendRaw needs { from, to }: who the message is from and for',
    );
  }
  checkNames(options, rawNames);
  return withDsn(explicitEnvelope(options.from, options.to), options.dsn);
}

/** The envelope of a message that is forwarded, checked with the other options. */
export function forwardEnvelope(
  from: AddressInput,
  to: AddressInput,
  options: SendForwardOptions,
): SmtpEnvelope {
  checkNames(options, forwardNames);
  const { resent } = options;
  checkFlag(resent, 'resent');
  return withDsn(explicitEnvelope(from, to), options.dsn);
}

/** Throws an `OptionError` when an option that every call has is not possible. */
export function checkDelivery(options: DeliverOptions): void {
  if (typeof options !== 'object' || options === null) throw wrong('options', 'an object');
  const { partial, onProgress, signal, beforeFinal } = options;
  if (partial !== undefined && !['send-to-accepted', 'all-or-nothing'].includes(partial)) {
    throw wrong('partial', "'send-to-accepted' or 'all-or-nothing'");
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrong('onProgress', 'a function');
  }
  if (beforeFinal !== undefined && typeof beforeFinal !== 'function') {
    throw wrong('beforeFinal', 'a function');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrong('signal', 'an AbortSignal');
  }
  checkWishes(options);
}

/** Throws an `OptionError` unless the option is true, false or left out. */
export function checkFlag(value: unknown, option: string): void {
  if (value !== undefined && typeof value !== 'boolean') throw wrong(option, 'true or false');
}

function withDsn(envelope: SmtpEnvelope, dsn: DsnOptions | undefined): SmtpEnvelope {
  return dsn === undefined ? envelope : { ...envelope, dsn: readDsn(dsn) };
}

function explicitEnvelope(from: AddressInput, to: AddressInput): SmtpEnvelope {
  const recipients = parseAddressList(to, 'envelope.to');
  return { from: reversePath(from), to: recipientsOf({ to: recipients, cc: [], bcc: [] }) };
}

function envelopeFor(message: MailMessage, { from, to }: EnvelopeOptions): SmtpEnvelope {
  if (from === undefined && to === undefined) return message.envelope();
  if (from !== undefined && to !== undefined) return explicitEnvelope(from, to);
  const { sender } = message;
  return {
    from:
      from === undefined
        ? senderOf({ from: message.from, sender: sender ? [sender] : [] })
        : reversePath(from),
    to:
      to === undefined
        ? recipientsOf(message)
        : recipientsOf({ to: parseAddressList(to, 'envelope.to'), cc: [], bcc: [] }),
  };
}

// RFC 5321 section 4.5.5: reports about messages go out with the null reverse path.
function reversePath(from: AddressInput): string {
  if (from === '' || from === '<>') return '';
  const list = mailboxesOf(parseAddressList(from, 'envelope.from'));
  const [first] = list;
  if (first && list.length === 1) return first.address;
  throw wrong('envelope.from', "one address, or '' for none");
}

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
