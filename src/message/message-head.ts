// The properties of a message that are header fields. What they mean is in head-values.ts.
import {
  type AddressInput,
  type MailAddress,
  mailboxesOf,
  type ParsedHeaders,
  parseAddressList,
} from '../mime/index.ts';
import {
  checkChoice,
  checkDate,
  checkLine,
  checkMessageId,
  checkMessageIds,
  fieldError,
  kindOf,
} from './field-checks.ts';
import {
  type AddressList,
  firstMailbox,
  type HeadValues,
  headCodecs,
  type Priority,
  type Sensitivity,
} from './head-values.ts';
import type { Identity } from './identity.ts';
import {
  checkListInfo,
  checkUnsubscribe,
  type ListInfo,
  type Unsubscribe,
} from './list-headers.ts';
import type { HeadFields } from './message-fields.ts';

/**
 * The header of a message, as properties. Values are checked when they are set; of a message that was
 * read they are decoded at first use and never throw.
 */
export class MessageHead {
  readonly #values: HeadValues;
  readonly #received: ParsedHeaders | undefined;
  readonly #identity: Identity;

  /** @internal */
  constructor(values: HeadValues, received: ParsedHeaders | undefined, identity: Identity) {
    this.#values = values;
    this.#received = received;
    this.#identity = identity;
  }

  /** @internal Sets every field that is given. */
  protected assign(fields: HeadFields): void {
    const { from, sender, replyTo, to, cc, bcc, subject, messageId, date } = fields;
    const { inReplyTo, references, priority, sensitivity, readReceiptTo } = fields;
    const { deliveryReceipt, unsubscribe, list } = fields;
    if (from !== undefined) this.from = from;
    if (sender !== undefined) this.sender = sender;
    if (replyTo !== undefined) this.replyTo = replyTo;
    if (to !== undefined) this.to = to;
    if (cc !== undefined) this.cc = cc;
    if (bcc !== undefined) this.bcc = bcc;
    if (subject !== undefined) this.subject = subject;
    if (messageId !== undefined) this.messageId = messageId;
    if (date !== undefined) this.date = date;
    if (inReplyTo !== undefined) this.inReplyTo = inReplyTo;
    if (references !== undefined) this.references = references;
    if (priority !== undefined) this.priority = priority;
    if (sensitivity !== undefined) this.sensitivity = sensitivity;
    if (readReceiptTo !== undefined) this.readReceiptTo = readReceiptTo;
    if (deliveryReceipt !== undefined) this.deliveryReceipt = deliveryReceipt;
    if (unsubscribe !== undefined) this.unsubscribe = unsubscribe;
    if (list !== undefined) this.list = list;
  }

  /** The authors: From (RFC 5322 section 3.6.2). Text, addresses and arrays of them can be assigned. */
  get from(): AddressList {
    return this.#addresses('from');
  }
  set from(value: AddressInput) {
    this.#values.from = parseAddressList(value, 'from');
  }

  /** Who sends in the authors' name: Sender. Default: the first author, when there are several. */
  get sender(): MailAddress | undefined {
    return firstMailbox(this.#addresses('sender'));
  }
  set sender(value: AddressInput | undefined) {
    const list = value === undefined ? [] : parseAddressList(value, 'sender');
    if (list.length > 1 || mailboxesOf(list).length !== list.length) {
      throw fieldError('sender', 'must be one mailbox; several authors belong in from');
    }
    this.#values.sender = list;
  }

  /** Where answers go: Reply-To. */
  get replyTo(): AddressList {
    return this.#addresses('replyTo');
  }
  set replyTo(value: AddressInput) {
    this.#values.replyTo = parseAddressList(value, 'replyTo');
  }

  /** The recipients: To. */
  get to(): AddressList {
    return this.#addresses('to');
  }
  set to(value: AddressInput) {
    this.#values.to = parseAddressList(value, 'to');
  }

  /** Recipients of a copy: Cc. */
  get cc(): AddressList {
    return this.#addresses('cc');
  }
  set cc(value: AddressInput) {
    this.#values.cc = parseAddressList(value, 'cc');
  }

  /** Recipients that the others do not see; in the envelope only, never written on the wire. */
  get bcc(): AddressList {
    return this.#addresses('bcc');
  }
  set bcc(value: AddressInput) {
    this.#values.bcc = parseAddressList(value, 'bcc');
  }

  /** The subject; `''` when there is none. */
  get subject(): string {
    return this.#value('subject') ?? '';
  }
  set subject(value: string) {
    this.#values.subject = checkLine(value, 'subject');
  }

  /**
   * The message's identifier with its angle brackets. Made at first need and kept, as
   * `<random@domain-of-from>`; `''` when a message that was read has none.
   */
  get messageId(): string {
    return this.#value('messageId') ?? this.#make('messageId', () => this.#newMessageId()) ?? '';
  }
  set messageId(value: string) {
    this.#values.messageId = checkMessageId(value, 'messageId');
  }

  /** When it was written; set at first need and kept. `undefined` when a message that was read has none that can be read. */
  get date(): Date | undefined {
    return this.#value('date') ?? this.#make('date', () => this.#identity.now());
  }
  set date(value: Date) {
    this.#values.date = checkDate(value, 'date');
  }

  /** Identifiers of the messages this one answers: In-Reply-To. A string or an array can be assigned. */
  get inReplyTo(): string[] {
    return this.#list('inReplyTo');
  }
  set inReplyTo(value: string | readonly string[]) {
    this.#values.inReplyTo = checkMessageIds(value, 'inReplyTo');
  }

  /** Identifiers of the conversation, oldest first: References. A string or an array can be assigned. */
  get references(): string[] {
    return this.#list('references');
  }
  set references(value: string | readonly string[]) {
    this.#values.references = checkMessageIds(value, 'references');
  }

  /** `'normal'` unless said otherwise: X-Priority and Importance. */
  get priority(): Priority {
    return this.#value('priority') ?? 'normal';
  }
  set priority(value: Priority) {
    this.#values.priority = checkChoice(value, ['high', 'normal', 'low'], 'priority');
  }

  /** `'normal'` unless said otherwise: Sensitivity (RFC 4021). */
  get sensitivity(): Sensitivity {
    return this.#value('sensitivity') ?? 'normal';
  }
  set sensitivity(value: Sensitivity) {
    const levels = ['normal', 'personal', 'private', 'company-confidential'] as const;
    this.#values.sensitivity = checkChoice(value, levels, 'sensitivity');
  }

  /** Who is told when the message is read: Disposition-Notification-To (RFC 8098). */
  get readReceiptTo(): AddressList {
    return this.#addresses('readReceiptTo');
  }
  set readReceiptTo(value: AddressInput) {
    this.#values.readReceiptTo = parseAddressList(value, 'readReceiptTo');
  }

  /** Whether the sender asks to be told of the delivery: Return-Receipt-To, which Exchange and sendmail honour. */
  get deliveryReceipt(): boolean {
    return this.#value('deliveryReceipt') ?? false;
  }
  set deliveryReceipt(value: boolean) {
    if (typeof value !== 'boolean') {
      throw fieldError('deliveryReceipt', `must be true or false, got ${kindOf(value)}`);
    }
    this.#values.deliveryReceipt = value;
  }

  /** How to leave the list: List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058). */
  get unsubscribe(): Unsubscribe | undefined {
    return this.#value('unsubscribe');
  }
  set unsubscribe(value: Unsubscribe) {
    this.#values.unsubscribe = checkUnsubscribe(value);
  }

  /** What the mailing list says of itself: List-Id and the commands of RFC 2369. */
  get list(): ListInfo | undefined {
    return this.#value('list');
  }
  set list(value: ListInfo) {
    this.#values.list = checkListInfo(value);
  }

  #addresses(
    key: 'from' | 'sender' | 'replyTo' | 'to' | 'cc' | 'bcc' | 'readReceiptTo',
  ): AddressList {
    this.#values[key] ??= this.#read(key) ?? [];
    return this.#values[key];
  }

  #list(key: 'inReplyTo' | 'references'): string[] {
    this.#values[key] ??= this.#read(key) ?? [];
    return this.#values[key];
  }

  #value<Key extends keyof HeadValues>(key: Key): HeadValues[Key] {
    this.#values[key] ??= this.#read(key);
    return this.#values[key];
  }

  #read<Key extends keyof HeadValues>(key: Key): HeadValues[Key] {
    return this.#received && (headCodecs[key].read(this.#received) as HeadValues[Key]);
  }

  /** A composed message gets what it lacks; to one that was read nothing is added. */
  #make<Key extends 'messageId' | 'date'>(key: Key, make: () => HeadValues[Key]): HeadValues[Key] {
    if (!this.#received) this.#values[key] ??= make();
    return this.#values[key];
  }

  #newMessageId(): string {
    const domain = firstMailbox(this.#values.from)?.domain ?? '';
    // A domain literal has no place in an identifier that is to be unique everywhere.
    return this.#identity.messageId(/^[\w.-]+$/.test(domain) ? domain : 'localhost');
  }
}
