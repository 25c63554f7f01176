// What a caller may say about a proxy, checked once. Without node:net, so that configuring loads no socket code.
import { OptionError, printable } from '../base/index.ts';
import { isIpAddress } from './address.ts';
import { checkTlsOptions, type TlsOptions } from './tls-options.ts';

/** A proxy with more than a URL can say. */
export interface ProxyOptions {
  /** Kind, address and login, such as `'https://user:password@proxy.example:3129'`. */
  readonly url: string;
  /** TLS options for the connection to an `https:` proxy. Default: verify against the authorities Node trusts. */
  readonly tls?: TlsOptions;
}

/**
 * `socks5:` (the same as `socks5h:`) and `socks4a:` let the proxy resolve the server's name, `socks4:` resolves it here;
 * `http:` and `https:` use CONNECT. `'env'` reads ALL_PROXY and NO_PROXY when a connection is opened.
 */
export type ProxyInput = 'env' | string | ProxyOptions;

/** A proxy after validation. */
export interface ProxySettings {
  readonly kind: 'socks4' | 'socks4a' | 'socks5' | 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** `undefined` when the URL has no login; the password may be ''. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly tls: TlsOptions;
  /** What to call it in messages and events: no login in it. */
  readonly shown: string;
}

const KINDS: ReadonlyMap<string, Pick<ProxySettings, 'kind' | 'port'>> = new Map([
  ['socks4:', { kind: 'socks4', port: 1080 }],
  ['socks4a:', { kind: 'socks4a', port: 1080 }],
  ['socks5:', { kind: 'socks5', port: 1080 }],
  ['socks5h:', { kind: 'socks5', port: 1080 }],
  ['socks:', { kind: 'socks5', port: 1080 }],
  ['http:', { kind: 'http', port: 80 }],
  ['https:', { kind: 'https', port: 443 }],
]);

// RFC 1929: one octet tells the length of each.
const LONGEST_SOCKS_WORD = 255;
const EXAMPLES = "'socks5://user:password@proxy.example:1080' or 'http://proxy.example:3128'";
const noTls: TlsOptions = {};

/** Checks `input`; throws `OptionError`, which never repeats the URL: it may hold a password. */
export function proxySettings(input: ProxyInput): ProxySettings | 'env' {
  if (input === 'env') return 'env';
  if (typeof input === 'string') return readProxyUrl(input, "Option 'proxy'");
  const { url, tls = noTls, ...others } = input;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const name = printable(`proxy.${unknown}`, 80);
    throw new OptionError(name, `There is no option '${name}'; proxy has url, tls`);
  }
  checkTlsOptions(tls, 'proxy.tls');
  return { ...readProxyUrl(url, "Option 'proxy.url'"), tls };
}

/** The proxy of a URL; `what` begins the message of the `OptionError` when it is none. */
export function readProxyUrl(text: unknown, what: string): ProxySettings {
  const refuse = (why: string): OptionError => new OptionError('proxy', `${what} ${why}`);
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const known = url && KINDS.get(url.protocol);
  if (!url || !known || url.hostname === '') {
    throw refuse(
      `must be the URL of a proxy, such as ${EXAMPLES}; socks4:, socks4a:, socks5:, http: and https: are known`,
    );
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw refuse(
      "has something after host and port; write '#', '?', '/' and '@' in user name and password percent-encoded (%23, %3F, %2F, %40)",
    );
  }
  const { kind } = known;
  const host = decode(url.hostname, refuse).replace(/^\[|\]$/g, '');
  const port = url.port === '' ? known.port : Number(url.port);
  if (port === 0) throw refuse('has port 0; give a port from 1 to 65535');
  const username = decode(url.username, refuse);
  const password = decode(url.password, refuse);
  if (/[\r\n\0]/.test(username + password)) {
    throw refuse('has a line end or NUL in user name or password');
  }
  const longest = Math.max(Buffer.byteLength(username), Buffer.byteLength(password));
  if (kind.startsWith('socks') && longest > LONGEST_SOCKS_WORD) {
    throw refuse(
      'has a user name or password of more than 255 octets, which SOCKS has no room for',
    );
  }
  if (kind.startsWith('http') && username.includes(':')) {
    throw refuse('has a colon in the user name, which HTTP has no room for (RFC 7617 section 2)');
  }
  if (kind.startsWith('socks4') && password !== '') {
    throw refuse('has a password, which SOCKS4 has no room for; use socks5: or leave it out');
  }
  return {
    kind,
    host,
    port,
    credentials: username === '' && password === '' ? undefined : { username, password },
    tls: noTls,
    shown: `${kind}://${isIpAddress(host) && host.includes(':') ? `[${host}]` : host}:${port}`,
  };
}

function decode(part: string, refuse: (why: string) => OptionError): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse("has a '%' that begins no percent-encoded octet; write it as %25");
  }
}
