/**
 * Sending over SMTP (RFC 5321) with STARTTLS (RFC 3207), AUTH (RFC 4954), SIZE (RFC 1870), 8BITMIME
 * (RFC 6152), SMTPUTF8 (RFC 6531) and enhanced status codes (RFC 2034). Takes bytes, not message
 * objects. @module
 */
export type { PlaintextAuthPolicy } from '../auth/index.ts';
export type { ConnectFunction, Endpoint, PemInput, TlsOptions } from '../net/index.ts';
export type { SmtpCapabilities } from './capabilities.ts';
export type { ContentFor } from './connection.ts';
export { SmtpConnection } from './connection.ts';
export type {
  DeliveryOptions,
  DeliveryReport,
  SendProgress,
  SmtpEnvelope,
  WireContent,
} from './envelope.ts';
export type { ServerInfo } from './handshake.ts';
export type { Security, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
export { parseSmtpUrl } from './url.ts';
