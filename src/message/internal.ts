/** What the rooms above need beside the public names; never exported from the package. @module */
export type { KnownNames } from './known-names.ts';
export { checkNames } from './known-names.ts';
export type { Prepared } from './mail-message.ts';
