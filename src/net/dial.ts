// The one seam through which a connection is opened: TCP, a Unix socket, a caller's function, later a proxy.
import type { Duplex } from 'node:stream';
import type { Deadline } from './deadline.ts';

/** Where a connection leads. */
export interface Endpoint {
  /** Host name or IP address, without brackets. */
  readonly host: string;
  /** TCP port; 0 for a Unix socket. */
  readonly port: number;
}

/** Opens a byte stream to `to`, or throws before `deadline` is over. */
export type Dial = (to: Endpoint, deadline: Deadline) => Promise<Duplex>;
