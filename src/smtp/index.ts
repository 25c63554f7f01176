/**
 * Sending over SMTP (RFC 5321) with STARTTLS (RFC 3207), AUTH (RFC 4954), SIZE (RFC 1870), 8BITMIME
 * (RFC 6152), SMTPUTF8 (RFC 6531) and enhanced status codes (RFC 2034); finding the server (RFC 6186,
 * RFC 8314). Takes bytes, not message objects. @module
 */
export type { PlaintextAuthPolicy } from '../auth/index.ts';
export type {
  ConnectFunction,
  Endpoint,
  PemInput,
  ProxyInput,
  ProxyOptions,
  TlsOptions,
} from '../net/index.ts';
export type { FutureRelease, SmtpCapabilities, SmtpLimits } from './capabilities.ts';
export type { ContentFor, DataContent } from './connection.ts';
export { SmtpConnection } from './connection.ts';
export type { DiscoverOptions } from './discover/discover.ts';
export { discover } from './discover/discover.ts';
export type { DiscoverySource } from './discover/discovered-server.ts';
export { DiscoveredServer } from './discover/discovered-server.ts';
export { findProvider } from './discover/provider.ts';
export type { Provider } from './discover/providers.data.ts';
export type { DsnEvent, DsnOptions, RecipientDsn } from './dsn.ts';
export type {
  DeliveryOptions,
  DeliveryReport,
  FinalNotice,
  SendProgress,
  SmtpEnvelope,
  WireContent,
} from './envelope.ts';
export type { ServerInfo } from './handshake.ts';
export type { InspectOptions, InspectProgress } from './inspect/inspect.ts';
export { inspectServer } from './inspect/inspect.ts';
export type {
  InspectedSrv,
  InspectionWarning,
  InspectionWarningCode,
  LoginInspection,
  PortInspection,
  ServerInspection,
  ServerUse,
} from './inspect/inspection.ts';
export type { MailProtocol, Security, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
export { parseSmtpUrl } from './url.ts';
