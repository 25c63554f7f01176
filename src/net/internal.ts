/** Dialling, TLS and deadlines for the rooms that speak a protocol. @module */
export { abortedError, Deadline, timeoutError } from './deadline.ts';
export type { Dial } from './dial.ts';
export { customDial } from './dial-custom.ts';
export { codeOf, dialError } from './dial-error.ts';
export { tcpDial, unixDial } from './dial-tcp.ts';
export type { SrvRecord } from './dns-records.ts';
export { RecordLookup } from './dns-records.ts';
export type { HttpAnswer } from './http-get.ts';
export { httpGet } from './http-get.ts';
export { tlsReason } from './tls-error.ts';
export type { TlsTarget, TlsUpgrade } from './tls-upgrade.ts';
export { upgradeTls } from './tls-upgrade.ts';
