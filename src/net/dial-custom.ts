// The caller's own way to connect, behind the same seam.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConnectionError, OptionError } from '../base/index.ts';
import type { Dial, Endpoint } from './dial.ts';
import { dialError } from './dial-error.ts';
import { connected } from './dial-tcp.ts';

/** Returns a byte stream to `to`, connected or (a `net.Socket`) connecting; give up when `signal` aborts. */
export type ConnectFunction = (
  to: Endpoint,
  signal: AbortSignal | undefined,
) => Duplex | Promise<Duplex>;

/** A {@link Dial} that asks `connect` for the stream and bounds the time it may take. */
export function customDial(connect: ConnectFunction, connectTimeoutMs: number): Dial {
  return async (to, deadline) => {
    const context = { stage: 'connect', host: to.host, port: to.port } as const;
    const bounded = deadline.within(connectTimeoutMs, 'timeoutsMs.connect');
    // A stream that comes too late is of no use to anybody.
    const opening = Promise.resolve().then(() => connect(to, deadline.signal));
    try {
      const stream = await bounded.wait('connect', opening, () => context);
      if (stream instanceof Socket && stream.connecting)
        return await connected(stream, to, bounded);
      if (typeof stream?.write === 'function' && typeof stream.on === 'function') {
        // Its end has been told already, and would never be heard of.
        if (stream.destroyed || stream.readable === false || stream.writable === false) {
          throw new ConnectionError(
            'CONNECTION_CLOSED',
            "The stream that option 'connect' returned has ended already; return a fresh one for each call",
            context,
          );
        }
        return stream;
      }
    } catch (error) {
      opening.then((late) => late.destroy()).catch(() => undefined);
      throw dialError(error, context);
    }
    throw new OptionError('connect', "Option 'connect' must return a Duplex stream");
  };
}
