// Replies and broken rules as errors, with what may be done next (RFC 5321 section 4.2.1).
import type { ErrorContext, RecipientFailure, SmtpReply } from '../base/index.ts';
import {
  ConnectionError,
  LimitError,
  PosthornError,
  ProtocolError,
  printable,
  RecipientsError,
  SmtpReplyError,
  TlsError,
} from '../base/index.ts';
import { codeOf, dialError, isAboutClientCertificate, tlsReason } from '../net/internal.ts';
import type { Verb } from './session.ts';

/** A reply on one line: `550 5.1.1 No such user`, safe to print. */
export function replyText({ code, enhanced, lines }: SmtpReply): string {
  return printable(
    [code, enhanced, ...lines]
      .filter((part) => part !== undefined)
      .join(' ')
      .trim(),
  );
}

/**
 * Whether the same call may succeed later: 4yz, and 503, which says that the two sides lost step, not
 * that the message is bad.
 */
export function isRetryable({ code }: SmtpReply): boolean {
  return code < 500 || code === 503;
}

/** The server refused a command. */
export function replyError(verb: Verb, reply: SmtpReply, context: ErrorContext): SmtpReplyError {
  const cure = cureFor(verb, reply);
  return new SmtpReplyError(
    'REPLY_NEGATIVE',
    `${peerOf(context)} answered ${nameOf(verb)} with '${replyText(reply)}'${cure === '' ? '' : `; ${cure}`}`,
    { ...context, delivered: 'no', retryable: isRetryable(reply), reply },
  );
}

/** The server closed the session with 421, whatever was asked (RFC 5321 section 3.8). */
export function closingError(reply: SmtpReply, context: ErrorContext): SmtpReplyError {
  return new SmtpReplyError(
    'REPLY_NEGATIVE',
    `${peerOf(context)} ended the session with '${replyText(reply)}'; try again later or with fewer connections`,
    // A 421 in place of the final reply refuses the message: it has not been taken.
    { ...context, delivered: 'no', retryable: true, reply },
  );
}

/** The reply has a class its command can't be answered with. */
export function unexpectedReply(
  verb: Verb,
  reply: SmtpReply,
  context: ErrorContext,
): ProtocolError {
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `${peerOf(context)} answered ${nameOf(verb)} with '${replyText(reply)}', which can't be an answer to it; the connection was closed`,
    { ...withFate(context), reply },
  );
}

/** The server took content of a transaction that it had refused before: nobody knows what it made of it. */
export function contradiction(reply: SmtpReply, context: ErrorContext): ProtocolError {
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `${peerOf(context)} refused the message or its recipients and then took the content ('${replyText(reply)}'); the message may have been delivered`,
    { ...context, delivered: 'unknown', retryable: false, reply },
  );
}

/** An error of a part that knows nothing of the connection, told again with all that is known. */
export function inContext(error: unknown, context: ErrorContext): PosthornError {
  const details = withFate(context);
  if (error instanceof LimitError) {
    return new LimitError(error.limit, error.bound, error.message, details);
  }
  if (error instanceof ProtocolError) {
    return new ProtocolError(error.code, `${error.message} (${peerOf(context)})`, details);
  }
  if (error instanceof TlsError) {
    const { reason, certificate } = error;
    const message = `${error.message} (${peerOf(context)})`;
    return new TlsError(error.code, message, { ...context, reason, certificate });
  }
  return error instanceof PosthornError ? error : dialError(error, details);
}

/** The stream ended or broke. */
export function closedError(error: Error | undefined, context: ErrorContext): PosthornError {
  const details = withFate(context);
  const fate = context.delivered === 'unknown' ? '; the message may have been delivered' : '';
  // TLS 1.3: a server that wants a client certificate says so after the handshake (RFC 8446 section 4.4.2.4).
  if (error && /^ERR_SSL_.*ALERT/.test(codeOf(error))) {
    return new TlsError(
      'TLS_HANDSHAKE',
      `${peerOf(context)} ended the TLS session (${tlsReason(error)}); it may want a client certificate ('tls.cert' and 'tls.key')`,
      {
        ...details,
        retryable: false,
        cause: error,
        reason: isAboutClientCertificate(error) ? 'client-certificate' : 'handshake',
      },
    );
  }
  const how = error
    ? `broke (${printable(codeOf(error) || error.message)})`
    : 'was closed by the server';
  return new ConnectionError(
    'CONNECTION_CLOSED',
    `The connection to ${peerOf(context)} ${how} in stage '${context.stage}'${fate || '; try again later'}`,
    error ? { ...details, cause: error } : details,
  );
}

/** The connection ended while the message was at the server, without a word about it. */
export function connectionLost(context: ErrorContext): ConnectionError {
  return new ConnectionError(
    'CONNECTION_CLOSED',
    `${peerOf(context)} closed the connection without a reply; the message may have been delivered`,
    { ...context, retryable: false },
  );
}

/** The server refused recipients, `all` being how many there were; `needsAll` when one is too many. */
export function recipientsRefused(
  rejected: readonly RecipientFailure[],
  all: number,
  needsAll: boolean,
  context: ErrorContext,
): RecipientsError {
  const [first] = rejected;
  const which =
    rejected.length === all ? 'every recipient' : `${rejected.length} of ${all} recipients`;
  const said = first ? `: '${printable(first.address)}' with '${replyText(first.reply)}'` : '';
  const fate = context.stage === 'final-reply' ? 'nothing was delivered' : 'nothing was sent';
  // Those that may be taken later are enough, unless all are needed.
  const retryable = needsAll
    ? rejected.every(({ reply }) => isRetryable(reply))
    : rejected.some(({ reply }) => isRetryable(reply));
  return new RecipientsError(
    `${peerOf(context)} refused ${which}${said}; ${fate}. See 'rejected' for each reply`,
    rejected,
    { ...context, delivered: 'no', retryable, ...(first ? { reply: first.reply } : {}) },
  );
}

/**
 * An error of a message that could not be written for this server, told with what is known of the connection: what a
 * message needs is found out where no server is known.
 */
export function located(error: unknown, { stage, host, port, transcript }: ErrorContext): unknown {
  if (!(error instanceof PosthornError) || error.host !== undefined) return error;
  return Object.assign(error, { stage, host, port, transcript: transcript ?? [] });
}

/** `host:port` as messages name it. */
export function peerOf({ host, port }: ErrorContext): string {
  return `${printable(host ?? 'The server')}${port ? `:${port}` : ''}`;
}

// Until the final dot has left, another try can do no harm; afterwards only the caller can know.
function withFate(context: ErrorContext): ErrorContext {
  return { ...context, retryable: context.delivered !== 'unknown' };
}

function nameOf(verb: Verb): string {
  if (verb === 'greeting') return 'the connection';
  if (verb === 'chunk') return 'BDAT';
  return verb === 'content' ? 'the message' : verb;
}

function cureFor(verb: Verb, { code, enhanced }: SmtpReply): string {
  if (code === 530 || enhanced === '5.7.57') {
    return "it wants a login: give 'username' and 'password' (and encryption: security: 'starttls')";
  }
  if (code === 452 && verb === 'MAIL') return 'the server is out of space: try again later';
  if (code === 552 || enhanced === '5.3.4') return 'the message or the mailbox is too large';
  if (code === 503) return 'the two sides lost step: try again over a new connection';
  return code < 500 ? 'try again later' : '';
}
