// What is handed to a connection and what comes back. Bytes and addresses in wire form: no message objects here.
import type { RecipientFailure, SmtpReply, UnsettledRecipient } from '../base/index.ts';
import type { DsnOptions } from './dsn.ts';

/** Who a message is from and for, as MAIL and RCPT write it (RFC 5321 section 2.3.1). */
export interface SmtpEnvelope {
  /** The reverse-path; `''` is the null path of bounces. */
  readonly from: string;
  /** The recipients, at least one. */
  readonly to: readonly string[];
  /** What is to be reported about the delivery (RFC 3461). Default: what the server does by itself. */
  readonly dsn?: DsnOptions;
}

/** The bytes of a message, ready but for line ends and dots, which the connection sees to. */
export interface WireContent {
  /** Octets with every line end as CRLF; `undefined` when not known beforehand. */
  readonly size: number | undefined;
  /** Whether octets above 127 occur; the server must then offer 8BITMIME (RFC 6152). */
  readonly eightBit: boolean;
  /** Whether the header holds UTF-8; the server must then offer SMTPUTF8 (RFC 6531). */
  readonly utf8: boolean;
  /**
   * Whether `chunks` can be called again: for a server that takes the recipients in several transactions.
   * Default: `false`.
   */
  readonly isRepeatable?: boolean;
  /**
   * Whether a chunk's memory is written over when the next is asked for: that is then done only when the chunk has
   * left. Default: `false`, chunks are not changed any more.
   */
  readonly isRecycled?: boolean;
  /** Whether every line end is CRLF already, by construction: it may then go in chunks of known size. Default: `false`. */
  readonly isCanonical?: boolean;
  /** The bytes in chunks; bare CR and LF become CRLF on the way. */
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** How far the content has come. */
export interface SendProgress {
  /** Octets of content given to the connection so far. */
  readonly bytesSent: number;
  /** Octets in all, when known. */
  readonly bytesTotal?: number;
}

/** A transaction that is about to be finished. */
export interface FinalNotice {
  /** Its recipients: those who may have the message from now on. */
  readonly recipients: readonly string[];
  /** Those who were accepted in earlier transactions over this connection. */
  readonly accepted: readonly string[];
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
  /**
   * Every server on the way must pass the message on over verified TLS, or return it (REQUIRETLS, RFC 8689).
   * Default: `false`.
   */
  readonly requireTls?: boolean;
  /** In how many seconds the message must be delivered, or it is returned (DELIVERBY, RFC 2852). Default: no bound. */
  readonly deliverBySeconds?: number;
  /** For how many seconds the server holds the message back (FUTURERELEASE, RFC 4865). Default: not at all. */
  readonly holdForSeconds?: number;
  /**
   * How soon servers handle the message, from -9 to 9 (MT-PRIORITY, RFC 6710). Left out where the server does not
   * offer it: it changes when the message arrives, not whether. Default: 0, said by leaving it out.
   */
  readonly mtPriority?: number;
  /**
   * Called before the octets that make the message the server's (the final dot, or the last chunk), and waited for. When it
   * rejects, they are not sent, and the delivery fails with its error. Default: none.
   */
  readonly beforeFinal?: (notice: FinalNotice) => Promise<void>;
}

/** What the server made of one message. */
export interface DeliveryReport {
  /** Recipients the server accepted, as given. */
  readonly accepted: string[];
  /** Recipients the server refused, each with its reply. */
  readonly rejected: RecipientFailure[];
  /**
   * Recipients of whom something other than a reply ended the delivery: a message that goes in several transactions,
   * or over LMTP, may get through to some before the connection breaks. Empty as a rule.
   */
  readonly unsettled: UnsettledRecipient[];
  /** The final reply; of several, the first that accepted. */
  readonly reply: SmtpReply;
  /** The server's own number for the message, where its reply holds one that can be recognised. */
  readonly queueId?: string;
  /** Octets of the message as delivered: CRLF line ends, without the dots added for transport. */
  readonly size: number;
}
