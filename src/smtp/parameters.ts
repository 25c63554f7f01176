// What MAIL and RCPT say beside the addresses (RFC 5321 section 4.1.1.11), and what has to be offered for it. Everything
// that can be known before the first command is found out here, so that none of the commands can fail halfway.
import { type ErrorContext, InvalidMessageError } from '../base/index.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { type CommandLine, mailCommand, rcptCommand } from './command.ts';
import { dsnMailParameters, dsnRcptParameters, recipientDsn } from './dsn.ts';
import type { DeliveryOptions, SmtpEnvelope, WireContent } from './envelope.ts';
import { peerOf } from './failure.ts';
import { checkEnvelope } from './mailbox-check.ts';
import { checkWishes } from './wishes.ts';

/** What the connection is, as far as the parameters depend on it. */
export interface Link {
  readonly capabilities: SmtpCapabilities;
  /** Whether the connection is encrypted and the server's certificate was verified. */
  readonly isVerified: boolean;
}

/** One recipient with its command. */
export interface Recipient {
  readonly address: string;
  readonly line: CommandLine;
}

/** The commands of one message. */
export interface Plan {
  readonly mail: CommandLine;
  readonly recipients: readonly Recipient[];
}

/** The commands, made before the first is sent. Throws what the server can't do, or what can't be written. */
export function planOf(
  envelope: SmtpEnvelope,
  content: WireContent,
  options: DeliveryOptions,
  link: Link,
  context: () => ErrorContext,
): Plan {
  checkWishes(options);
  const { capabilities } = link;
  const wants = new Wants(capabilities, context);
  const needsUtf8 = checkEnvelope(envelope, capabilities, context);
  const dsn = wants.dsn(envelope.dsn);
  const mail = [
    wants.size(content.size),
    wants.body(content.eightBit),
    wants.utf8(content.utf8, needsUtf8),
    dsn ? dsnMailParameters(dsn) : '',
    wants.requireTls(options.requireTls, link.isVerified),
    wants.deliverBy(options.deliverBySeconds),
    wants.holdFor(options.holdForSeconds),
    wants.priority(options.mtPriority),
  ];
  const reports = dsn && recipientDsn(dsn);
  return {
    mail: mailCommand(envelope.from, mail.join('')),
    recipients: envelope.to.map((address) => ({
      address,
      line: rcptCommand(address, reports ? dsnRcptParameters(reports(address), address) : ''),
    })),
  };
}

/** Each wish as a parameter, or an error when the server can't fulfil it. */
class Wants {
  readonly #offered: SmtpCapabilities;
  readonly #context: () => ErrorContext;

  constructor(offered: SmtpCapabilities, context: () => ErrorContext) {
    this.#offered = offered;
    this.#context = context;
  }

  // RFC 1870 section 4: 0 means no fixed bound.
  size(size: number | undefined): string {
    const { size: bound } = this.#offered;
    if (bound === undefined || size === undefined) return '';
    if (bound > 0 && size > bound) throw tooLarge(size, bound, this.#context());
    return ` SIZE=${size}`;
  }

  body(isEightBit: boolean): string {
    if (!isEightBit) return '';
    if (this.#offered.eightBitMime) return ' BODY=8BITMIME';
    throw this.#missing('8BITMIME', 'The message holds 8-bit octets', 'encode it');
  }

  // RFC 6531 section 3.4: said only when it is needed.
  utf8(isContent: boolean, isEnvelope: boolean): string {
    if (!isContent && !isEnvelope) return '';
    if (this.#offered.smtputf8) return ' SMTPUTF8';
    throw this.#missing('SMTPUTF8', 'The message holds UTF-8 in its header', 'encode it');
  }

  dsn<T extends { readonly ifOffered?: boolean }>(dsn: T | undefined): T | undefined {
    if (!dsn || this.#offered.dsn) return dsn;
    if (dsn.ifOffered) return undefined;
    throw this.#missing('DSN', "Reports were asked for with 'dsn'", 'give dsn.ifOffered');
  }

  // RFC 8689 section 4.2.1: the server must have been verified, and offer it over TLS.
  requireTls(isWanted: boolean | undefined, isVerified: boolean): string {
    if (!isWanted) return '';
    if (!isVerified) {
      throw new InvalidMessageError(
        'FEATURE_NOT_OFFERED',
        `'requireTls' was asked for, and the connection to ${peerOf(this.#context())} is not encrypted and verified; use security: 'implicit' or 'starttls', with verification on`,
        this.#context(),
      );
    }
    if (this.#offered.requireTls) return ' REQUIRETLS';
    throw this.#missing('REQUIRETLS', "'requireTls' was asked for", 'leave it out');
  }

  deliverBy(seconds: number | undefined): string {
    if (seconds === undefined) return '';
    const { deliverBy } = this.#offered;
    if (deliverBy === undefined) {
      throw this.#missing('DELIVERBY', "'deliverBySeconds' was given", 'leave it out');
    }
    // RFC 2852 section 3: a server refuses what it cannot keep.
    if (seconds < deliverBy) {
      throw this.#beyond(
        `'deliverBySeconds' is ${seconds}, and ${deliverBy} is the soonest it promises`,
      );
    }
    return ` BY=${seconds};R`;
  }

  holdFor(seconds: number | undefined): string {
    if (seconds === undefined) return '';
    const { futureRelease } = this.#offered;
    if (!futureRelease) {
      throw this.#missing('FUTURERELEASE', "'holdForSeconds' was given", 'leave it out');
    }
    const { maxSeconds } = futureRelease;
    if (maxSeconds > 0 && seconds > maxSeconds) {
      throw this.#beyond(
        `'holdForSeconds' is ${seconds}, and ${maxSeconds} is the longest it holds a message`,
      );
    }
    return ` HOLDFOR=${seconds}`;
  }

  priority(priority: number | undefined): string {
    if (priority === undefined) return '';
    return this.#offered.mtPriority ? ` MT-PRIORITY=${priority}` : '';
  }

  #missing(extension: string, what: string, cure: string): InvalidMessageError {
    const context = this.#context();
    return new InvalidMessageError(
      'FEATURE_NOT_OFFERED',
      `${what}, and ${peerOf(context)} does not offer ${extension}; ${cure} or use another server`,
      context,
    );
  }

  #beyond(why: string): InvalidMessageError {
    const context = this.#context();
    return new InvalidMessageError(
      'FEATURE_NOT_OFFERED',
      `${peerOf(context)} can't do what was asked: ${why}`,
      context,
    );
  }
}

/** The message has, or has grown to, more octets than the server takes (RFC 1870). */
export function tooLarge(size: number, bound: number, context: ErrorContext): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_TOO_LARGE',
    `The message has ${size} octets${context.stage === 'content' ? ' or more' : ''}, ${peerOf(context)} takes ${bound} at most; send less or link to the files`,
    context,
  );
}
