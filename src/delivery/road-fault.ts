// Whose fault a failure is: the road's, so that another one may do better, or the message's.
import {
  AuthenticationError,
  ConnectionError,
  DiscoveryError,
  MissingDependencyError,
  PosthornError,
  ProtocolError,
  TimeoutError,
  TlsError,
} from '../base/index.ts';

// Stages before the message is spoken of: what is refused there is refused to everybody.
const BEFORE_MESSAGE: ReadonlySet<string> = new Set([
  'dns',
  'connect',
  'proxy',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'auth',
]);
const OF_THE_ROAD: ReadonlySet<string> = new Set([
  'PROGRAM_UNUSABLE',
  'PROGRAM_FAILED',
  'FILE_INACCESSIBLE',
]);

/** Whether the road is out of order, whatever the message. */
export function isRoadFault(error: unknown): boolean {
  if (!(error instanceof PosthornError)) return false;
  const { code, reply, stage } = error;
  if (code === 'CLIENT_CLOSED' || code === 'ABORTED') return false;
  return (
    error instanceof ConnectionError ||
    error instanceof TlsError ||
    error instanceof TimeoutError ||
    error instanceof ProtocolError ||
    error instanceof AuthenticationError ||
    error instanceof DiscoveryError ||
    error instanceof MissingDependencyError ||
    OF_THE_ROAD.has(code) ||
    reply?.code === 421 ||
    (reply !== undefined && stage !== undefined && BEFORE_MESSAGE.has(stage))
  );
}

/**
 * Whether another road may take a message that failed so on this one: nobody has it, and it is the road's fault, a
 * temporary refusal, or something this road does not offer.
 */
export function mayGoElsewhere(error: unknown): error is PosthornError {
  if (!(error instanceof PosthornError) || error.delivered !== 'no') return false;
  const { code, retryable } = error;
  if (code === 'CLIENT_CLOSED' || code === 'ABORTED') return false;
  return (
    isRoadFault(error) ||
    retryable ||
    code === 'FEATURE_NOT_OFFERED' ||
    code === 'ADDRESS_NEEDS_SMTPUTF8' ||
    code === 'MESSAGE_TOO_LARGE'
  );
}
