// The header of a message as it is written, apart from what says how its body is put together.
import { concatBytes, latin1, latin1Bytes } from '../base/internal.ts';
import type { MailMessage } from '../message/index.ts';
import { headerOf } from '../message/internal.ts';

// Fields of the body's own (RFC 2045 section 3), and those that only web archives have.
const OF_BODY =
  /^(?:content-[^:\s]*|mime-version|snapshot-content-location|x-snapshot-title)[ \t]*:/i;

const NONE = /(?!)/;

/** The header that a message is written with, in octets, with the empty line that ends it. */
export async function writtenHeader(message: MailMessage): Promise<Uint8Array> {
  let seen: Uint8Array = new Uint8Array(0);
  for await (const chunk of message.toStream('eml')) {
    seen = concatBytes([seen, chunk]);
    const header = headerOf(seen);
    if (header.length < seen.length) return header;
  }
  return headerOf(seen);
}

/** A header divided: what stands for the message, and what stands for its body. Every line ends in CRLF. */
export interface DividedHeader {
  /** Who, when, about what, and everything else. */
  readonly message: Uint8Array;
  /** MIME-Version and the Content fields. */
  readonly body: Uint8Array;
}

/** Divides a header; lines that are no field go, and fields that `left` matches. */
export function divideHeader(header: Uint8Array, left: RegExp = NONE): DividedHeader {
  const kept: string[] = [];
  const ofBody: string[] = [];
  for (const field of fieldsOf(header)) {
    if (!left.test(field)) (OF_BODY.test(field) ? ofBody : kept).push(field);
  }
  return { message: latin1Bytes(kept.join('')), body: latin1Bytes(ofBody.join('')) };
}

/** The fields with their folded lines; of each field with its name before a colon. */
function* fieldsOf(header: Uint8Array): Generator<string> {
  let field = '';
  for (const line of latin1(header).split(/\r\n|\n|\r/)) {
    if (/^[ \t]/.test(line) && field !== '') {
      field += `${line}\r\n`;
      continue;
    }
    if (field !== '') yield field;
    field = /^[!-9;-~]+[ \t]*:/.test(line) ? `${line}\r\n` : '';
  }
  if (field !== '') yield field;
}
