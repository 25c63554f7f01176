import type { ReceivedMail } from '../received-mail.ts';
import { htmlWords } from '../snippet.ts';

const MAX_TERMS = 20;
const TEXT_CHARS = 65_536;
const TERM = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi;

/** Whether a message fits; every word of the query must. */
export type Matcher = (mail: ReceivedMail) => boolean;

/**
 * Reads a query: words and "phrases" anywhere in the message, `from:`, `to:`, `subject:`, and
 * `is:unread`, `is:read`, `has:attachment`. Case makes no difference.
 */
export function parseQuery(query: string): Matcher {
  const terms: Matcher[] = [];
  for (const [whole, field, phrase, word] of query.toLowerCase().matchAll(TERM)) {
    if (terms.length === MAX_TERMS) break;
    terms.push(term(field, phrase ?? word ?? '', whole));
  }
  return (mail) => terms.every((fits) => fits(mail));
}

const FIELDS = new Map<string, (mail: ReceivedMail) => string>([
  ['from', senders],
  ['to', recipients],
  ['subject', (mail) => mail.subject.toLowerCase()],
]);

const STATES = new Map<string, Matcher>([
  ['is:unread', (mail) => !mail.read],
  ['is:read', (mail) => mail.read],
  ['has:attachment', (mail) => mail.files.length > 0],
]);

function term(field: string | undefined, wanted: string, whole: string): Matcher {
  const state = STATES.get(whole);
  if (state) return state;
  const read = FIELDS.get(field ?? '');
  if (read) return (mail) => read(mail).includes(wanted);
  const text = field === undefined ? wanted : whole;
  return (mail) => words(mail).includes(text);
}

function senders(mail: ReceivedMail): string {
  return [mail.envelope.from, ...mail.from.map(String)].join('\n').toLowerCase();
}

function recipients(mail: ReceivedMail): string {
  return [...mail.envelope.to, ...mail.to.map(String), ...mail.cc.map(String)]
    .join('\n')
    .toLowerCase();
}

// Kept beside the message: a search goes over all of them with every key that is pressed.
const known = new WeakMap<ReceivedMail, string>();

function words(mail: ReceivedMail): string {
  const cached = known.get(mail);
  if (cached !== undefined) return cached;
  const body = mail.text ?? htmlWords(mail.html ?? '');
  const names = mail.files.map(({ filename }) => filename ?? '');
  const all = [mail.subject, senders(mail), recipients(mail), ...names, body.slice(0, TEXT_CHARS)]
    .join('\n')
    .toLowerCase();
  known.set(mail, all);
  return all;
}
