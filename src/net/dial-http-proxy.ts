// Through an HTTP proxy by CONNECT (RFC 9110 section 9.3.6), itself spoken to in clear or over TLS.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConnectionError, PosthornError } from '../base/index.ts';
import { isIpAddress } from './address.ts';
import type { Deadline } from './deadline.ts';
import type { Dial, Endpoint } from './dial.ts';
import { codeOf } from './dial-error.ts';
import type { SocketDial, TcpDialOptions } from './dial-tcp.ts';
import { type HttpChallenge, readChallenges } from './http-challenge.ts';
import { canDigest, digestAnswer } from './http-digest.ts';
import { proxyContext, proxyUnreachable, proxyUnusable, quoteProxy } from './proxy-error.ts';
import type { ProxySettings } from './proxy-options.ts';
import { upgradeTls } from './tls-upgrade.ts';

/** What {@link httpProxyDial} needs to know besides the proxy. */
export interface HttpProxyDialOptions extends TcpDialOptions {
  readonly timeoutsMs: TcpDialOptions['timeoutsMs'] & { readonly tls: number };
}

interface Answer {
  readonly response: IncomingMessage;
  readonly stream: Duplex;
  readonly head: Buffer;
}

// Proxies that are content with Basic: from the second connection on they are told the login at once. A password goes
// out by Basic only where Digest was not offered.
const takesBasic = new WeakSet<ProxySettings>();

/** A {@link Dial} through `proxy`, which `tcp` leads to. */
export function httpProxyDial(
  proxy: ProxySettings,
  tcp: SocketDial,
  options: HttpProxyDialOptions,
): Dial {
  return async (to, deadline) => {
    const reach = (): Promise<Duplex> => reachProxy(proxy, tcp, options, to, deadline);
    const ask = async (authorization: string | undefined): Promise<Answer> => {
      const bounded = deadline.within(options.timeoutsMs.connect, 'timeoutsMs.connect');
      return await connectThrough(await reach(), proxy, to, authorization, bounded);
    };
    const first = takesBasic.has(proxy) ? basic(proxy) : undefined;
    let answer = await ask(first);
    if (answer.response.statusCode === 407 && proxy.credentials) {
      // A new connection for the answer: what is left of the old one is the page that says no.
      answer.stream.destroy();
      const { 'proxy-authenticate': fields = [] } = answer.response.headersDistinct;
      const challenges = readChallenges(fields);
      const authorization = authorizationFor(challenges, proxy, to);
      answer = await ask(authorization);
      if (isTunnel(answer) && authorization.startsWith('Basic ')) takesBasic.add(proxy);
    }
    const { stream, head } = answer;
    if (!isTunnel(answer)) {
      stream.destroy();
      throw refused(answer.response, proxy, to);
    }
    // It belongs to the server's greeting.
    if (head.length > 0) stream.unshift(head);
    return stream;
  };
}

async function reachProxy(
  proxy: ProxySettings,
  tcp: SocketDial,
  { timeoutsMs }: HttpProxyDialOptions,
  to: Endpoint,
  deadline: Deadline,
): Promise<Duplex> {
  const { host, port, tls } = proxy;
  try {
    const stream = await tcp({ host, port }, deadline);
    if (proxy.kind === 'http') return stream;
    const context = () => ({ host, port });
    const bounded = deadline.within(timeoutsMs.tls, 'timeoutsMs.tls');
    const target = { host, port, tls, mode: 'proxy', context } as const;
    return (await upgradeTls(stream, target, bounded)).socket;
  } catch (error) {
    throw proxyUnreachable(error, proxy, to);
  }
}

async function connectThrough(
  stream: Duplex,
  proxy: ProxySettings,
  to: Endpoint,
  authorization: string | undefined,
  deadline: Deadline,
): Promise<Answer> {
  try {
    const { request } = await import('node:http');
    const target = authority(to);
    const login = authorization === undefined ? {} : { 'Proxy-Authorization': authorization };
    const asking = request({
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...login },
      createConnection: () => stream,
    });
    const answering = new Promise<Answer>((resolve, reject) => {
      asking.once('connect', (response, socket, head) => {
        resolve({ response, stream: socket, head });
      });
      // Stays for good: an error nobody listens to would end the process.
      asking.on('error', reject);
    });
    asking.end();
    return await deadline.wait('proxy', answering, () => proxyContext(to));
  } catch (error) {
    stream.destroy();
    throw noAnswer(error, proxy, to);
  }
}

function noAnswer(error: unknown, proxy: ProxySettings, to: Endpoint): PosthornError {
  if (error instanceof PosthornError) return proxyUnreachable(error, proxy, to);
  const code = codeOf(error);
  const details = { cause: error };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return proxyUnusable(proxy, to, 'answered CONNECT with endless headers', details);
  }
  if (code.startsWith('HPE_')) {
    const what = `does not speak HTTP; check kind and port in option 'proxy'`;
    return proxyUnusable(proxy, to, what, details);
  }
  const what =
    'closed the connection before it answered CONNECT; it may not serve this machine, or speak another protocol';
  return proxyUnusable(proxy, to, what, { ...details, retryable: true });
}

function isTunnel({ response: { statusCode = 0 } }: Answer): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function refused(
  { statusCode = 0, statusMessage = '' }: IncomingMessage,
  proxy: ProxySettings,
  to: Endpoint,
): PosthornError {
  const said = `answered CONNECT ${authority(to)} with '${quoteProxy(`${statusCode} ${statusMessage}`.trim(), proxy)}'`;
  // Tinyproxy says 401 where the standard has 407.
  if (statusCode === 407 || statusCode === 401) {
    const cure = proxy.credentials
      ? "it refused the user name or password in option 'proxy'"
      : `it wants a login: write proxy: '${proxy.kind}://user:password@host:port'`;
    return proxyUnusable(proxy, to, `${said}; ${cure}`);
  }
  const cure =
    statusCode >= 500
      ? "it could not reach the server: check 'host' and 'port'"
      : `it allows no tunnel to that host or port: ask its operator to allow CONNECT to port ${to.port}`;
  return new ConnectionError(
    'CONNECTION_PROXY_REFUSED',
    `The proxy ${proxy.shown} ${said}; ${cure}`,
    { ...proxyContext(to), retryable: statusCode >= 500 },
  );
}

function authorizationFor(
  challenges: readonly HttpChallenge[],
  proxy: ProxySettings,
  to: Endpoint,
): string {
  const { username = '', password = '' } = proxy.credentials ?? {};
  const digest = challenges.find((each) => each.scheme === 'digest' && canDigest(each));
  if (digest) {
    return digestAnswer(digest, { method: 'CONNECT', uri: authority(to), username, password });
  }
  if (challenges.some(({ scheme }) => scheme === 'basic')) return basic(proxy);
  const offered = challenges.map(({ scheme }) => scheme).join(', ') || 'no way at all';
  throw proxyUnusable(
    proxy,
    to,
    `wants a login by ${quoteProxy(offered, proxy)}; only Basic and Digest are spoken here`,
  );
}

function basic({ credentials }: ProxySettings): string {
  const { username = '', password = '' } = credentials ?? {};
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function authority({ host, port }: Endpoint): string {
  return isIpAddress(host) && host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
