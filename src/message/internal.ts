/** What the rooms above need beside the public names; never exported from the package. @module */
export { contentSource } from './content-source.ts';
export { hasNextMessage, MBOX_LINE } from './detect-format.ts';
export { recipientsOf, senderOf } from './envelope.ts';
export { kindOf } from './field-checks.ts';
export { openPath, openSource, pathOfSource, takePath, writeFileWhole } from './files.ts';
export { findTnef } from './find-tnef.ts';
export { propertyOfHeader } from './head-values.ts';
export type { KnownNames } from './known-names.ts';
export { checkNames } from './known-names.ts';
export { extensionOf, mediaTypeOf } from './media-types.ts';
export { checkFormat, formatOfPath } from './message-format.ts';
export { partFields } from './part-fields.ts';
export { headerOf, messageIdOf, rawRendering } from './raw-rendering.ts';
export { openedMessage, readMessage } from './read-message.ts';
export { isRepeatable } from './repeatable.ts';
export { StoredMail } from './stored-mail.ts';
