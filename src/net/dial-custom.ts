// The caller's own way to connect, behind the same seam.
import { Duplex } from 'node:stream';
import { OptionError } from '../base/index.ts';
import type { Dial, Endpoint } from './dial.ts';
import { dialError } from './dial-error.ts';

/** Returns a connected byte stream to `to`; give up when `signal` aborts. */
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
      const socket = await bounded.wait('connect', opening, () => context);
      if (socket instanceof Duplex) return socket;
    } catch (error) {
      opening.then((late) => late.destroy()).catch(() => undefined);
      throw dialError(error, context);
    }
    throw new OptionError('connect', "Option 'connect' must return a Duplex stream");
  };
}
