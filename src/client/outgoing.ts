// From what a caller gives to send to a message with its envelope; everything that can be wrong is found here.
import { OptionError } from '../base/index.ts';
import { MailMessage } from '../message/index.ts';
import { checkNames, type KnownNames, recipientsOf, senderOf } from '../message/internal.ts';
import { type AddressInput, mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { SmtpEnvelope } from '../smtp/index.ts';
import type { EnvelopeOptions, Sendable, SendOptions } from './transport.ts';

/** A message on its way. */
export interface Outgoing {
  readonly message: MailMessage;
  readonly envelope: SmtpEnvelope;
}

const known: KnownNames = {
  of: 'sending',
  names: new Set<keyof SendOptions>(['envelope', 'signal', 'onProgress', 'partial']),
  habits: new Map([
    ['from', 'write envelope: { from, to }'],
    ['to', 'write envelope: { from, to }'],
    ['timeout', 'write signal: AbortSignal.timeout(ms)'],
  ]),
};

/** The message and its envelope, checked. */
export function outgoing(message: Sendable, options: SendOptions): Outgoing {
  checkSendOptions(options);
  const whole = message instanceof MailMessage ? message : new MailMessage(message);
  return { message: whole, envelope: envelopeFor(whole, options.envelope ?? {}) };
}

/** Throws an `OptionError` when an option is not known or has a value it can't have. */
export function checkSendOptions(options: SendOptions): void {
  checkNames(options, known);
  const { envelope, partial, onProgress, signal } = options;
  if (envelope !== undefined) checkNames(envelope, envelopeNames);
  if (partial !== undefined && !['send-to-accepted', 'all-or-nothing'].includes(partial)) {
    throw wrong('partial', "'send-to-accepted' or 'all-or-nothing'");
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrong('onProgress', 'a function');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrong('signal', 'an AbortSignal');
  }
}

const envelopeNames: KnownNames = {
  of: 'an envelope',
  names: new Set<keyof EnvelopeOptions>(['from', 'to']),
  habits: new Map([
    ['cc', 'write all recipients in to'],
    ['bcc', 'write all recipients in to'],
  ]),
};

/** An envelope given by hand, with the same checks as a message's own. */
export function explicitEnvelope(from: AddressInput, to: AddressInput): SmtpEnvelope {
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
