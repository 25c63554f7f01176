/** Dialling, TLS and deadlines for the rooms that speak a protocol. @module */
export type { ChannelBindingReader } from './channel-binding.ts';
export { abortedError, Deadline, timeoutError } from './deadline.ts';
export type { Dial } from './dial.ts';
export { customDial } from './dial-custom.ts';
export { codeOf, dialError } from './dial-error.ts';
export { proxyDial, proxyFor } from './dial-proxy.ts';
export { tcpDial, unixDial } from './dial-tcp.ts';
export type { SrvRecord } from './dns-records.ts';
export { RecordLookup } from './dns-records.ts';
export type { HttpAnswer } from './http-get.ts';
export { httpGet } from './http-get.ts';
export { resolveHost } from './resolve.ts';
export type { TlsMode } from './tls-error.ts';
export { isAboutClientCertificate, tlsReason } from './tls-error.ts';
export type { TlsTarget, TlsUpgrade } from './tls-upgrade.ts';
export { upgradeTls } from './tls-upgrade.ts';
