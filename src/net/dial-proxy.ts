// Which way leads through which kind of proxy. Most programs use none: what speaks to them loads with the first.
import type { Dial, Endpoint } from './dial.ts';
import type { HttpProxyDialOptions } from './dial-http-proxy.ts';
import { tcpDial } from './dial-tcp.ts';
import { proxyFromEnvironment } from './proxy-env.ts';
import type { ProxySettings } from './proxy-options.ts';

/** A {@link Dial} through `proxy`; the options are those of the way to the proxy. */
export function proxyDial(proxy: ProxySettings, options: HttpProxyDialOptions): Dial {
  return async (to, deadline) => {
    const dial = await dialOf(proxy, options);
    return await dial(to, deadline);
  };
}

async function dialOf(proxy: ProxySettings, options: HttpProxyDialOptions): Promise<Dial> {
  const tcp = tcpDial(options);
  if (proxy.kind === 'http' || proxy.kind === 'https') {
    const { httpProxyDial } = await import('./dial-http-proxy.ts');
    return httpProxyDial(proxy, tcp, options);
  }
  const { socksDial } = await import('./dial-socks.ts');
  return socksDial(proxy, tcp, options);
}

/** The proxy for `to` by the settings, read from the environment if they say so; `undefined` when there is none. */
export function proxyFor(
  proxy: ProxySettings | 'env' | undefined,
  to: Endpoint,
): ProxySettings | undefined {
  return proxy === 'env' ? proxyFromEnvironment(to) : proxy;
}
