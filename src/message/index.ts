/**
 * The message (RFC 5322, MIME): composed from fields, or read from bytes and written back as it came. No wire;
 * of the disk only the files that a caller names. @module
 */
export { AlternateView } from './alternate-view.ts';
export type { BounceReason } from './bounce/bounce-reason.ts';
export type {
  AutoReply,
  BounceRecipient,
  BounceReport,
  DeliveryAction,
  FeedbackReport,
  MailReport,
  ReceiptReport,
} from './bounce/report.ts';
export type { ContentInput, ContentStream } from './content-source.ts';
export type { Envelope } from './envelope.ts';
export type { LoadOptions, MessageSource, SaveOptions } from './files.ts';
export type { AddressList, Priority, Sensitivity } from './head-values.ts';
export type { ListInfo, Unsubscribe } from './list-headers.ts';
export type { AttachmentInput, MessageFields } from './mail-message.ts';
export { Attachment, MailMessage } from './mail-message.ts';
export type { ComposeOptions, HeadFields } from './message-fields.ts';
export type { MessageFormat } from './message-format.ts';
export type { HeadersInput } from './message-headers.ts';
export { MessageHeaders } from './message-headers.ts';
export type { FileProblemCode, MessageProblem } from './message-problem.ts';
export type { AttachmentOptions, Disposition } from './part.ts';
export type { ForwardAsAttachmentOptions, ForwardInlineOptions } from './reply/forward-fields.ts';
export type { ReplyOptions } from './reply/reply-fields.ts';
export { textFromHtml } from './text-from-html.ts';
