// A whole template, read once: every field that is the same for each row is made once, the others for each row.
import { InvalidMessageError } from '../../base/index.ts';
import { AlternateView, type MessageFields } from '../../message/index.ts';
import { type CssOption, cssInliner } from '../inline-css.ts';
import { checkTemplate, type HeadersTemplate, type MessageTemplate } from '../message-template.ts';
import type { Awaitable, RenderEnv, Syntax } from '../text-template.ts';
import { addressPlan } from './address-plan.ts';
import { type AttachmentSetup, attachmentPlan } from './attachment-plan.ts';
import {
  type FieldPlan,
  fixed,
  linePlan,
  listPlan,
  mapped,
  objectPlan,
  textPlan,
} from './field-plan.ts';

/** What a template is read with. */
export interface PlanSetup extends AttachmentSetup {
  readonly inlineCss: CssOption;
}

const addressKeys = ['from', 'sender', 'replyTo', 'to', 'cc', 'bcc', 'readReceiptTo'] as const;
const lineKeys = ['messageId', 'priority', 'sensitivity'] as const;
const idKeys = ['inReplyTo', 'references'] as const;
const partKeys = ['attachments', 'linkedResources'] as const;
const fixedKeys = [
  'date',
  'deliveryReceipt',
  'flowed',
  'dataUrls',
  'textFromHtml',
  'deterministic',
] as const;

type Member = readonly [keyof MessageFields & string, FieldPlan<unknown>];

/** The plan of a message; throws a `TemplateError` at the first text that can't be read. */
export function messagePlan(template: MessageTemplate, setup: PlanSetup): FieldPlan<MessageFields> {
  checkTemplate(template);
  const members = [...membersOf(template, setup)];
  const constant: Record<string, unknown> = {};
  const changing: Member[] = [];
  for (const [key, plan] of members) {
    const value = plan.isStatic ? plan.fill(noRow) : undefined;
    if (value instanceof Promise) {
      // Whoever fills it in is told what is wrong with it.
      value.catch(() => {});
      changing.push([key, fixed(value)]);
    } else if (plan.isStatic) constant[key] = value;
    else changing.push([key, plan]);
  }
  const filled = objectPlan<MessageFields>(changing);
  const needsRecipient = ['to', 'cc', 'bcc'].some((key) => changing.some(([name]) => name === key));
  return {
    isStatic: changing.length === 0,
    fields: () => [...new Set(members.flatMap(([, plan]) => plan.fields()))],
    fill: (env) =>
      then(filled.fill(env), (fields) => {
        const all = { ...constant, ...fields };
        if (needsRecipient) checkRecipients(all);
        return all;
      }),
  };
}

function* membersOf(template: MessageTemplate, setup: PlanSetup): Generator<Member> {
  const { syntax } = setup;
  for (const key of addressKeys) {
    const value = template[key];
    if (value !== undefined) yield [key, addressPlan(syntax, value, key)];
  }
  const { subject, text, html, alternateViews, headers, unsubscribe, list } = template;
  if (subject !== undefined) yield ['subject', linePlan(syntax, subject, 'subject')];
  if (html !== undefined) yield ['html', htmlPlan(html, setup)];
  if (text !== undefined) yield ['text', textPlan(syntax, text, 'text', 'text')];
  if (headers !== undefined) yield ['headers', headersPlan(syntax, headers)];
  for (const key of lineKeys) {
    const value = template[key];
    if (value !== undefined) yield [key, mapped(linePlan(syntax, value, key), blankIsNone)];
  }
  for (const key of idKeys) {
    const value = template[key];
    if (value === undefined) continue;
    const ids = typeof value === 'string' ? [value] : value;
    const plans = ids.map((id, index) => linePlan(syntax, id, `${key}[${index}]`));
    yield [key, mapped(listPlan(plans), (list) => list.join(' '))];
  }
  for (const key of partKeys) {
    const parts = template[key];
    if (parts === undefined) continue;
    const plans = parts.map((part, index) => attachmentPlan(part, `${key}[${index}]`, setup));
    yield [key, mapped(listPlan(plans), (found) => found.flat())];
  }
  if (alternateViews !== undefined) {
    yield ['alternateViews', listPlan(alternateViews.map((view, i) => viewPlan(syntax, view, i)))];
  }
  if (unsubscribe !== undefined)
    yield ['unsubscribe', linesPlan(syntax, unsubscribe, 'unsubscribe')];
  if (list !== undefined) yield ['list', linesPlan(syntax, list, 'list')];
  for (const key of fixedKeys) {
    if (template[key] !== undefined) yield [key, fixed(template[key])];
  }
}

const blankIsNone = (text: string): string | undefined => (text === '' ? undefined : text);

function htmlPlan(html: string, { syntax, inlineCss }: PlanSetup): FieldPlan<string> {
  if (inlineCss === false) return textPlan(syntax, html, 'html', 'html');
  return mapped(textPlan(syntax, html, 'html', 'html'), cssInliner(inlineCss));
}

function headersPlan(syntax: Syntax, headers: HeadersTemplate): FieldPlan<[string, string][]> {
  const pairs: [string, string][] = [];
  if (Symbol.iterator in headers) for (const [name, value] of headers) pairs.push([name, value]);
  else {
    for (const [name, value] of Object.entries(headers)) {
      for (const one of typeof value === 'string' ? [value] : value) pairs.push([name, one]);
    }
  }
  const plans = pairs.map(([name, value]) => linePlan(syntax, value, `headers['${name}']`));
  return mapped(listPlan(plans), (values) =>
    pairs.flatMap(([name, given], index): [string, string][] => {
      const value = values[index] ?? '';
      return value === '' && given !== '' ? [] : [[name, value]];
    }),
  );
}

/** A view: what a line end or a bracket of a value could change the meaning of is not filled in. */
function viewPlan(syntax: Syntax, view: AlternateView, index: number): FieldPlan<AlternateView> {
  const { content, contentType } = view;
  const isHtml = /^text\/.*html$/.test(contentType);
  if (typeof content !== 'string' || !(isHtml || contentType === 'text/plain')) return fixed(view);
  const name = `alternateViews[${index}]`;
  const plan = textPlan(syntax, content, name, isHtml ? 'html' : 'text');
  return mapped(plan, (text) => new AlternateView(text, contentType));
}

/** An object in which each text is a line; those that are blank stay away. */
function linesPlan<T extends object>(syntax: Syntax, value: T, name: string): FieldPlan<T> {
  const members = Object.entries(value).map(
    ([key, text]): [keyof T & string, FieldPlan<unknown>] => [
      key as keyof T & string,
      typeof text === 'string'
        ? mapped(linePlan(syntax, text, `${name}.${key}`), blankIsNone)
        : fixed(text),
    ],
  );
  return objectPlan<T>(members);
}

const noRow: RenderEnv = { row: {}, locale: 'en', timeZone: undefined, slots: [], made: {} };

function then<A, B>(value: Awaitable<A>, next: (value: A) => B): Awaitable<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function checkRecipients({ to, cc, bcc }: MessageFields): void {
  const lists = [to, cc, bcc] as readonly (readonly unknown[] | undefined)[];
  if (lists.some((list) => list !== undefined && list.length > 0)) return;
  throw new InvalidMessageError(
    'MESSAGE_NO_RECIPIENT',
    'The row names no recipient: to, cc and bcc are blank; fill them in, or leave such rows out with skip',
  );
}
