// How a proxy fails, in words that tell the cure. The login never appears, nor does what could hold it.
import type { ErrorContext } from '../base/index.ts';
import {
  ConnectionError,
  PosthornError,
  printable,
  TimeoutError,
  TlsError,
} from '../base/index.ts';
import type { Endpoint } from './dial.ts';
import { briefly } from './dial-error.ts';
import type { ProxySettings } from './proxy-options.ts';

/** What every error about a proxy carries: the server that was to be reached. */
export function proxyContext({ host, port }: Endpoint): ErrorContext {
  return { stage: 'proxy', host, port };
}

/** The proxy can't be used at all, whatever server is asked for. */
export function proxyUnusable(
  proxy: ProxySettings,
  to: Endpoint,
  what: string,
  details: Pick<ErrorContext, 'retryable' | 'cause'> = {},
): ConnectionError {
  const context = { ...proxyContext(to), ...details };
  return new ConnectionError('CONNECTION_PROXY', `The proxy ${proxy.shown} ${what}`, context);
}

/** The connection to the proxy could not be made. */
export function proxyUnreachable(
  error: unknown,
  proxy: ProxySettings,
  to: Endpoint,
): PosthornError {
  if (!(error instanceof PosthornError)) {
    const what = `can't be reached: ${briefly(error)}; check option 'proxy'`;
    return proxyUnusable(proxy, to, what, { retryable: true, cause: error });
  }
  const context = { ...error, cause: error.cause, ...proxyContext(to) };
  if (error instanceof TlsError) {
    const message = `The TLS connection to the proxy ${proxy.shown} failed. ${error.message}`;
    return new TlsError(error.code, message, context);
  }
  if (error instanceof TimeoutError) {
    const message = `The proxy ${proxy.shown} ${lateness(error)}`;
    return new TimeoutError(error.code, message, context);
  }
  if (!(error instanceof ConnectionError)) return error;
  const reason = error.cause === undefined ? error.message : briefly(error.cause);
  const what = `can't be reached: ${reason}; check option 'proxy', and that the proxy is running`;
  return proxyUnusable(proxy, to, what, {
    retryable: error.retryable,
    cause: error.cause ?? error,
  });
}

// What the timeout says of a server, said of a proxy: other options cure it.
function lateness({ stage, message }: TimeoutError): string {
  switch (stage) {
    case 'connect':
      return "could not be reached in time: a firewall may drop the packets; check option 'proxy', or raise timeoutsMs.connect";
    case 'tls':
      return 'did not finish the TLS handshake in time; if it is spoken to in clear, write http:// instead of https://, or raise timeoutsMs.tls';
    default:
      return `did not answer in time. ${message}`;
  }
}

/** What the proxy said, safe to print, the login masked should it be repeated. */
export function quoteProxy(text: string, { credentials }: ProxySettings): string {
  const { username = '', password = '' } = credentials ?? {};
  const secrets = [password, encode(`${username}:${password}`), encode(password)];
  const masked = secrets
    .filter((secret) => secret.length >= 4)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  return printable(masked, 200);
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
