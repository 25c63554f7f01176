// What each failure means for the message, its recipients and the transport: one table, read from the top, the first row
// that fits counts. The first digit of a reply wins over its enhanced code (RFC 3463), which only refines it.
import type { ErrorCode, Stage } from '../../base/index.ts';

/** What kind of failure it was. */
export type FailureClass =
  /** The server ended the session (421): another connection, later. The message is not to blame. */
  | 'session'
  /** More recipients than the server takes at once (452 4.5.3): the others go at once. */
  | 'too-many-recipients'
  /** The mailbox is full for good, as the server says (5.2.2). */
  | 'mailbox-full'
  /** A reply of 4yz about a recipient or the message: tried again later. */
  | 'deferred'
  /** A reply of 5yz about a recipient or the message. */
  | 'rejected'
  /** A reply of 5yz for reasons of policy or reputation (5.7.x). */
  | 'policy'
  /** The server wants a login, or another one. */
  | 'credentials'
  /** The host can't be reached, greets with a refusal, or does not speak SMTP. The message is not to blame. */
  | 'host'
  /** The connection broke or stalled before the server could have the message. */
  | 'transient'
  /** The connection broke or stalled after the final dot: nobody knows. */
  | 'unknown'
  /** What this program says of the server does not fit: certificate, options, a package that is missing. */
  | 'configuration'
  /** The message can't be sent as it is by this server. */
  | 'message'
  /** What the store holds of the message is damaged. */
  | 'damaged'
  /** This program ended the attempt: shutting down, or it lost its lease. */
  | 'withdrawn';

/** What is done about a class. */
export interface FailureAction {
  /**
   * `'defer'`: tried again later; `'retry'`: tried again at once; `'fail'`: never again; `'unknown'`: depends on the delivery
   * mode; `'hold'`: kept aside for a person to look at.
   */
  readonly outcome: 'defer' | 'retry' | 'fail' | 'unknown' | 'hold';
  /** Whether it counts as a failure of the message: back-off grows with them. */
  readonly isCounted: boolean;
  /** What it says of the destination. Default: nothing. */
  readonly destination?: 'busy' | 'down' | 'up';
  /** Whether the whole transport waits until somebody has looked. Default: `false`. */
  readonly pausesTransport?: true;
}

/** What is done about each class. */
export const FAILURE_ACTIONS: Readonly<Record<FailureClass, FailureAction>> = {
  session: { outcome: 'defer', isCounted: false, destination: 'busy' },
  'too-many-recipients': { outcome: 'retry', isCounted: false, destination: 'up' },
  'mailbox-full': { outcome: 'fail', isCounted: true, destination: 'up' },
  deferred: { outcome: 'defer', isCounted: true, destination: 'up' },
  rejected: { outcome: 'fail', isCounted: true, destination: 'up' },
  policy: { outcome: 'fail', isCounted: true, destination: 'up' },
  credentials: { outcome: 'defer', isCounted: false, pausesTransport: true },
  host: { outcome: 'defer', isCounted: false, destination: 'down' },
  transient: { outcome: 'defer', isCounted: true, destination: 'busy' },
  unknown: { outcome: 'unknown', isCounted: true, destination: 'busy' },
  configuration: { outcome: 'defer', isCounted: false, pausesTransport: true },
  message: { outcome: 'fail', isCounted: true, destination: 'up' },
  damaged: { outcome: 'hold', isCounted: false },
  withdrawn: { outcome: 'defer', isCounted: false },
};

/** When a row fits: all that is given must hold. */
export interface ClassRow {
  readonly class: FailureClass;
  /** The code of the error. */
  readonly errors?: readonly ErrorCode[];
  /** Whether a server may have the message. */
  readonly delivered?: 'unknown';
  /** Codes of the reply; `'4'` and `'5'` stand for all of that digit. */
  readonly replies?: readonly (number | '4' | '5')[];
  /** How the enhanced code begins. */
  readonly enhanced?: readonly string[];
  readonly stages?: readonly Stage[];
}

const BEFORE_MAIL: readonly Stage[] = ['dns', 'connect', 'proxy', 'greeting', 'ehlo', 'starttls'];

const TALKING: readonly Stage[] = [
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'content',
  'rset',
  'idle',
];

/** From the top; the first that fits. What fits none is `'transient'`. */
export const CLASS_TABLE: readonly ClassRow[] = [
  { class: 'unknown', delivered: 'unknown' },
  { class: 'damaged', errors: ['OUTBOX_DAMAGED'] },
  {
    class: 'withdrawn',
    errors: [
      'ABORTED',
      'OUTBOX_LEASE_LOST',
      'OUTBOX_CLOSED',
      'OUTBOX_STORE_FAILED',
      'OUTBOX_STORE_FULL',
    ],
  },
  { class: 'configuration', errors: ['CLIENT_CLOSED'] },
  { class: 'session', replies: [421] },
  {
    class: 'configuration',
    errors: [
      'TLS_CERTIFICATE',
      'TLS_WRONG_MODE',
      'TLS_NOT_OFFERED',
      'OPTION_INVALID',
      'DEPENDENCY_MISSING',
      'CONNECTION_PROXY_REFUSED',
    ],
  },
  {
    class: 'credentials',
    errors: [
      'AUTH_FAILED',
      'AUTH_NOT_OFFERED',
      'AUTH_PLAINTEXT_REFUSED',
      'AUTH_SERVER_UNPROVEN',
      'TOKEN_REFUSED',
    ],
  },
  { class: 'credentials', replies: [530, 535, 538] },
  { class: 'credentials', replies: [454], enhanced: ['4.7.0'] },
  { class: 'too-many-recipients', replies: [452], enhanced: ['4.5.3'] },
  { class: 'too-many-recipients', replies: [552], enhanced: ['5.5.3'] },
  {
    class: 'host',
    errors: [
      'CONNECTION_DNS',
      'CONNECTION_REFUSED',
      'CONNECTION_UNREACHABLE',
      'CONNECTION_PROXY',
      'DISCOVERY_FAILED',
      'TLS_HANDSHAKE',
      'TLS_STARTTLS_VIOLATION',
      'PROTOCOL_VIOLATION',
      'FILE_INACCESSIBLE',
    ],
  },
  { class: 'host', stages: BEFORE_MAIL },
  // A server that talks without end.
  { class: 'host', errors: ['LIMIT_EXCEEDED'], stages: TALKING },
  { class: 'deferred', replies: [503] },
  { class: 'policy', replies: ['5'], enhanced: ['5.7.'] },
  { class: 'mailbox-full', replies: ['5'], enhanced: ['5.2.2'] },
  { class: 'rejected', replies: ['5'] },
  { class: 'deferred', replies: ['4'] },
  {
    class: 'message',
    errors: [
      'ADDRESS_INVALID',
      'ADDRESS_NEEDS_SMTPUTF8',
      'FEATURE_NOT_OFFERED',
      'FORMAT_INVALID',
      'MESSAGE_TOO_LARGE',
      'MESSAGE_HEADER_INVALID',
      'MESSAGE_FIELD_INVALID',
      'MESSAGE_NO_RECIPIENT',
      'MESSAGE_NO_SENDER',
      'LIMIT_EXCEEDED',
    ],
  },
];
