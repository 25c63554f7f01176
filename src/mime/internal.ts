/** Helpers for the rooms above; never exported from the package. @module */
// Addresses, header fields and writing.
export { isGroup } from './address-list.ts';
export { checkFieldName, writeHeaderLines } from './fields/header-field.ts';
export type { EncodedLeaf, LeafBody } from './writer/encode-leaf.ts';
export { encodeBetween } from './writer/encode-leaf.ts';
export { randomToken } from './writer/random-token.ts';
