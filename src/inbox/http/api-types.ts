// What the HTTP API of the inbox answers, as JSON. Paths and shapes are kept stable under /api/v1.

/** A mailbox. */
export interface AddressJson {
  /** The decoded display name; `''` when there is none. */
  readonly name: string;
  readonly address: string;
}

/** How many messages there are; part of every answer that may change it. */
export interface CountsJson {
  /** All kept messages. */
  readonly total: number;
  /** Those nobody has opened. */
  readonly unread: number;
}

/** One line of the list. */
export interface MessageSummaryJson {
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** Octets. */
  readonly size: number;
  readonly subject: string;
  /** At most 20 mailboxes. */
  readonly from: readonly AddressJson[];
  /** At most 20 mailboxes. */
  readonly to: readonly AddressJson[];
  /** The sender given in MAIL FROM. */
  readonly envelopeFrom: string;
  /** The recipients given in RCPT TO, at most 20. */
  readonly recipients: readonly string[];
  /** How many recipients there are in all. */
  readonly recipientCount: number;
  /** The first words of the body. */
  readonly snippet: string;
  readonly attachmentCount: number;
  readonly read: boolean;
}

/** `GET /api/v1/messages`. */
export interface MessageListJson extends CountsJson {
  /** How many messages fit the search. */
  readonly matched: number;
  /** Newest first. */
  readonly messages: readonly MessageSummaryJson[];
}

/** A recipient as the envelope names it. */
export interface RecipientJson {
  readonly address: string;
  /** The header field that names it; `'bcc'` when none does. */
  readonly field: 'to' | 'cc' | 'bcc';
}

/** `GET /api/v1/recipients`. */
export interface RecipientsJson {
  /** Whom the kept messages were for, those with the newest message first; at most 50. */
  readonly recipients: readonly { readonly address: string; readonly count: number }[];
}

/** A header field, decoded. */
export interface HeaderJson {
  readonly name: string;
  readonly value: string;
}

/** One part of the MIME tree. */
export interface PartJson {
  /** Its place when the tree is walked parents first; 0 is the message itself. */
  readonly index: number;
  /** How many parts it lies in. */
  readonly depth: number;
  readonly contentType: string;
  readonly charset: string | null;
  readonly encoding: string;
  readonly disposition: string | null;
  readonly filename: string | null;
  readonly cid: string | null;
  /** Octets of its body as transmitted. */
  readonly size: number;
  /** Whether it holds other parts, so that it has no content of its own to download. */
  readonly container: boolean;
}

/** A file of the message. */
export interface AttachmentJson {
  /** Of the part. */
  readonly index: number;
  readonly filename: string | null;
  readonly contentType: string;
  readonly cid: string | null;
  /** Octets, decoded. */
  readonly size: number;
  /** Path of the download. */
  readonly url: string;
}

/** Something that is wrong with the message as mail. */
export interface ProblemJson {
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

/** `GET /api/v1/messages/ID`. */
export interface MessageDetailJson extends MessageSummaryJson {
  readonly cc: readonly AddressJson[];
  readonly replyTo: readonly AddressJson[];
  /** What Date says, ISO 8601. */
  readonly date: string | null;
  readonly messageId: string | null;
  readonly deliveredTo: readonly RecipientJson[];
  readonly session: {
    readonly clientName: string;
    readonly remoteAddress: string;
    readonly username: string | null;
    readonly encrypted: boolean;
  };
  readonly text: string | null;
  /** Path of the HTML body as a document of its own, which runs and loads nothing. */
  readonly htmlUrl: string | null;
  readonly rawUrl: string;
  readonly headers: readonly HeaderJson[];
  readonly attachments: readonly AttachmentJson[];
  readonly parts: readonly PartJson[];
  readonly problems: readonly ProblemJson[];
  /** Names of the members above that are longer than shown; `raw` has all of them. */
  readonly truncated: readonly string[];
}

/** `GET /api/v1/info`. */
export interface InfoJson extends CountsJson {
  readonly smtp: { readonly host: string; readonly port: number };
  readonly http: { readonly host: string; readonly port: number };
  readonly maxMessages: number;
}

/** `GET /api/v1/events`, event `added`. */
export interface AddedJson extends CountsJson {
  readonly message: MessageSummaryJson;
}

/** `GET /api/v1/events`, event `removed`. */
export interface RemovedJson extends CountsJson {
  readonly ids: readonly string[];
}

/** `GET /api/v1/events`, event `changed`. */
export interface ChangedJson extends CountsJson {
  readonly ids: readonly string[];
  readonly read: boolean;
}

/** Every answer of status 400 and above. */
export interface ErrorJson {
  readonly error: {
    /** Stable, to switch on. */
    readonly code: string;
    /** What is wrong and what to do. */
    readonly message: string;
  };
}
