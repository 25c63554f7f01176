/** What the rooms above need beside the public names; never exported from the package. @module */
export type { ContentSource } from './content-source.ts';
export { contentSource } from './content-source.ts';
export { recipientsOf, senderOf } from './envelope.ts';
export { kindOf } from './field-checks.ts';
export type { KnownNames } from './known-names.ts';
export { checkNames } from './known-names.ts';
export type { Prepared } from './mail-message.ts';
export { headerOf, messageIdOf, RawRendering } from './raw-rendering.ts';
