// The shape of a message as JSON. Types only.

/** A mailbox, or a group of them. */
export type JsonAddress =
  | { readonly name: string; readonly address: string }
  | {
      readonly name: string;
      readonly members: readonly { readonly name: string; readonly address: string }[];
    };

/** A part of a message. */
export interface JsonPart {
  /** The file name, when there is one. */
  readonly filename?: string;
  /** The media type, in lower case. */
  readonly contentType: string;
  /** Its parameters. Default: none. */
  readonly contentTypeParameters?: Readonly<Record<string, string>>;
  /** How it is to be shown. Default: by the list it is in. */
  readonly disposition?: 'attachment' | 'inline';
  /** The Content-ID, without angle brackets. */
  readonly cid?: string;
  /** What it is, in words. */
  readonly description?: string;
  /** The content in base64. */
  readonly content: string;
}

/**
 * A message as JSON: what `save('x.json')` writes and `load` reads. Where `rawHeader` is given, reading takes the header
 * from it; a message that a program writes needs the typed members only.
 */
export interface MessageJson {
  /** The version of this form. */
  readonly posthorn: 1;
  /** The authors. */
  readonly from?: readonly JsonAddress[];
  /** Who sent it in the authors' name. */
  readonly sender?: JsonAddress;
  /** Where answers go. */
  readonly replyTo?: readonly JsonAddress[];
  /** The recipients. */
  readonly to?: readonly JsonAddress[];
  /** Recipients of a copy. */
  readonly cc?: readonly JsonAddress[];
  /** Hidden recipients. */
  readonly bcc?: readonly JsonAddress[];
  /** The subject. */
  readonly subject?: string;
  /** When it was written, as ISO 8601. */
  readonly date?: string;
  /** The identifier, with its angle brackets. */
  readonly messageId?: string;
  /** Every header field in its order, decoded. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  /** The header as it stands in the message, one character for each octet. */
  readonly rawHeader?: string;
  /** The plain text. */
  readonly text?: string;
  /** The HTML. */
  readonly html?: string;
  /** What is attached. */
  readonly attachments?: readonly JsonPart[];
  /** What the HTML refers to. */
  readonly linkedResources?: readonly JsonPart[];
  /** Other forms of the text. */
  readonly alternateViews?: readonly JsonPart[];
}
