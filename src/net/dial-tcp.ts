// Opens TCP connections and Unix sockets.
import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Deadline } from './deadline.ts';
import type { Dial, Endpoint } from './dial.ts';
import { dialError } from './dial-error.ts';

/** How {@link tcpDial} connects. */
export interface TcpDialOptions {
  /** Local IP address to connect from; `undefined` lets the system choose. */
  readonly localAddress: string | undefined;
  /** Bounds in milliseconds for resolving the name and for connecting. */
  readonly timeoutsMs: { readonly dns: number; readonly connect: number };
}

// Longer than a lost packet is waited for twice (RFC 6298 section 2.1), short enough for a host whose other family works.
const LONGEST_ATTEMPT_MS = 3_500;

type Address = Awaited<ReturnType<typeof resolve>>[number];

/** Resolves the host and connects to the first of its addresses that answers (Happy Eyeballs, RFC 8305). */
export function tcpDial(options: TcpDialOptions): Dial {
  const { localAddress, timeoutsMs } = options;
  return async (to, deadline) => {
    const addresses = await resolve(
      to,
      localAddress,
      deadline.within(timeoutsMs.dns, 'timeoutsMs.dns'),
    );
    const socket = connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      autoSelectFamily: addresses.length > 1,
      autoSelectFamilyAttemptTimeout: attemptMs(timeoutsMs.connect, addresses.length),
      lookup: answerWith(addresses),
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    return await connected(socket, to, deadline.within(timeoutsMs.connect, 'timeoutsMs.connect'));
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

async function resolve(
  to: Endpoint,
  localAddress: string | undefined,
  deadline: Deadline,
): Promise<{ address: string; family: number }[]> {
  const family = isIP(to.host);
  if (family !== 0) return [{ address: to.host, family }];
  const context = { stage: 'dns', host: to.host, port: to.port } as const;
  try {
    return await deadline.wait(
      'dns',
      lookup(to.host, { all: true, family: localAddress === undefined ? 0 : isIP(localAddress) }),
      () => context,
    );
  } catch (error) {
    throw dialError(error, context);
  }
}

// Node drops an attempt for the next address after 250 ms by default, which distant servers don't make; the last
// address may take what is left.
function attemptMs(connectMs: number, addresses: number): number {
  return Math.min(LONGEST_ATTEMPT_MS, Math.max(250, Math.floor(connectMs / addresses)));
}

// Node's own connection attempts then run over the addresses found above, whichever of its two forms it asks for.
function answerWith(addresses: readonly Address[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
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
