// What a template is made of: the fields of a message, with the syntax's fields in every text. Types, and their names.
import type {
  AlternateView,
  Attachment,
  AttachmentOptions,
  ComposeOptions,
  ContentInput,
  Disposition,
  ListInfo,
  MailMessage,
  Priority,
  Sensitivity,
  Unsubscribe,
} from '../message/index.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { MailAddress, MailGroup } from '../mime/index.ts';

/**
 * Addresses with fields in them: `'{{ name }} <{{ email }}>'`, `{ name: '{{ name }}', address: '{{ email }}' }`, or an array
 * of such. A value is one mailbox at most, or part of one; several come as an array: `'{{ team }}'`.
 */
export type AddressTemplate =
  | string
  | MailAddress
  | MailGroup
  | {
      /** The display name. Default: none. */
      readonly name?: string | undefined;
      /** The address; blank, with a blank name: nobody. */
      readonly address: string;
    }
  | readonly AddressTemplate[];

/** An attachment with fields in its path and names. One of `path`, `content` and `template` is needed. */
export interface AttachmentTemplate {
  /**
   * A file. A value in it can't lead out of the folder that the template's own text names, or else of
   * `attachmentFolder`. Blank: no attachment for this row.
   */
  readonly path?: string | URL | undefined;
  /** The content, the same for every row. */
  readonly content?: ContentInput | undefined;
  /** The content as a template; values are escaped when `contentType` is HTML. */
  readonly template?: string | undefined;
  /** The name the reader sees. Default: the last part of `path`. */
  readonly filename?: string | undefined;
  /** The media type. Default: by the file name. */
  readonly contentType?: string | undefined;
  /** Default: `'attachment'`; `'inline'` in `linkedResources`. */
  readonly disposition?: Disposition | undefined;
  /** The Content-ID, by which HTML refers to it. */
  readonly cid?: string | undefined;
  /** What it is, in words. */
  readonly description?: string | undefined;
  /** A field that is a list: one attachment for each of its items, which is `item` in the texts here. Default: one. */
  readonly each?: string | undefined;
}

/** What attachments of a template are given as; those that are attachments or messages already are the same for every row. */
export type AttachmentTemplateInput = AttachmentTemplate | Attachment | MailMessage;

/** Header fields with fields in their values. One that is blank for a row is left out for it. */
export type HeadersTemplate =
  | { readonly [name: string]: string | readonly string[] }
  | Iterable<readonly [name: string, value: string]>;

/** The fields of a message, where every text is a template; otherwise as `new MailMessage({ … })` takes them. */
export interface MessageTemplate extends ComposeOptions {
  /** The authors. */
  readonly from?: AddressTemplate | undefined;
  /** Who sends in the authors' name. */
  readonly sender?: AddressTemplate | undefined;
  /** Where answers go. */
  readonly replyTo?: AddressTemplate | undefined;
  /** The recipients. */
  readonly to?: AddressTemplate | undefined;
  /** Recipients of a copy. */
  readonly cc?: AddressTemplate | undefined;
  /** Recipients that the others do not see. */
  readonly bcc?: AddressTemplate | undefined;
  /** Who is told when the message is read. */
  readonly readReceiptTo?: AddressTemplate | undefined;
  /** The subject, in one line. */
  readonly subject?: string | undefined;
  /** The text. Values are written as they are. */
  readonly text?: string | undefined;
  /** The HTML. Values are escaped, unless the template says `raw`. */
  readonly html?: string | undefined;
  /** Files to save. */
  readonly attachments?: readonly AttachmentTemplateInput[] | undefined;
  /** Parts that the HTML refers to by their `cid`. */
  readonly linkedResources?: readonly AttachmentTemplateInput[] | undefined;
  /** Other forms of the text; HTML and plain text among them are templates. */
  readonly alternateViews?: readonly AlternateView[] | undefined;
  /** Any other header fields. */
  readonly headers?: HeadersTemplate | undefined;
  /** The identifier. Default: random for each message. */
  readonly messageId?: string | undefined;
  /** The message or messages this one answers. */
  readonly inReplyTo?: string | readonly string[] | undefined;
  /** The conversation's messages, oldest first. */
  readonly references?: string | readonly string[] | undefined;
  /** Default: when the message is made. */
  readonly date?: Date | undefined;
  /** Default: `'normal'`; a template has to give one of the names, or blank. */
  readonly priority?: Priority | (string & {}) | undefined;
  /** Default: `'normal'`; a template has to give one of the names, or blank. */
  readonly sensitivity?: Sensitivity | (string & {}) | undefined;
  /** Whether to ask for a notice of delivery. Default: `false`. */
  readonly deliveryReceipt?: boolean | undefined;
  /** How to leave the list; write `{{ email | url_encode }}` for a value in a URL. */
  readonly unsubscribe?: Unsubscribe | undefined;
  /** What the mailing list says of itself. */
  readonly list?: ListInfo | undefined;
}

const templateNames: KnownNames = {
  of: 'a template',
  names: new Set<keyof MessageTemplate>([
    'from',
    'sender',
    'replyTo',
    'to',
    'cc',
    'bcc',
    'readReceiptTo',
    'subject',
    'text',
    'html',
    'attachments',
    'linkedResources',
    'alternateViews',
    'headers',
    'messageId',
    'inReplyTo',
    'references',
    'date',
    'priority',
    'sensitivity',
    'deliveryReceipt',
    'unsubscribe',
    'list',
    'flowed',
    'dataUrls',
    'textFromHtml',
    'deterministic',
  ]),
  habits: new Map([
    ['body', "write text: '…' or html: '…'"],
    ['recipients', "write to: '…'"],
    ['syntax', 'it is an option: the second argument'],
    ['missing', 'it is an option: the second argument'],
  ]),
};

const attachmentNames: KnownNames = {
  of: 'an attachment of a template',
  names: new Set<keyof AttachmentTemplate | keyof AttachmentOptions>([
    'path',
    'content',
    'template',
    'filename',
    'contentType',
    'disposition',
    'cid',
    'description',
    'each',
    'size',
  ]),
  habits: new Map([['name', "write filename: '…'"]]),
};

/** Throws an `OptionError` at the first name that a template doesn't know. */
export function checkTemplate(template: MessageTemplate): void {
  checkNames(template, templateNames);
}

/** The same for one attachment. */
export function checkAttachment(attachment: AttachmentTemplate): void {
  checkNames(attachment, attachmentNames);
}
