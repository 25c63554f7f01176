// Channel bindings (RFC 5056): data that only the two ends of one TLS connection share.

/**
 * What is bound to: keying material of TLS 1.3 (RFC 9266), the first Finished message of TLS 1.2, or the
 * server's certificate (both RFC 5929).
 */
export type ChannelBindingType = 'tls-exporter' | 'tls-unique' | 'tls-server-end-point';

/** Gives the data for one type; `undefined` when the connection has none of that type. */
export type ChannelBindings = (type: ChannelBindingType) => Uint8Array | undefined;

/** One type with its data. */
export interface ChannelBinding {
  /** What is bound to. */
  readonly type: ChannelBindingType;
  /** What only the two ends know. */
  readonly data: Uint8Array;
}

// Those that name this connection come before the one that only names the server.
const BEST_FIRST: readonly ChannelBindingType[] = [
  'tls-exporter',
  'tls-unique',
  'tls-server-end-point',
];

/** The best binding that the connection has. */
export function bestBinding(bindings: ChannelBindings | undefined): ChannelBinding | undefined {
  if (!bindings) return undefined;
  for (const type of BEST_FIRST) {
    const data = bindings(type);
    if (data) return { type, data };
  }
  return undefined;
}
