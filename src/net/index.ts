/** What is said about the way to a server before it is gone: addresses, endpoints, own connections, TLS (RFC 8446, RFC 9525). @module */
export { isIpAddress, isLoopbackAddress, isLoopbackHost } from './address.ts';
export type { Endpoint } from './dial.ts';
export type { ConnectFunction } from './dial-custom.ts';
export type { ProxyInput, ProxyOptions, ProxySettings } from './proxy-options.ts';
export { proxySettings } from './proxy-options.ts';
export type { PemInput, TlsOptions } from './tls-options.ts';
export { checkTlsOptions } from './tls-options.ts';
