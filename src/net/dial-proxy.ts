// Which way leads through which kind of proxy.
import type { Dial, Endpoint } from './dial.ts';
import { type HttpProxyDialOptions, httpProxyDial } from './dial-http-proxy.ts';
import { socksDial } from './dial-socks.ts';
import { tcpDial } from './dial-tcp.ts';
import { proxyFromEnvironment } from './proxy-env.ts';
import type { ProxySettings } from './proxy-options.ts';

/** A {@link Dial} through `proxy`; the options are those of the way to the proxy. */
export function proxyDial(proxy: ProxySettings, options: HttpProxyDialOptions): Dial {
  const tcp = tcpDial(options);
  switch (proxy.kind) {
    case 'http':
    case 'https':
      return httpProxyDial(proxy, tcp, options);
    case 'socks4':
    case 'socks4a':
    case 'socks5':
      return socksDial(proxy, tcp, options);
    default:
      return proxy.kind satisfies never;
  }
}

/** The proxy for `to` by the settings, read from the environment if they say so; `undefined` when there is none. */
export function proxyFor(
  proxy: ProxySettings | 'env' | undefined,
  to: Endpoint,
): ProxySettings | undefined {
  return proxy === 'env' ? proxyFromEnvironment(to) : proxy;
}
