// What formats with a structure of their own lose of any message: header fields, the structure that a signature is over.
import type { MailMessage } from '../message/index.ts';
import type { Note } from './loss.ts';

/** Fields of the body's own: what they say is said by every format in its way. */
const OF_BODY = /^(?:content-|mime-version$)/i;

/** Tells which fields of the message are none of those that the format keeps. */
export function noteHeaders(message: MailMessage, kept: readonly string[], note: Note): void {
  const names = new Set(kept.map((name) => name.toLowerCase()));
  const lost = new Set<string>();
  for (const [name] of message.headers) {
    if (!names.has(name.toLowerCase()) && !OF_BODY.test(name)) lost.add(name);
  }
  if (lost.size === 0) return;
  note('headers-lost', `There is no place for the header fields ${[...lost].join(', ')}`);
}

/** Tells that a signature does not hold any longer: what it was made over is put together anew. */
export function noteSignature(message: MailMessage, note: Note): void {
  const type = message.headers.get('Content-Type') ?? '';
  if (!/^\s*(?:multipart\/signed|application\/(?:x-)?pkcs7-mime)\b/i.test(type)) return;
  note(
    'signature-lost',
    'The message is signed or encrypted as it was; its parts are written anew',
  );
}
