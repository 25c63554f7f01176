// The byte stream a conversation runs over: dialled as the options say, encrypted when its time comes.
import type { Duplex } from 'node:stream';
import type { ErrorContext } from '../base/index.ts';
import { isLoopbackAddress } from '../net/index.ts';
import {
  customDial,
  type Deadline,
  proxyDial,
  proxyFor,
  type TlsUpgrade,
  tcpDial,
  unixDial,
  upgradeTls,
} from '../net/internal.ts';
import type { ConnectionSettings } from './options.ts';

/** A stream just opened, and what can be known of its ends. */
export interface Transport {
  readonly stream: Duplex;
  /** The IP address at this end; `undefined` when it has none. */
  readonly localAddress: string | undefined;
  /** The IP address at the other end, of the server or of the proxy; `undefined` when it has none. */
  readonly remoteAddress: string | undefined;
  /** Whether the other end is certainly this machine. */
  readonly isLoopback: boolean;
  /** The proxy on the way, without its login; `undefined` when there is none. */
  readonly proxy: string | undefined;
}

/** Opens the stream: the caller's own function, a Unix socket, a proxy or TCP. */
export async function openTransport(
  settings: ConnectionSettings,
  port: number,
  deadline: Deadline,
): Promise<Transport> {
  const { host, connect, socketPath, localAddress, timeoutsMs } = settings;
  const to = { host, port };
  if (connect) {
    // It may lead anywhere, wherever its first hop is.
    return transport(await customDial(connect, timeoutsMs.connect)(to, deadline), 'anywhere');
  }
  if (socketPath !== undefined) {
    return transport(await unixDial(socketPath, timeoutsMs.connect)(to, deadline), 'here');
  }
  const proxy = proxyFor(settings.proxy, to);
  if (proxy) {
    const stream = await proxyDial(proxy, { localAddress, timeoutsMs })(to, deadline);
    return { ...transport(stream, 'anywhere'), proxy: proxy.shown };
  }
  const stream = await tcpDial({ localAddress, timeoutsMs })(to, deadline);
  const isLoopback = isLoopbackAddress(stream.remoteAddress ?? '');
  return transport(stream, isLoopback ? 'here' : 'anywhere');
}

/** Encrypts the stream; `mode` says whether the server has agreed to it in clear. */
export async function encrypt(
  stream: Duplex,
  { host, tls, timeoutsMs }: ConnectionSettings,
  { port, mode }: { readonly port: number; readonly mode: 'implicit' | 'starttls' },
  deadline: Deadline,
  context: () => ErrorContext,
): Promise<TlsUpgrade> {
  const bounded = deadline.within(timeoutsMs.tls, 'timeoutsMs.tls');
  return await upgradeTls(stream, { host, port, tls, mode, context }, bounded);
}

function transport(stream: Duplex, leads: 'here' | 'anywhere'): Transport {
  return {
    stream,
    localAddress: textOf(stream, 'localAddress'),
    remoteAddress: textOf(stream, 'remoteAddress'),
    isLoopback: leads === 'here',
    proxy: undefined,
  };
}

function textOf(stream: Duplex, name: string): string | undefined {
  const value: unknown = Reflect.get(stream, name);
  return typeof value === 'string' ? value : undefined;
}
