/** Helpers for the rooms above; never exported from the package. @module */
// Addresses, header fields and writing.
export { isGroup } from './address-list.ts';
export { checkFieldName } from './fields/header-field.ts';
export { randomToken } from './writer/random-token.ts';
