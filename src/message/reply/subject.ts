// Subjects of answers and forwarded messages: one prefix, whatever language the last one was in.
import { inOneLine } from './one-line.ts';
import { forwardPrefixes, replyPrefixes } from './subject-prefixes.data.ts';

/** `'Re: '` and the subject without the marks of earlier answers (RFC 5322 section 3.6.5). */
export function replySubject(subject: string): string {
  return `Re: ${withoutPrefixes(subject, replyPrefixes)}`.trim();
}

/** `'Fwd: '` and the subject without those of earlier forwarding. */
export function forwardSubject(subject: string): string {
  return `Fwd: ${withoutPrefixes(subject, forwardPrefixes)}`.trim();
}

/** The name of a list, as in `[users] Re: …`: stays, and prefixes behind it go. */
const LIST_NAME = /^\[[^[\]]{1,60}\]\s{0,3}/;
/** A word, a count as in `Re[2]:` or `AW (3):`, a colon. */
const PREFIX =
  /^\s{0,3}([\p{L}\p{M}\s]{1,12}?)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:\uff1a]\s{0,3}/u;
const MOST = 200;

function withoutPrefixes(subject: string, prefixes: ReadonlySet<string>): string {
  let rest = inOneLine(subject).trim();
  let list = '';
  for (let count = 0; count < MOST; count += 1) {
    const name = list === '' ? LIST_NAME.exec(rest)?.[0] : undefined;
    const [prefix = '', word = ''] = PREFIX.exec(rest.slice(name?.length ?? 0, 80)) ?? [];
    if (prefix === '' || !prefixes.has(word.toLowerCase().trim())) break;
    list = name ?? list;
    rest = rest.slice((name?.length ?? 0) + prefix.length);
  }
  return list + rest;
}
