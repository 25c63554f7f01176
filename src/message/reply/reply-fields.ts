// An answer to a message: whom it is for, what it is called, what it quotes.
import { type AddressInput, mailboxesOf, parseAddressList } from '../../mime/index.ts';
import type { AttachedPart } from '../attached-part.ts';
import { checkChoice, checkText, fieldError } from '../field-checks.ts';
import { escapeHtml } from '../html/safe-html.ts';
import { checkNames, type KnownNames } from '../known-names.ts';
import type { ComposeOptions, HeadFields } from '../message-fields.ts';
import { textFromHtml } from '../text-from-html.ts';
import { type Addressees, type Addressing, addresseesOf } from './addressees.ts';
import { checkMayAnswer } from './automatic.ts';
import { inOneLine } from './one-line.ts';
import { type FirstFields, firstFields, type Original } from './original.ts';
import {
  appendHtml,
  attributionOf,
  htmlFromText,
  htmlOf,
  prependHtml,
  quoteHtml,
  quoteText,
  textOf,
} from './quote.ts';
import { replySubject } from './subject.ts';
import { threadOf } from './thread.ts';

/** How a message is answered. */
export interface ReplyOptions {
  /** The answer as text. Default: from `html`, else empty. */
  readonly text?: string | undefined;
  /** The answer as HTML. Default: from `text`, when the original has HTML. */
  readonly html?: string | undefined;
  /** Whether everybody who got the original gets the answer: To and Cc, or Mail-Followup-To. Default: `false`. */
  readonly all?: boolean | undefined;
  /** Whether the answer goes to the mailing list that the original came from (List-Post), and nowhere else. Default: `false`. */
  readonly list?: boolean | undefined;
  /** Who answers. Default: the one of `own` that the original was sent to, else its only recipient. */
  readonly from?: AddressInput | undefined;
  /** All addresses of the one who answers: they are left out of the recipients. `from` is always one. */
  readonly own?: AddressInput | undefined;
  /** Where the original stands: `'below'` the answer, `'above'` it, or nowhere. Default: `'below'`. */
  readonly quote?: 'below' | 'above' | 'none' | undefined;
  /** The line above what is quoted; `''` for none. Default: `'On 5 Mar 2026 at 14:02 +0100, Ann <ann@example.com> wrote:'`. */
  readonly attribution?: string | undefined;
  /**
   * Whether a machine answers (RFC 3834): marked as such, to the return path, without a quote unless it is asked for;
   * refused when the original wants no such answer. Default: `false`.
   */
  readonly automatic?: boolean | undefined;
}

/** The fields of a message that answers another or passes it on. */
export interface AnswerFields<A> extends HeadFields, ComposeOptions {
  readonly text?: string;
  readonly html?: string;
  readonly linkedResources?: readonly A[];
  readonly attachments?: readonly A[];
}

const known: KnownNames = {
  of: 'a reply',
  names: new Set<keyof ReplyOptions>([
    'text',
    'html',
    'all',
    'list',
    'from',
    'own',
    'quote',
    'attribution',
    'automatic',
  ]),
  habits: new Map([
    ['replyAll', 'write all: true'],
    ['body', "write text: '…' or html: '…'"],
    ['to', 'set it on the reply: reply.to = …'],
    ['cc', 'set it on the reply: reply.cc = …'],
    ['subject', 'set it on the reply: reply.subject = …'],
    ['attachments', 'add them to the reply: reply.attachments.push(…)'],
  ]),
};

/** The fields of the answer. */
export function replyFields<A extends AttachedPart>(
  original: Original<A>,
  options: ReplyOptions,
): AnswerFields<A> {
  check(options);
  const { automatic = false } = options;
  const fields = firstFields(original);
  if (automatic) checkMayAnswer(original, fields);
  const { from, to, cc } = addressees(original, fields, options);
  return {
    ...(from && { from }),
    to,
    cc,
    subject: automatic ? `Auto: ${inOneLine(original.subject)}` : replySubject(original.subject),
    ...threadOf(original),
    ...(automatic && { headers: robotFields }),
    ...bodies(original, fields, options),
    flowed: true,
  };
}

const robotFields = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' };

function check(options: ReplyOptions): void {
  checkNames(options, known);
  const { text, html, all, list, quote, attribution, automatic } = options;
  if (text !== undefined) checkText(text, 'text');
  if (html !== undefined) checkText(html, 'html');
  if (attribution !== undefined) checkText(attribution, 'attribution');
  if (quote !== undefined) checkChoice(quote, ['below', 'above', 'none'], 'quote');
  const kinds = { all, list, automatic };
  for (const [name, value] of Object.entries(kinds)) {
    if (value !== undefined) checkChoice(value, [true, false], name);
  }
  const chosen = Object.entries(kinds).filter(([, value]) => value === true);
  const [first, second] = chosen;
  if (first && second)
    throw fieldError(second[0], `can't be with ${first[0]}: each says whom the reply is for`);
}

function addressees(
  original: Original,
  fields: FirstFields,
  { all, list, automatic, ...given }: ReplyOptions,
): Addressees {
  const kind: Addressing['kind'] = automatic
    ? 'return-path'
    : list
      ? 'list'
      : all
        ? 'all'
        : 'sender';
  const from = given.from === undefined ? [] : mailboxesOf(parseAddressList(given.from, 'from'));
  const own = given.own === undefined ? [] : mailboxesOf(parseAddressList(given.own, 'own'));
  return addresseesOf(original, fields, { kind, from: from[0], own: [...from, ...own] });
}

function bodies<A extends AttachedPart>(
  original: Original<A>,
  fields: FirstFields,
  { text, html, quote, attribution = attributionOf(original, fields), automatic }: ReplyOptions,
): Pick<AnswerFields<A>, 'text' | 'html' | 'linkedResources'> {
  const answer = (text ?? (html === undefined ? '' : textFromHtml(html))).trimEnd();
  const place = quote ?? (automatic ? 'none' : 'below');
  if (place === 'none') return { text: `${answer}\n`, ...(html !== undefined && { html }) };
  const introduced = attribution === '' ? '' : `${attribution}\n`;
  const said = textOf(original);
  const quoted = said === '' ? '' : `${introduced}${quoteText(said)}`;
  const texts = place === 'below' ? [answer, quoted] : [quoted, answer];
  const plain = `${texts.filter((one) => one !== '').join('\n\n')}\n`;
  if (html === undefined && original.html === undefined) return { text: plain };
  const line = attribution === '' ? '' : `<div>${escapeHtml(attribution)}</div>\n`;
  const block = `${line}${quoteHtml(htmlOf(original))}`;
  const written = html ?? htmlFromText(answer);
  const joined =
    place === 'below'
      ? appendHtml(written, `<br>\n${block}`)
      : prependHtml(written, `${block}\n<br>`);
  return { text: plain, html: joined, linkedResources: [...original.linkedResources] };
}
