import type { MailAddress, ParsedEntity, ParsedHeaders } from '../mime/index.ts';

/** Who a message was handed over for: what MAIL FROM and RCPT TO said, not its header. */
export interface InboxEnvelope {
  /** The reverse-path; `''` for the null one of bounces. */
  readonly from: string;
  /** Every recipient, Bcc included, as given in RCPT TO; one given twice stands here once. */
  readonly to: readonly string[];
}

/** What is known of the connection a message came over. */
export interface InboxSession {
  /** The name the client gave in EHLO or HELO; from outside, not escaped. */
  readonly clientName: string;
  /** The address the connection came from. */
  readonly remoteAddress: string;
  /** The user name the client logged in with, any is taken; `undefined` without a login. */
  readonly username: string | undefined;
  /** Whether the link was encrypted by STARTTLS. */
  readonly encrypted: boolean;
}

/** One file of a message that arrived. */
export interface InboxAttachment {
  /** Its decoded name; from outside: never use it as a path. `undefined` when it has none. */
  readonly filename: string | undefined;
  /** Its media type in lower case, such as `'application/pdf'`. */
  readonly contentType: string;
  /** What Content-Disposition says: `'attachment'`, `'inline'`; `undefined` when there is none. */
  readonly disposition: string | undefined;
  /** Its Content-ID without angle brackets, which HTML refers to as `cid:…`. */
  readonly cid: string | undefined;
  /** Octets of the decoded content. */
  readonly size: number;
  /** The decoded content. */
  bytes(): Promise<Uint8Array>;
}

/** Something that is wrong with a message as mail. */
export interface InboxProblem {
  /** A stable string: one of reading MIME, or `'LIMIT_EXCEEDED'` when the message was not read whole. */
  readonly code: string;
  /** What is wrong. */
  readonly message: string;
  /** The octet of `raw` it was noticed at, from 0. */
  readonly offset: number;
  /** The line of `raw` it was noticed in, from 1. */
  readonly line: number;
}

/** A message that arrived at the inbox. The fields that are read from its text are decoded on first use. */
export interface InboxMessage {
  /** The name it has in this inbox and in the HTTP API. */
  readonly id: string;
  /** The sender and the recipients it was handed over for. */
  readonly envelope: InboxEnvelope;
  /** The connection it came over. */
  readonly session: InboxSession;
  /** When its last octet was taken. */
  readonly receivedAt: Date;
  /** Octets of `raw`. */
  readonly size: number;
  /** The message exactly as it came, dot stuffing undone, no trace header added. */
  readonly raw: Uint8Array;
  /** Whether somebody has opened it on the page or marked it as read. */
  readonly read: boolean;
  /** The decoded Subject; `''` when there is none. */
  readonly subject: string;
  /** The mailboxes of From, those in groups among them. */
  readonly from: readonly MailAddress[];
  /** The mailboxes of To, those in groups among them. */
  readonly to: readonly MailAddress[];
  /** The mailboxes of Cc, those in groups among them. */
  readonly cc: readonly MailAddress[];
  /** The mailboxes of Reply-To, those in groups among them. */
  readonly replyTo: readonly MailAddress[];
  /** What Date says; `undefined` when it is absent or unreadable. */
  readonly date: Date | undefined;
  /** The Message-ID in its angle brackets, as in a receipt; `undefined` when there is none. */
  readonly messageId: string | undefined;
  /** The plain text body, lines end with `\n`; `undefined` when there is none. */
  readonly text: string | undefined;
  /** The HTML body; `undefined` when there is none. Hostile until sanitised. */
  readonly html: string | undefined;
  /** The files, linked images among them, in their order. */
  readonly attachments: readonly InboxAttachment[];
  /** The header fields of the message. */
  readonly headers: ParsedHeaders;
  /** The MIME tree. */
  readonly root: ParsedEntity;
  /** What is wrong with the message as mail; empty for a sound one. */
  readonly problems: readonly InboxProblem[];
}
