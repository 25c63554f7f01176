// What a message that a machine wrote says. Types only; `read-report.ts` finds out which one it is.
import type { ParsedEntity, ParsedHeaders } from '../../mime/index.ts';
import type { BounceReason } from './bounce-reason.ts';

/** What became of a recipient (RFC 3464 section 2.3.3). Only `'failed'` is a failure. */
export type DeliveryAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** What a report says about one recipient (RFC 3464 section 2.3). */
export interface BounceRecipient {
  /** The address that it is about: that of `finalRecipient`, or else of `originalRecipient`. */
  readonly address: string;
  /** The address that the sender gave, when the report names it: it differs from `finalRecipient` behind an alias. */
  readonly originalRecipient: string | undefined;
  /** The address that the delivery was tried to, when the report names it. */
  readonly finalRecipient: string | undefined;
  /** What became of it. */
  readonly action: DeliveryAction;
  /**
   * The status code (RFC 3463), such as `'5.1.1'`: the one that the refusing server sent with its reply, else the
   * one in the report's Status field, else worked out from the SMTP reply code and `reason`; see `statusSource`.
   */
  readonly status: string;
  /** Where `status` is from: the Status field, a code in `diagnostic`, or rules. */
  readonly statusSource: 'field' | 'diagnostic' | 'rules';
  /** Whether trying again is useless: the first figure of `status` is 5 and `action` is `'failed'`. */
  readonly permanent: boolean;
  /** Why, in one word. */
  readonly reason: BounceReason;
  /** What the server that refused said, in one line; `undefined` when the report does not tell. */
  readonly diagnostic: string | undefined;
  /** The SMTP reply code in `diagnostic`, such as 550 (RFC 5321 section 4.2). */
  readonly replyCode: number | undefined;
  /** The server that refused, when the report names it. */
  readonly remoteMta: string | undefined;
  /** When the last attempt was made. */
  readonly lastAttempt: Date | undefined;
  /** Until when it is tried again; of delays only. */
  readonly willRetryUntil: Date | undefined;
  /** The number of the attempt in the log of `remoteMta`. */
  readonly finalLogId: string | undefined;
  /** Every field of the recipient in the report, also those without a property here; names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A report on the delivery of a message: refused, delayed, or delivered (RFC 3464, RFC 6533). */
export interface BounceReport {
  readonly kind: 'bounce';
  /** Every recipient that the report is about. */
  readonly recipients: readonly BounceRecipient[];
  /** `'RFC 3464'`, or the name of the mail system whose own form of a report this is, such as `'qmail'`. */
  readonly format: string;
  /** The server that made the report. */
  readonly reportingMta: string | undefined;
  /** When that server got the message. */
  readonly arrivalDate: Date | undefined;
  /** What the sender called the envelope (ENVID, RFC 3461 section 4.4). */
  readonly envelopeId: string | undefined;
  /** The header of the message that was not delivered; `undefined` when nothing of it came back. */
  readonly originalHeaders: ParsedHeaders | undefined;
  /** The Message-ID of that message, without angle brackets. */
  readonly originalMessageId: string | undefined;
  /** As much of that message as came back: all of it, or its header and maybe the beginning of its body. */
  readonly original: ParsedEntity | undefined;
  /** Every field of the report that is not of one recipient; names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A report on the use of a message: marked as spam, for instance (ARF: RFC 5965, RFC 6591). */
export interface FeedbackReport {
  readonly kind: 'feedback';
  /** What it is about: `'abuse'`, `'fraud'`, `'virus'`, `'not-spam'`, `'auth-failure'`, `'opt-out'`, `'other'` or another word. */
  readonly feedbackType: string;
  /** Whom the message was for, when told. */
  readonly originalRecipients: readonly string[];
  /** The envelope sender of the message. */
  readonly originalMailFrom: string | undefined;
  /** When the message arrived. */
  readonly arrivalDate: Date | undefined;
  /** The IP address that the message came from. */
  readonly sourceIp: string | undefined;
  /** The domains that the complaint is about. */
  readonly reportedDomains: readonly string[];
  /** The URIs that the complaint is about. */
  readonly reportedUris: readonly string[];
  /** The software that made the report. */
  readonly userAgent: string | undefined;
  /** The server that made the report. */
  readonly reportingMta: string | undefined;
  /** How many messages it stands for; 1 when not told. */
  readonly incidents: number;
  /** The header of the message; `undefined` when nothing of it came. */
  readonly originalHeaders: ParsedHeaders | undefined;
  /** The Message-ID of that message, without angle brackets. */
  readonly originalMessageId: string | undefined;
  /** As much of that message as came. */
  readonly original: ParsedEntity | undefined;
  /** Every field of the report, names in lower case; a repeated one holds its values, one a line. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A receipt: what a recipient did with the message (MDN: RFC 8098). */
export interface ReceiptReport {
  readonly kind: 'receipt';
  /** What was done: `'displayed'`, `'deleted'`, `'dispatched'`, `'processed'`, `'denied'`, `'failed'` or another word. */
  readonly disposition: string;
  /** Words after the type, such as `'error'` or `'expanded'`. */
  readonly modifiers: readonly string[];
  /** Whether a person agreed to send it, or software did on its own; `undefined` when not told. */
  readonly sentBy: 'person' | 'software' | undefined;
  /** Whose receipt it is. */
  readonly finalRecipient: string | undefined;
  /** The address that the sender gave. */
  readonly originalRecipient: string | undefined;
  /** The software that made the receipt. */
  readonly reportingUserAgent: string | undefined;
  /** The Message-ID of the message, without angle brackets. */
  readonly originalMessageId: string | undefined;
  /** The header of the message; `undefined` when nothing of it came back. */
  readonly originalHeaders: ParsedHeaders | undefined;
  /** As much of that message as came back: all of it, or its header and maybe the beginning of its body. */
  readonly original: ParsedEntity | undefined;
  /** Every field of the receipt, names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

/** An answer that no person wrote: an absence notice, a ticket number (RFC 3834). */
export interface AutoReply {
  readonly kind: 'auto-reply';
  /** What showed it: a header field, such as `'Auto-Submitted'`, or `'Subject'`. */
  readonly shownBy: string;
  /** The Message-ID of the message that is answered, without angle brackets. */
  readonly originalMessageId: string | undefined;
}

/** What a message written by a machine says; `kind` tells which it is. */
export type MailReport = BounceReport | FeedbackReport | ReceiptReport | AutoReply;
