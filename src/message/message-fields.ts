// What a message is composed of: the fields and options that `new MailMessage({ … })` takes.
import type { AddressInput } from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import { checkChoice, checkText, fieldError, kindOf } from './field-checks.ts';
import type { Priority, Sensitivity } from './head-values.ts';
import { checkNames, type KnownNames } from './known-names.ts';
import type { ListInfo, Unsubscribe } from './list-headers.ts';
import type { HeadersInput } from './message-headers.ts';

/** The fields of a message, all optional; a field that is `undefined` counts as left out. */
export interface HeadFields {
  /** The authors; needed for sending. */
  readonly from?: AddressInput | undefined;
  /** Who sends in the authors' name, one mailbox. Default: the first author, when there are several. */
  readonly sender?: AddressInput | undefined;
  /** Where answers go. Default: to the authors. */
  readonly replyTo?: AddressInput | undefined;
  /** The recipients. */
  readonly to?: AddressInput | undefined;
  /** Recipients of a copy. */
  readonly cc?: AddressInput | undefined;
  /** Recipients that the others do not see; never written into the message. */
  readonly bcc?: AddressInput | undefined;
  /** The subject. */
  readonly subject?: string | undefined;
  /** The identifier, such as `'<8f3a@example.com>'`. Default: random, with the domain of `from`. */
  readonly messageId?: string | undefined;
  /** Default: when it is first needed. */
  readonly date?: Date | undefined;
  /** The message or messages this one answers. */
  readonly inReplyTo?: string | readonly string[] | undefined;
  /** The conversation's messages, oldest first. */
  readonly references?: string | readonly string[] | undefined;
  /** Default: `'normal'`. */
  readonly priority?: Priority | undefined;
  /** Default: `'normal'`. */
  readonly sensitivity?: Sensitivity | undefined;
  /** Who is told when the message is read (RFC 8098). */
  readonly readReceiptTo?: AddressInput | undefined;
  /** Whether to ask for a notice of delivery. Default: `false`. */
  readonly deliveryReceipt?: boolean | undefined;
  /** How to leave the list (RFC 2369); one click when `url` is `https:` (RFC 8058). */
  readonly unsubscribe?: Unsubscribe | undefined;
  /** What the mailing list says of itself: List-Id and other List-… fields. */
  readonly list?: ListInfo | undefined;
  /** Any other header fields, in order; repeated ones as an array of values or as pairs. */
  readonly headers?: HeadersInput | undefined;
}

/** How a composed message is written. */
export interface ComposeOptions {
  /** Write text so that readers may re-wrap it (format=flowed, RFC 3676). Default: `false`. */
  readonly flowed?: boolean | undefined;
  /** `'link'`: pictures inside the HTML (`data:` URLs) become linked resources. Default: `'keep'`. */
  readonly dataUrls?: 'keep' | 'link' | undefined;
  /** Make a text alternative from the HTML when `text` is not given. Default: `false`. */
  readonly textFromHtml?: boolean | undefined;
  /** A seed that fixes boundaries, Message-ID and Date (1 January 2020), for tests. One seed, one message. Default: random. */
  readonly deterministic?: string | undefined;
}

const known: KnownNames = {
  of: 'a message',
  names: new Set<keyof MessageNames>([
    'from',
    'sender',
    'replyTo',
    'to',
    'cc',
    'bcc',
    'subject',
    'text',
    'html',
    'attachments',
    'linkedResources',
    'alternateViews',
    'headers',
    'priority',
    'sensitivity',
    'readReceiptTo',
    'deliveryReceipt',
    'messageId',
    'date',
    'inReplyTo',
    'references',
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
    ['alternatives', "write alternateViews: [new AlternateView('…', 'text/…')]"],
    ['watchHtml', "write alternateViews: [new AlternateView('…', 'text/watch-html')]"],
    ['amp', "write alternateViews: [new AlternateView('…', 'text/x-amp-html')]"],
    [
      'icalEvent',
      "write alternateViews: [new AlternateView('…', 'text/calendar; method=REQUEST')]",
    ],
    ['inlineImages', "write linkedResources: [{ cid: 'logo', path: 'logo.png' }]"],
    ['raw', 'give the bytes to client.sendRaw(bytes, { from, to })'],
    ['envelope', 'give it to client.send(message, { envelope })'],
    ['attachDataUrls', "write dataUrls: 'link'"],
    ['importance', "write priority: 'high'"],
    ['textEncoding', 'the encoding is chosen by content'],
    ['encoding', 'the encoding is chosen by content; text is always UTF-8'],
  ]),
};

interface MessageNames extends HeadFields, ComposeOptions {
  readonly text: never;
  readonly html: never;
  readonly attachments: never;
  readonly linkedResources: never;
  readonly alternateViews: readonly AlternateView[];
}

/**
 * Throws an `OptionError` when a field or option has a name that a message doesn't know, an `InvalidMessageError`
 * when an option has a value it can't have.
 */
export function checkFields(fields: ComposeOptions): void {
  if (typeof fields !== 'object' || fields === null) {
    throw fieldError('A message', `is composed from an object of fields, got ${kindOf(fields)}`);
  }
  checkNames(fields, known);
  const { flowed, textFromHtml, dataUrls, deterministic } = fields;
  if (flowed !== undefined) checkChoice(flowed, [true, false], 'flowed');
  if (textFromHtml !== undefined) checkChoice(textFromHtml, [true, false], 'textFromHtml');
  if (dataUrls !== undefined) checkChoice(dataUrls, ['keep', 'link'], 'dataUrls');
  if (deterministic !== undefined) checkText(deterministic, 'deterministic');
}
