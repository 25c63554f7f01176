// A message that is passed on: inside another one, or attached to it as it is.
import type { AddressInput } from '../../mime/index.ts';
import type { AttachedPart } from '../attached-part.ts';
import { checkChoice, checkText } from '../field-checks.ts';
import { escapeHtml } from '../html/safe-html.ts';
import { checkNames, type KnownNames } from '../known-names.ts';
import { textFromHtml } from '../text-from-html.ts';
import { inOneLine } from './one-line.ts';
import { firstFields, type Original } from './original.ts';
import { appendHtml, dateIn, htmlFromText, htmlOf, namesOf, textOf } from './quote.ts';
import type { AnswerFields } from './reply-fields.ts';
import { forwardSubject } from './subject.ts';
import { threadOf } from './thread.ts';

/** How a message is passed on. */
export interface ForwardAsAttachmentOptions {
  /** Who passes it on. */
  readonly from?: AddressInput | undefined;
  /** Who gets it. */
  readonly to?: AddressInput | undefined;
  /** Who gets a copy. */
  readonly cc?: AddressInput | undefined;
  /** Who gets a copy that the others do not know of. */
  readonly bcc?: AddressInput | undefined;
  /** Words of one's own as text. Default: from `html`, else none. */
  readonly text?: string | undefined;
  /** Words of one's own as HTML. Default: from `text`, when the original has HTML. */
  readonly html?: string | undefined;
}

/** How a message is passed on inside another. */
export interface ForwardInlineOptions extends ForwardAsAttachmentOptions {
  /** Whether its attachments go with it. Default: `true`. */
  readonly attachments?: boolean | undefined;
  /** The line above it. Default: `'---------- Forwarded message ----------'`. */
  readonly heading?: string | undefined;
}

const common = ['from', 'to', 'cc', 'bcc', 'text', 'html'] as const;
const habits: KnownNames['habits'] = new Map([
  ['subject', 'set it on the message that comes back: forward.subject = …'],
  ['body', "write text: '…' or html: '…'"],
]);
const inlineNames: KnownNames = {
  of: 'forwarding',
  names: new Set<keyof ForwardInlineOptions>([...common, 'attachments', 'heading']),
  habits,
};
const attachedNames: KnownNames = {
  of: 'forwarding',
  names: new Set<keyof ForwardAsAttachmentOptions>(common),
  habits,
};

/** Signatures, which are of the message as it was. */
const SIGNATURE = /^application\/(?:pgp-signature|(?:x-)?pkcs7-signature)$/;

/** The fields of a message with another inside its text. */
export function forwardInlineFields<A extends AttachedPart>(
  original: Original<A>,
  options: ForwardInlineOptions,
): AnswerFields<A> {
  checkNames(options, inlineNames);
  const {
    text,
    html,
    attachments = true,
    heading = '---------- Forwarded message ----------',
  } = options;
  checkWords(text, html, heading);
  checkChoice(attachments, [true, false], 'attachments');
  const own = ownText(text, html);
  const lines = headLines(original);
  const above = [heading, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const plain = `${own === '' ? '' : `${own}\n\n`}${above}\n\n${textOf(original)}\n`;
  const linked = [...original.linkedResources];
  const files = attachments
    ? original.attachments.filter(
        (one) => !linked.includes(one) && !SIGNATURE.test(one.contentType),
      )
    : [];
  const fields = { ...headOf(original, options), text: plain, attachments: files, flowed: true };
  if (html === undefined && original.html === undefined) return fields;
  const rows = lines.map(([name, value]) => `<b>${name}:</b> ${escapeHtml(value)}<br>`);
  const head = `<div>${escapeHtml(heading)}<br>\n${rows.join('\n')}\n</div>`;
  const written = html ?? (own === '' ? '' : htmlFromText(own));
  const shown = `<br>\n${head}\n<br>\n${htmlOf(original)}`;
  return { ...fields, html: appendHtml(written, shown), linkedResources: linked };
}

/** The fields of a message to which another is attached whole; the caller adds that. */
export function forwardAsAttachmentFields(
  original: Original,
  options: ForwardAsAttachmentOptions,
): AnswerFields<never> {
  checkNames(options, attachedNames);
  const { text, html } = options;
  checkWords(text, html, '');
  const own = ownText(text, html);
  return {
    ...headOf(original, options),
    ...(own !== '' && { text: `${own}\n` }),
    ...(html !== undefined && { html }),
    flowed: true,
  };
}

function headOf(
  original: Original,
  { from, to, cc, bcc }: ForwardAsAttachmentOptions,
): AnswerFields<never> {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cc !== undefined && { cc }),
    ...(bcc !== undefined && { bcc }),
    subject: forwardSubject(original.subject),
    // Readers show it with the conversation; it answers nobody, so there is no In-Reply-To.
    references: threadOf(original).references,
  };
}

function checkWords(text: unknown, html: unknown, heading: unknown): void {
  if (text !== undefined) checkText(text, 'text');
  if (html !== undefined) checkText(html, 'html');
  checkText(heading, 'heading');
}

function ownText(text: string | undefined, html: string | undefined): string {
  return (text ?? (html === undefined ? '' : textFromHtml(html))).trimEnd();
}

function headLines({
  from,
  to,
  cc,
  date,
  subject,
  headers,
}: Original): [name: string, value: string][] {
  const lines: [string, string][] = [
    ['From', namesOf(from)],
    ['Date', date ? dateIn(date, firstFields({ headers }).get('date')) : ''],
    ['Subject', inOneLine(subject)],
    ['To', namesOf(to)],
    ['Cc', namesOf(cc)],
  ];
  return lines.filter(([, value]) => value !== '');
}
