/** The choice of a mechanism, and checks before it, for the rooms that speak a protocol. @module */
export type { Account } from './account.ts';
export { accountOf, isMechanismChoice } from './account.ts';
export { kindOf } from './mechanisms.ts';
export { fetchToken } from './oauth/token-provider.ts';
export { isAboutMechanism } from './refusals.ts';
export type { AuthLink } from './select.ts';
export { usableMechanisms } from './select.ts';
