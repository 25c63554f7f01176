/** What a caller says about the way to a server: endpoints, own connections, TLS (RFC 8446, RFC 9525). @module */
export type { Endpoint } from './dial.ts';
export type { ConnectFunction } from './dial-custom.ts';
export type { PemInput, TlsOptions } from './tls-options.ts';
