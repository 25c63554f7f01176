// The envelope's addresses before they become commands (RFC 5321 section 4.1.2). Addresses come from a strict parser;
// this is the check of whoever calls the connection directly.
import {
  type ErrorContext,
  InvalidAddressError,
  InvalidMessageError,
  printable,
} from '../base/index.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import type { SmtpEnvelope } from './envelope.ts';

const ATOMS = String.raw`[^\s"(),:;<>@[\\\]\u0000-\u0020\u007f-\u009f\ud800-\udfff]`;
const QUOTED = String.raw`"(?:[^"\\\u0000-\u001f\u007f-\u009f\ud800-\udfff]|\\[\u0020-\u007e])*"`;
const LITERAL = String.raw`\[[!-Z^-~]+\]`;
const MAILBOX = new RegExp(`^(?:${QUOTED}|${ATOMS}+)@(?:${LITERAL}|${ATOMS}+)$`, 'u');
const NON_ASCII = /[^\u0000-\u007f]/;

/** Throws when an address can't be written or the server can't take it; says whether SMTPUTF8 is needed. */
export function checkEnvelope(
  { from, to }: SmtpEnvelope,
  { smtputf8 }: SmtpCapabilities,
  context: () => ErrorContext,
): boolean {
  if (to.length === 0) {
    throw new InvalidMessageError(
      'MESSAGE_NO_RECIPIENT',
      'The envelope has no recipient; give at least one address',
      context(),
    );
  }
  let needsUtf8 = false;
  for (const address of from === '' ? to : [from, ...to]) {
    checkMailbox(address, context);
    if (!NON_ASCII.test(address)) continue;
    needsUtf8 = true;
    if (!smtputf8) {
      throw new InvalidAddressError(
        'ADDRESS_NEEDS_SMTPUTF8',
        `The address '${printable(address)}' is not ASCII and the server does not offer SMTPUTF8; use the recipient's ASCII address or another server`,
        address,
        address.search(NON_ASCII),
        context(),
      );
    }
  }
  return needsUtf8;
}

/** Throws `InvalidAddressError` when the text is not one mailbox. */
export function checkMailbox(address: string, context: () => ErrorContext): void {
  // RFC 5321 section 4.5.1: postmaster may go without a domain.
  if (MAILBOX.test(address) || address.toLowerCase() === 'postmaster') return;
  throw notOne(address, context());
}

function notOne(address: string, context: ErrorContext): InvalidAddressError {
  const position = Math.max(0, address.search(/[\s<>\u0000-\u0020\u007f-\u009f]/));
  return new InvalidAddressError(
    'ADDRESS_INVALID',
    `'${printable(address)}' is not one mailbox in the form local@domain`,
    address,
    position,
    context,
  );
}
