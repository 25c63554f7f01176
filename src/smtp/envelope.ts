// What is handed to a connection and what comes back. Bytes and addresses in wire form: no message objects here.
import type { RecipientFailure, SmtpReply } from '../base/index.ts';

/** Who a message is from and for, as MAIL and RCPT write it (RFC 5321 section 2.3.1). */
export interface SmtpEnvelope {
  /** The reverse-path; `''` is the null path of bounces. */
  readonly from: string;
  /** The recipients, at least one. */
  readonly to: readonly string[];
}

/** The bytes of a message, ready but for line ends and dots, which the connection sees to. */
export interface WireContent {
  /** Octets with every line end as CRLF; `undefined` when not known beforehand. */
  readonly size: number | undefined;
  /** Whether octets above 127 occur; the server must then offer 8BITMIME (RFC 6152). */
  readonly eightBit: boolean;
  /** Whether the header holds UTF-8; the server must then offer SMTPUTF8 (RFC 6531). */
  readonly utf8: boolean;
  /** The bytes, once, in chunks that are not changed any more; bare CR and LF become CRLF on the way. */
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** How far the content has come. */
export interface SendProgress {
  /** Octets of content given to the connection so far. */
  readonly bytesSent: number;
  /** Octets in all, when known. */
  readonly bytesTotal?: number;
}

/** How one message is delivered over a connection. */
export interface DeliveryOptions {
  /** Ends the call; the connection is closed then. Default: none. */
  readonly signal?: AbortSignal;
  /** Called as the content is written. What it throws is ignored. Default: none. */
  readonly onProgress?: (progress: SendProgress) => void;
  /**
   * What happens when the server refuses some of the recipients: the others get the message, or
   * nobody does and a `RecipientsError` is thrown. Default: `'send-to-accepted'`.
   */
  readonly partial?: 'send-to-accepted' | 'all-or-nothing';
}

/** What the server made of one message. */
export interface DeliveryReport {
  /** Recipients the server accepted, as given. */
  readonly accepted: string[];
  /** Recipients the server refused, each with its reply. */
  readonly rejected: RecipientFailure[];
  /** The final reply. */
  readonly reply: SmtpReply;
  /** The server's own number for the message, where its reply holds one that can be recognised. */
  readonly queueId?: string;
  /** Octets of the message as delivered: CRLF line ends, without the dots added for transport. */
  readonly size: number;
}
