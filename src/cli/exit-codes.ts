// The one table from what went wrong to the exit code (BSD sysexits). docs/command-line.md prints it.
import type { ErrorCode } from '../base/index.ts';
import {
  AuthenticationError,
  DiscoveryError,
  PosthornError,
  RecipientsError,
} from '../base/index.ts';
import { isPathError, isSystemError } from './system-error.ts';

/** The exit codes that the command uses, by what they mean. */
export const exitCodes = {
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** The message or file is wrong. */
  badData: 65,
  /** A file to read is missing or can't be read. */
  noInput: 66,
  /** The server can't be used or refuses for good. */
  unavailable: 69,
  /** A fault of Posthorn itself. */
  software: 70,
  /** Reading or writing broke off; also when nobody knows whether the server took the message. */
  ioError: 74,
  /** The same command may succeed later. */
  tryAgain: 75,
  /** The login failed. */
  noPermission: 77,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of every error code, unless a temporary reply or an unknown delivery overrules it. */
const byErrorCode: Readonly<Record<ErrorCode, ExitCode>> = {
  OPTION_INVALID: exitCodes.usage,
  ADDRESS_INVALID: exitCodes.badData,
  ADDRESS_NEEDS_SMTPUTF8: exitCodes.badData,
  MESSAGE_NO_RECIPIENT: exitCodes.badData,
  MESSAGE_NO_SENDER: exitCodes.badData,
  MESSAGE_HEADER_INVALID: exitCodes.badData,
  MESSAGE_FIELD_INVALID: exitCodes.badData,
  MESSAGE_PROTECTED: exitCodes.badData,
  MESSAGE_NOT_CONVERTIBLE: exitCodes.badData,
  ANSWER_UNWANTED: exitCodes.badData,
  MESSAGE_ATTACHMENT_UNREADABLE: exitCodes.noInput,
  FILE_INACCESSIBLE: exitCodes.noInput,
  FILE_CHANGED: exitCodes.ioError,
  MESSAGE_CONTENT_FAILED: exitCodes.ioError,
  MESSAGE_SOURCE_FAILED: exitCodes.ioError,
  MESSAGE_TOO_LARGE: exitCodes.badData,
  LIMIT_EXCEEDED: exitCodes.badData,
  CONNECTION_DNS: exitCodes.unavailable,
  CONNECTION_REFUSED: exitCodes.unavailable,
  CONNECTION_UNREACHABLE: exitCodes.unavailable,
  CONNECTION_PROXY: exitCodes.unavailable,
  CONNECTION_PROXY_REFUSED: exitCodes.unavailable,
  CONNECTION_CLOSED: exitCodes.tryAgain,
  CLIENT_CLOSED: exitCodes.software,
  ABORTED: exitCodes.interrupted,
  TLS_NOT_OFFERED: exitCodes.unavailable,
  TLS_WRONG_MODE: exitCodes.unavailable,
  TLS_CERTIFICATE: exitCodes.unavailable,
  TLS_HANDSHAKE: exitCodes.unavailable,
  TLS_STARTTLS_VIOLATION: exitCodes.unavailable,
  TIMEOUT: exitCodes.tryAgain,
  PROTOCOL_VIOLATION: exitCodes.unavailable,
  AUTH_FAILED: exitCodes.noPermission,
  AUTH_NOT_OFFERED: exitCodes.noPermission,
  AUTH_PLAINTEXT_REFUSED: exitCodes.noPermission,
  AUTH_SERVER_UNPROVEN: exitCodes.unavailable,
  TOKEN_REFUSED: exitCodes.noPermission,
  REPLY_NEGATIVE: exitCodes.unavailable,
  RECIPIENTS_REJECTED: exitCodes.unavailable,
  FEATURE_NOT_OFFERED: exitCodes.unavailable,
  DISCOVERY_FAILED: exitCodes.unavailable,
  FORMAT_INVALID: exitCodes.badData,
  DEPENDENCY_MISSING: exitCodes.unavailable,
  TEMPLATE_INVALID: exitCodes.badData,
  TEMPLATE_FIELD_MISSING: exitCodes.badData,
  TEMPLATE_FAILED: exitCodes.badData,
  PROGRAM_UNUSABLE: exitCodes.unavailable,
  PROGRAM_FAILED: exitCodes.unavailable,
  INBOX_TIMEOUT: exitCodes.tryAgain,
  OUTBOX_STORE_FAILED: exitCodes.tryAgain,
  OUTBOX_STORE_FULL: exitCodes.tryAgain,
  OUTBOX_DAMAGED: exitCodes.badData,
  OUTBOX_CLOSED: exitCodes.software,
  OUTBOX_NOT_FOUND: exitCodes.unavailable,
  OUTBOX_CONFLICT: exitCodes.unavailable,
  OUTBOX_LEASE_LOST: exitCodes.tryAgain,
  OUTBOX_INTERRUPTED: exitCodes.tryAgain,
  OUTBOX_CANCELLED: exitCodes.unavailable,
  OUTBOX_EXPIRED: exitCodes.unavailable,
};

/** The exit code for whatever a verb threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof PosthornError) {
    // 75 would invite a script to send it a second time.
    if (error.delivered === 'unknown') return exitCodes.ioError;
    // A login that was refused on the way is what a person has to cure.
    if (error instanceof DiscoveryError && error.cause instanceof AuthenticationError) {
      return exitCodeOf(error.cause);
    }
    return isTemporary(error) ? exitCodes.tryAgain : byErrorCode[error.code];
  }
  if (!isSystemError(error)) return exitCodes.software;
  return isPathError(error) ? exitCodes.noInput : exitCodes.ioError;
}

function isTemporary(error: PosthornError): boolean {
  if (error instanceof RecipientsError && error.rejected.length > 0) {
    return error.rejected.every(({ reply }) => reply.code < 500);
  }
  return error.reply !== undefined && error.reply.code >= 400 && error.reply.code < 500;
}
