// Opens TCP connections and Unix sockets.
import { connect, isIPv6, type Socket } from 'node:net';
import { TimeoutError } from '../base/index.ts';
import { AddressRace } from './address-race.ts';
import type { Deadline } from './deadline.ts';
import type { Dial, Endpoint } from './dial.ts';
import { dialError } from './dial-error.ts';
import { type FamilyNeed, resolveHost } from './resolve.ts';

/** How {@link tcpDial} connects. */
export interface TcpDialOptions {
  /** Local IP address to connect from; `undefined` lets the system choose. */
  readonly localAddress: string | undefined;
  /** Bounds in milliseconds for resolving the name and for connecting. */
  readonly timeoutsMs: { readonly dns: number; readonly connect: number };
}

/** A {@link Dial} whose stream is a socket of this process. */
export type SocketDial = (to: Endpoint, deadline: Deadline) => Promise<Socket>;

/** Resolves the host and connects to the first of its addresses that answers (Happy Eyeballs, RFC 8305). */
export function tcpDial({ localAddress, timeoutsMs }: TcpDialOptions): SocketDial {
  const from = localAddress === undefined ? {} : { localAddress };
  const need = localAddress === undefined ? undefined : familyOf(localAddress);
  return async (to, deadline) => {
    const dns = deadline.within(timeoutsMs.dns, 'timeoutsMs.dns');
    const addresses = await resolveHost(to, need, dns);
    const bounded = deadline.within(timeoutsMs.connect, 'timeoutsMs.connect');
    const race = new AddressRace(
      addresses.map(({ address }) => address),
      (host) => connect({ host, port: to.port, noDelay: true, ...from }),
    );
    const context = { stage: 'connect', host: to.host, port: to.port } as const;
    try {
      return await bounded.wait('connect', race.won, () => context);
    } catch (error) {
      race.stop();
      throw error instanceof TimeoutError && addresses.length > 1
        ? withStory(error, race)
        : dialError(error, context);
    }
  };
}

/** Connects to a Unix domain socket; the endpoint only names it in errors. */
export function unixDial(socketPath: string, connectTimeoutMs: number): Dial {
  return (to, deadline) =>
    connected(
      connect({ path: socketPath }),
      { host: socketPath, port: to.port },
      deadline.within(connectTimeoutMs, 'timeoutsMs.connect'),
    );
}

/** The socket, once it is connected; destroyed when it can't be in time. */
export async function connected(socket: Socket, to: Endpoint, deadline: Deadline): Promise<Socket> {
  const context = { stage: 'connect', host: to.host, port: to.port } as const;
  const opening = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    // Stays for good: a socket that fails later, when nobody listens yet, must not end the process.
    socket.on('error', reject);
  });
  try {
    await deadline.wait('connect', opening, () => context);
    return socket;
  } catch (error) {
    socket.destroy();
    throw dialError(error, context);
  }
}

function familyOf(localAddress: string): FamilyNeed {
  return { family: isIPv6(localAddress) ? 6 : 4, by: `'localAddress' ${localAddress}` };
}

function withStory(error: TimeoutError, race: AddressRace): TimeoutError {
  const silent = race.unanswered.map((address) => `${address} did not answer`);
  const failed = race.failures.map((each) => `${Reflect.get(each, 'address')} failed`);
  const cause = race.failures.length > 0 ? new AggregateError(race.failures) : undefined;
  const message = `${error.message} (${[...silent, ...failed].join(', ')})`;
  return new TimeoutError('TIMEOUT', message, { ...error, cause });
}
