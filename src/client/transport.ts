// What every way of delivering a message looks like. Types only.
import type { RecipientFailure, SmtpReply, UnsettledRecipient } from '../base/index.ts';
import type { MailMessage, MessageFields } from '../message/index.ts';
import type { AddressInput } from '../mime/index.ts';
import type { DsnOptions, FinalNotice, SendProgress, ServerInfo } from '../smtp/index.ts';

/** What can be sent: a message, or the fields of one. */
export type Sendable = MailMessage | MessageFields;

/** Who a message goes from and to when that is not what its header says. */
export interface EnvelopeOptions {
  /** The reverse path; `''` for none, as bounces have. Default: the message's sender or first author. */
  readonly from?: AddressInput | undefined;
  /** The recipients. Default: every mailbox of To, Cc and Bcc. */
  readonly to?: AddressInput | undefined;
  /**
   * What is to be reported about the delivery (RFC 3461). Default: the client's `dsn`; for a message with
   * `deliveryReceipt`, every event, where the server offers DSN.
   */
  readonly dsn?: DsnOptions | undefined;
}

/** How anything is sent. */
export interface DeliverOptions {
  /** Ends the call. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the content is written. What it throws is ignored. Default: none. */
  readonly onProgress?: ((progress: SendProgress) => void) | undefined;
  /**
   * What happens when some recipients are refused: the others get the message, or nobody does and a
   * `RecipientsError` is thrown. Default: `'send-to-accepted'`.
   */
  readonly partial?: 'send-to-accepted' | 'all-or-nothing' | undefined;
  /**
   * Every server on the way must pass the message on over verified TLS, or return it (REQUIRETLS, RFC 8689). Default:
   * the client's.
   */
  readonly requireTls?: boolean | undefined;
  /** In how many seconds the message must be delivered, or it is returned (DELIVERBY, RFC 2852). Default: no bound. */
  readonly deliverBySeconds?: number | undefined;
  /** For how many seconds the server holds it back (FUTURERELEASE, RFC 4865). Default: not at all. */
  readonly holdForSeconds?: number | undefined;
  /**
   * How soon servers handle it, from -9 to 9 (MT-PRIORITY, RFC 6710), where that is offered. Default: the client's
   * `priority`.
   */
  readonly mtPriority?: number | undefined;
  /**
   * Called before the octets that make the message the server's (the final dot, or the last chunk), and waited for: to note
   * on disk that it may be delivered from then on. When it rejects, they are not sent, and the call fails with its error.
   * Default: none.
   */
  readonly beforeFinal?: ((notice: FinalNotice) => Promise<void>) | undefined;
}

/** How one message is sent. */
export interface SendOptions extends DeliverOptions {
  /** Who it goes from and to. Default: by the message's header. */
  readonly envelope?: EnvelopeOptions | undefined;
  /**
   * Whether it goes packed for Outlook: as plain text with a winmail.dat (TNEF, MS-OXTNEF) that holds everything else, files
   * too. Recipients with other programs see the text alone. Default: the client's.
   */
  readonly tnef?: boolean | undefined;
}

/** Who a raw message goes from and to, and how. */
export interface SendRawOptions extends DeliverOptions {
  /** The reverse path; `''` for none. */
  readonly from: AddressInput;
  /** The recipients. */
  readonly to: AddressInput;
  /** What is to be reported about the delivery (RFC 3461). Default: the client's `dsn`. */
  readonly dsn?: DsnOptions | undefined;
}

/** How a message is forwarded. */
export interface SendForwardOptions extends DeliverOptions {
  /**
   * Whether a Resent-* block is put before the header (RFC 5322 section 3.6.6): it tells who sent the message on, to
   * whom and when. Default: `false`.
   */
  readonly resent?: boolean | undefined;
  /** What is to be reported about the delivery (RFC 3461). Default: the client's `dsn`. */
  readonly dsn?: DsnOptions | undefined;
}

/** What became of a message that a server took. */
export interface SendReceipt {
  /** The message's Message-ID with its angle brackets; `''` when it has none. */
  messageId: string;
  /** Who it was from and for. */
  envelope: { from: string; to: string[] };
  /** The recipients the server accepted. */
  accepted: string[];
  /** The recipients it refused, each with the server's reply. */
  rejected: RecipientFailure[];
  /**
   * Recipients of whom something other than a reply ended the delivery, when others were accepted before: the message
   * went in several transactions, or over LMTP, and the connection broke. Empty as a rule.
   */
  unsettled: UnsettledRecipient[];
  /** The final reply. */
  reply: SmtpReply;
  /** The server's own number for the message, where its reply holds one. */
  queueId?: string;
  /** Octets of the message as delivered. */
  size: number;
  /** When the call began. */
  startedAt: Date;
  /** How long it took, in milliseconds. */
  durationMs: number;
  /** The server and the encryption in use. */
  server: ServerInfo;
}

/** A way to deliver messages: a server, a directory, a program, memory. */
export interface Transport {
  /** What it is called in logs, such as `'smtp'`. */
  readonly name: string;
  /**
   * Whether `send` calls `beforeFinal`. The outbox notes that the message may be delivered before it calls a `send` that
   * does not. Default: `false`.
   */
  readonly callsBeforeFinal?: boolean;
  /** Delivers one message; rejects with a `PosthornError`, which tells whether it may be delivered all the same. */
  send(message: Sendable, options?: SendOptions): Promise<SendReceipt>;
  /** Finds out whether messages could be sent, without sending one. */
  verify?(): Promise<void>;
  /** Waits for what is under way and lets go of everything. */
  close(): Promise<void>;
}
