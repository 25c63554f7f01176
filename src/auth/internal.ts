/** Checks that the protocol rooms make before they log in. @module */
export { checkCredentials } from './select.ts';
