// Node's errors about names and connections, in words that tell the cure.
import type { ErrorCode, ErrorContext } from '../base/index.ts';
import { ConnectionError, PosthornError, printable, TimeoutError } from '../base/index.ts';

interface Verdict {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** In three words, where several addresses failed in several ways. */
  readonly short: string;
  readonly message: (where: string, host: string) => string;
}

const refused: Verdict = {
  code: 'CONNECTION_REFUSED',
  retryable: true,
  short: 'nothing listens',
  message: (where) =>
    `Nothing listens on ${where}; check 'host' and 'port', and that the server is running`,
};
const unreachable: Verdict = {
  code: 'CONNECTION_UNREACHABLE',
  retryable: true,
  short: 'no route',
  message: (where) =>
    `The network does not lead to ${where}; check the network, VPN and firewall of this machine`,
};
const closed: Verdict = {
  code: 'CONNECTION_CLOSED',
  retryable: true,
  short: 'reset',
  message: (where) =>
    `The connection to ${where} was reset by the other side; the server or a firewall refuses this client, or the port speaks another protocol`,
};
const noSuchName: Verdict = {
  code: 'CONNECTION_DNS',
  retryable: false,
  short: 'no such name',
  message: (_, host) => `The host name '${host}' does not exist; check the spelling of 'host'`,
};
const lookupFailed: Verdict = {
  code: 'CONNECTION_DNS',
  retryable: true,
  short: 'no answer',
  message: (_, host) =>
    `The name server gave no answer for '${host}'; check the network and the name server of this machine, then try again`,
};
const noSuchSocket: Verdict = {
  code: 'CONNECTION_REFUSED',
  retryable: true,
  short: 'no socket',
  message: (_, host) =>
    `There is no socket at '${host}'; check 'socketPath', and that the server is running`,
};
const noPermission: Verdict = {
  code: 'CONNECTION_REFUSED',
  retryable: false,
  short: 'not permitted',
  message: (where) =>
    `This process may not connect to ${where}; check the permissions of the socket or the firewall rule`,
};
const badLocalAddress: Verdict = {
  code: 'CONNECTION_UNREACHABLE',
  retryable: false,
  short: 'not from localAddress',
  message: (where) =>
    `Can't connect to ${where} from the given 'localAddress'; it must be an address of this machine`,
};

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['ECONNREFUSED', refused],
  ['ECONNRESET', closed],
  ['EPIPE', closed],
  ['ECONNABORTED', closed],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  ['EHOSTDOWN', unreachable],
  ['ENETDOWN', unreachable],
  ['ENOTFOUND', noSuchName],
  ['ENODATA', noSuchName],
  ['EAI_AGAIN', lookupFailed],
  ['EAI_FAIL', lookupFailed],
  ['ENOENT', noSuchSocket],
  ['EACCES', noPermission],
  ['EPERM', noPermission],
  ['EADDRNOTAVAIL', badLocalAddress],
]);

/** What went wrong while connecting, as a `PosthornError`; one that is given already is returned as it is. */
export function dialError(error: unknown, context: ErrorContext): PosthornError {
  if (error instanceof PosthornError) return error;
  const host = printable(context.host ?? '');
  const where = context.port ? `${host}:${context.port}` : host;
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') {
    return new TimeoutError(
      'TIMEOUT',
      `The system gave up connecting to ${where}: a firewall may drop packets to this port; check 'host' and 'port'`,
      { retryable: true, ...context, cause: error },
    );
  }
  const verdict = VERDICTS.get(code);
  if (verdict) {
    const { retryable, message } = verdict;
    return new ConnectionError(verdict.code, message(where, host) + tried(error), {
      retryable,
      ...context,
      cause: error,
    });
  }
  const reason = printable(error instanceof Error ? error.message : String(error));
  return new ConnectionError('CONNECTION_CLOSED', `The connection to ${where} failed: ${reason}`, {
    retryable: true,
    ...context,
    cause: error,
  });
}

/** The `code` of a Node error; of several that of the most telling; '' when it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (!(error instanceof AggregateError)) return '';
  const codes = error.errors.map(codeOf);
  // An address that answered says more than a family this machine has no way to.
  return TELLING.find((code) => codes.includes(code)) ?? codes[0] ?? '';
}

const TELLING = ['ECONNREFUSED', 'ECONNRESET', 'EACCES', 'EPERM', 'ETIMEDOUT'] as const;

/** The same in a few words: `nothing listens`, `no route`. Safe to print. */
export function briefly(error: unknown): string {
  const short = VERDICTS.get(codeOf(error))?.short;
  return short ?? printable(error instanceof Error ? error.message : String(error));
}

// Which addresses were tried, when there was more than one.
function tried(error: unknown): string {
  if (!(error instanceof AggregateError)) return '';
  const attempts = error.errors.flatMap((each: unknown) =>
    each instanceof Error && 'address' in each
      ? [{ address: String(each.address), code: codeOf(each) }]
      : [],
  );
  if (attempts.length < 2) return '';
  const isUniform = attempts.every(({ code }) => code === attempts[0]?.code);
  const list = attempts.map(({ address, code }) =>
    isUniform ? address : `${address}: ${VERDICTS.get(code)?.short ?? code}`,
  );
  return ` (tried ${list.join(', ')})`;
}
