// The byte stream a conversation runs over: dialled as the options say, encrypted when its time comes.
import type { Duplex } from 'node:stream';
import type { ErrorContext } from '../base/index.ts';
import { isLoopbackAddress } from '../net/index.ts';
import {
  customDial,
  type Deadline,
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
  /** Whether the other end is certainly this machine. */
  readonly isLoopback: boolean;
}

/** Opens the stream: the caller's own function, a Unix socket or TCP. */
export async function openTransport(
  settings: ConnectionSettings,
  port: number,
  deadline: Deadline,
): Promise<Transport> {
  const { host, connect, socketPath, localAddress, timeoutsMs } = settings;
  if (connect) {
    const stream = await customDial(connect, timeoutsMs.connect)({ host, port }, deadline);
    // It may lead anywhere, wherever its first hop is.
    return { stream, localAddress: textOf(stream, 'localAddress'), isLoopback: false };
  }
  if (socketPath !== undefined) {
    const stream = await unixDial(socketPath, timeoutsMs.connect)({ host, port }, deadline);
    return { stream, localAddress: undefined, isLoopback: true };
  }
  const stream = await tcpDial({ localAddress, timeoutsMs })({ host, port }, deadline);
  const isLoopback = isLoopbackAddress(textOf(stream, 'remoteAddress') ?? '');
  return { stream, localAddress: textOf(stream, 'localAddress'), isLoopback };
}

/** Encrypts the stream; `isStartTls` says that the server has agreed to it in clear. */
export async function encrypt(
  stream: Duplex,
  { host, tls, timeoutsMs }: ConnectionSettings,
  isStartTls: boolean,
  deadline: Deadline,
  context: () => ErrorContext,
): Promise<TlsUpgrade> {
  const bounded = deadline.within(timeoutsMs.tls, 'timeoutsMs.tls');
  return await upgradeTls(stream, { host, tls, isStartTls, context }, bounded);
}

function textOf(stream: Duplex, name: string): string | undefined {
  const value: unknown = Reflect.get(stream, name);
  return typeof value === 'string' ? value : undefined;
}
