/** The choice of a mechanism, and checks before it, for the rooms that speak a protocol. @module */
export type { AuthLink } from './select.ts';
export { checkCredentials, selectMechanism } from './select.ts';
