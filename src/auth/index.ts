/** Logging in: SASL mechanisms (RFC 4422), PLAIN (RFC 4616) and LOGIN. @module */
export { authenticationHint } from './hints.ts';
export { LoginMechanism } from './login.ts';
export type { Credentials, SaslMechanism } from './mechanism.ts';
export { PlainMechanism } from './plain.ts';
export type { PlaintextAuthPolicy } from './select.ts';
export { mechanismNames } from './select.ts';
