import type { ErrorCode } from './error-codes.ts';
import type { SmtpReply, Stage } from './smtp-reply.ts';

/** What every Posthorn error can be made with; all optional. */
export interface ErrorContext {
  /** The error underneath. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later without a change. Default: `false`. */
  readonly retryable?: boolean;
  /** Whether a server may have taken the message all the same. Default: `'no'`. */
  readonly delivered?: Delivered;
  /** The step of the dialogue that failed. */
  readonly stage?: Stage | undefined;
  /** The host spoken to. */
  readonly host?: string | undefined;
  /** The port spoken to. */
  readonly port?: number | undefined;
  /** The reply that caused the error. */
  readonly reply?: SmtpReply | undefined;
  /** The last lines of the dialogue, secrets masked. */
  readonly transcript?: readonly string[] | undefined;
}

/**
 * `'no'`: no server has the message. `'unknown'`: the connection broke after the message was handed
 * over and before the final reply (RFC 1047), so it may be delivered or not.
 */
export type Delivered = 'no' | 'unknown';

/** The base of every failure Posthorn reports; `message` says what to do. */
export class PosthornError extends Error {
  /** A stable string to switch on; see {@link ErrorCode}. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Whether a server may have taken the message all the same. */
  readonly delivered: Delivered;
  /** The step of the dialogue that failed; `undefined` before a connection is opened. */
  declare readonly stage: Stage | undefined;
  /** The host spoken to, when there was one. */
  declare readonly host: string | undefined;
  /** The port spoken to, when there was one. */
  declare readonly port: number | undefined;
  /** The reply that caused the error, when there was one. */
  declare readonly reply: SmtpReply | undefined;
  /** The last lines of the dialogue, secrets masked; empty when there was none. */
  readonly transcript: readonly string[];

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.retryable = context.retryable ?? false;
    this.delivered = context.delivered ?? 'no';
    // Left out, not undefined: what is not known is not shown by `console.log` either.
    if (context.stage !== undefined) this.stage = context.stage;
    if (context.host !== undefined) this.host = context.host;
    if (context.port !== undefined) this.port = context.port;
    if (context.reply !== undefined) this.reply = context.reply;
    this.transcript = context.transcript ?? [];
  }

  static {
    PosthornError.prototype.name = 'PosthornError';
  }

  /** What `JSON.stringify` writes: every field, no stack, the cause as text. */
  toJSON(): Record<string, unknown> {
    const { name, message, cause } = this;
    const detail = cause === undefined ? {} : { cause: describe(cause) };
    return { ...Object.fromEntries(Object.entries(this)), name, message, ...detail };
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

/** The message can't be sent as it is: no recipient, CR, LF or NUL in a header, too large, unreadable attachment. */
export class InvalidMessageError extends PosthornError {
  static {
    InvalidMessageError.prototype.name = 'InvalidMessageError';
  }
}

/** An address is not one mailbox (RFC 5321 section 4.1.2); the message points at the character. */
export class InvalidAddressError extends PosthornError {
  /** The text that was refused. */
  readonly input: string;
  /** Where in `input` reading stopped, counted in UTF-16 units from 0. */
  readonly position: number;

  constructor(
    code: ErrorCode,
    message: string,
    input: string,
    position: number,
    context: ErrorContext = {},
  ) {
    super(code, message, context);
    this.input = input;
    this.position = position;
  }

  static {
    InvalidAddressError.prototype.name = 'InvalidAddressError';
  }
}

/** A size, depth or count limit was passed; see `limits`. */
export class LimitError extends PosthornError {
  /** The name of the limit, as in {@link Limits}. */
  readonly limit: string;
  /** The bound that was passed. */
  readonly bound: number;

  constructor(limit: string, bound: number, message: string, context: ErrorContext = {}) {
    super('LIMIT_EXCEEDED', message, context);
    this.limit = limit;
    this.bound = bound;
  }

  static {
    LimitError.prototype.name = 'LimitError';
  }
}

const REASON_OF_CODE: Partial<Record<ErrorCode, TlsReason>> = {
  TLS_WRONG_MODE: 'wrong-mode',
  TLS_CERTIFICATE: 'bad-certificate',
  TLS_NOT_OFFERED: 'not-offered',
  TLS_STARTTLS_VIOLATION: 'starttls-violation',
};

/** The connection could not be made or broke: DNS, refused, reset, closed, proxy. */
export class ConnectionError extends PosthornError {
  static {
    ConnectionError.prototype.name = 'ConnectionError';
  }
}

/** Why TLS could not be used, for programs; the message says it in words. */
export type TlsReason =
  /** The port wants the other mode: TLS from the first byte, or none. */
  | 'wrong-mode'
  /** The certificate has other names than the one expected (RFC 9525). */
  | 'name-mismatch'
  /** The certificate, or one it is issued by, is no longer valid. */
  | 'expired'
  /** The certificate, or one it is issued by, is not valid yet. */
  | 'not-yet-valid'
  /** The certificate is issued by an authority that is not trusted here. */
  | 'unknown-issuer'
  /** The certificate is issued by itself. */
  | 'self-signed'
  /** The certificate is none of those given as `tls.pins`. */
  | 'pin-mismatch'
  /** The certificate does not verify for another reason. */
  | 'bad-certificate'
  /** There is no version of TLS that both sides accept. */
  | 'version'
  /** The server wants a client certificate, or another one. */
  | 'client-certificate'
  /** The server does not offer the encryption that was asked for. */
  | 'not-offered'
  /** The server broke the rules of STARTTLS (RFC 3207). */
  | 'starttls-violation'
  /** The handshake failed for another reason. */
  | 'handshake';

/** What a certificate says, as the other side showed it; names are not escaped, never print them raw. */
export interface CertificateSummary {
  /** The common name of the subject; '' when it has none. */
  readonly subject: string;
  /** The common name of the issuer, else its organization; '' when it has none. */
  readonly issuer: string;
  /** The host names and IP addresses it is for (subjectAltName). */
  readonly names: readonly string[];
  /** From when it is valid. */
  readonly validFrom: Date;
  /** Until when it is valid. */
  readonly validTo: Date;
  /** The SHA-256 digest of the certificate, as upper-case hex octets with colons between them. */
  readonly fingerprint256: string;
}

/** What a {@link TlsError} can be made with besides. */
export interface TlsErrorContext extends ErrorContext {
  /** Default: what the code says. */
  readonly reason?: TlsReason;
  /** The certificate that was shown. Default: none. */
  readonly certificate?: CertificateSummary | undefined;
}

/** TLS could not be used as asked; the message says why and which option to change. */
export class TlsError extends PosthornError {
  /** Why, to switch on; see {@link TlsReason}. */
  readonly reason: TlsReason;
  /** The certificate the other side showed, when it came to that. */
  readonly certificate: CertificateSummary | undefined;

  constructor(code: ErrorCode, message: string, context: TlsErrorContext = {}) {
    super(code, message, context);
    this.reason = context.reason ?? REASON_OF_CODE[code] ?? 'handshake';
    this.certificate = context.certificate;
  }

  static {
    TlsError.prototype.name = 'TlsError';
  }
}

/** A step took longer than its deadline; `stage` says which. */
export class TimeoutError extends PosthornError {
  static {
    TimeoutError.prototype.name = 'TimeoutError';
  }
}

/** The server's bytes are not SMTP. */
export class ProtocolError extends PosthornError {
  static {
    ProtocolError.prototype.name = 'ProtocolError';
  }
}

/** The server refused the login, or none that may be used is offered. */
export class AuthenticationError extends PosthornError {
  /** The SASL mechanism that was tried, when one was. */
  readonly mechanism: string | undefined;
  /** What usually cures this refusal. */
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    context: ErrorContext & { readonly mechanism?: string; readonly hint?: string } = {},
  ) {
    super(code, message, context);
    this.mechanism = context.mechanism;
    this.hint = context.hint;
  }

  static {
    AuthenticationError.prototype.name = 'AuthenticationError';
  }
}

/** Any other negative reply. */
export class SmtpReplyError extends PosthornError {
  static {
    SmtpReplyError.prototype.name = 'SmtpReplyError';
  }
}

/** One recipient the server refused. */
export interface RecipientFailure {
  /** The address as given in RCPT TO. */
  readonly address: string;
  /** The server's reply to it. */
  readonly reply: SmtpReply;
}

/** One recipient whom the server neither accepted nor refused, because something else ended the delivery first. */
export interface UnsettledRecipient {
  /** The address as given. */
  readonly address: string;
  /** What happened: `delivered` tells whether the message may be there all the same, `retryable` what to do. */
  readonly error: PosthornError;
}

/** No recipient was accepted (or, with `partial: 'all-or-nothing'`, not every one). */
export class RecipientsError extends SmtpReplyError {
  /** Every refused recipient with the server's reply. */
  readonly rejected: readonly RecipientFailure[];

  constructor(message: string, rejected: readonly RecipientFailure[], context: ErrorContext = {}) {
    super('RECIPIENTS_REJECTED', message, context);
    this.rejected = rejected;
  }

  static {
    RecipientsError.prototype.name = 'RecipientsError';
  }
}

/** One port and mode that was tried on the way to a server. */
export interface DiscoveryAttempt {
  /** The port tried. */
  readonly port: number;
  /** The encryption tried on it. */
  readonly security: 'implicit' | 'starttls' | 'none';
  /** How long the try took, in milliseconds. */
  readonly durationMs: number;
  /** What came of it. */
  readonly error: PosthornError;
}

/** No port of the host could be used. */
export class DiscoveryError extends PosthornError {
  /** Every port and mode tried, how long, and what happened. */
  readonly attempts: readonly DiscoveryAttempt[];

  constructor(message: string, attempts: readonly DiscoveryAttempt[], context: ErrorContext = {}) {
    super('DISCOVERY_FAILED', message, context);
    this.attempts = attempts;
  }

  static {
    DiscoveryError.prototype.name = 'DiscoveryError';
  }
}

/** A file is not what it claims to be. */
export class FormatError extends PosthornError {
  /** The format that was expected. */
  readonly format: string;
  /** The byte at which reading failed, from 0. */
  readonly offset: number;

  constructor(message: string, format: string, offset: number, context: ErrorContext = {}) {
    super('FORMAT_INVALID', message, context);
    this.format = format;
    this.offset = offset;
  }

  static {
    FormatError.prototype.name = 'FormatError';
  }
}

/** An optional package is needed; the message says how to install it. */
export class MissingDependencyError extends PosthornError {
  /** The package's name. */
  readonly dependency: string;

  constructor(dependency: string, purpose: string, context: ErrorContext = {}) {
    super(
      'DEPENDENCY_MISSING',
      `${purpose} needs the package '${dependency}'; install it with: npm install ${dependency}`,
      context,
    );
    this.dependency = dependency;
  }

  static {
    MissingDependencyError.prototype.name = 'MissingDependencyError';
  }
}

/** An option or argument has a value it can't have; the message names it and what is allowed. */
export class OptionError extends PosthornError {
  /** The option's name. */
  readonly option: string;

  constructor(option: string, message: string) {
    super('OPTION_INVALID', message);
    this.option = option;
  }

  static {
    OptionError.prototype.name = 'OptionError';
  }
}

/** The outbox can't do what was asked: its store fails, or the message is not in a state for it. */
export class OutboxError extends PosthornError {
  static {
    OutboxError.prototype.name = 'OutboxError';
  }
}

/** Where in a template something is wrong, and with which field. */
export interface TemplatePlace {
  /** The field or file of the template, such as `'subject'` or `'partials/footer'`. */
  readonly template: string;
  /** The line, from 1; 0 when it is not known. */
  readonly line: number;
  /** The column, from 1; 0 when it is not known. */
  readonly column: number;
  /** The field that is missing. Default: none. */
  readonly field?: string | undefined;
}

/** A template can't be read or filled in; the message begins with `template:line:column`. */
export class TemplateError extends PosthornError {
  /** The field or file of the template, such as `'subject'` or `'partials/footer'`. */
  readonly template: string;
  /** The line, from 1; 0 when it is not known. */
  readonly line: number;
  /** The column, from 1; 0 when it is not known. */
  readonly column: number;
  /** The field that the row does not have; `undefined` for another cause. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, place: TemplatePlace, context: ErrorContext = {}) {
    super(code, `${placeText(place)}: ${message}`, context);
    this.template = place.template;
    this.line = place.line;
    this.column = place.column;
    this.field = place.field;
  }

  static {
    TemplateError.prototype.name = 'TemplateError';
  }
}

function placeText({ template, line, column }: TemplatePlace): string {
  return line === 0 ? template : `${template}:${line}:${column}`;
}
