// The header of the message that an item stands for: the one it arrived with, completed, or one made from properties
// (MS-OXCMAIL section 2.1.3.2).
import { Buffer } from 'node:buffer';
import { LimitError, PosthornError } from '../../base/index.ts';
import { type MapiMessage, PidTag } from '../../mapi/index.ts';
import {
  formatDate,
  type HeaderField,
  type ParsedField,
  type ParsedHeaders,
  tokensField,
  unstructuredField,
} from '../../mime/index.ts';
import { randomToken, writeHeaderLines } from '../../mime/internal.ts';
import type { Note } from '../loss.ts';
import { fieldTable, formatTime } from './header-table.ts';
import { internetHeaders } from './internet-headers.ts';
import { isDraft } from './message-flags.ts';
import { oneLine } from './people.ts';
import { peopleFields } from './people-fields.ts';
import { isReportClass } from './report-tree.ts';
import { fieldsOfMessage, readTransportHeader, writeReceivedField } from './transport-header.ts';

/**
 * The header's lines, without the fields that say what the body is and without the empty line at its end; `ofBody` are
 * the names of those, in lower case.
 */
export function mailHead(item: MapiMessage, ofBody: ReadonlySet<string>, note: Note): Uint8Array {
  const received = receivedHeader(item, note);
  const made = madeFields(item, note);
  if (!received || received.fields.length === 0) return linesOf(made, note);
  const kept = fieldsOfMessage(received).filter(({ name }) => !ofBody.has(name.toLowerCase()));
  const parts = isDraft(item)
    ? [...ofDraft(kept, made).map(writeReceivedField), linesOf(made, note)]
    : [
        ...kept.filter((field) => isStill(field, item, received)).map(writeReceivedField),
        linesOf(
          made.filter(({ name }) => isMissing(name, item, received)),
          note,
        ),
      ];
  return Buffer.concat(parts);
}

/** The header that the item arrived with; `undefined` when it has none, or one over a limit, which is told. */
function receivedHeader({ properties }: MapiMessage, note: Note): ParsedHeaders | undefined {
  const text = properties.get(PidTag.TransportMessageHeaders);
  if (text === undefined) return undefined;
  try {
    return readTransportHeader(text);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    note('headers-lost', `the header that the item arrived with: ${error.message}`);
    return undefined;
  }
}

/**
 * What is still being written may have been changed since its header was: the properties count, above all for whom it
 * goes to. Only what they say nothing of is taken from the header.
 */
function ofDraft(kept: readonly ParsedField[], made: readonly HeaderField[]): ParsedField[] {
  const names = new Set(made.map(({ name }) => name.toLowerCase()));
  return kept.filter(({ name }) => {
    const lower = name.toLowerCase();
    return !names.has(lower) && !OF_A_SENDING.has(lower);
  });
}

// X-Unsent is for files: a mail that was sent must not say it.
const OF_A_SENDING: ReadonlySet<string> = new Set(['to', 'cc', 'bcc', 'x-unsent']);

function isStill({ name }: ParsedField, item: MapiMessage, received: ParsedHeaders): boolean {
  return name.toLowerCase() !== 'subject' || !isOtherSubject(item, received);
}

/** What a header lacks when the one a message arrived with was kept in part only, or not changed with the item. */
function isMissing(name: string, item: MapiMessage, received: ParsedHeaders): boolean {
  if (name === 'Subject') return received.raw(name) === undefined || isOtherSubject(item, received);
  if (name === 'To' || name === 'Cc') {
    return !hasRecipients(received) && !isReportClass(item.messageClass);
  }
  // When it arrived is not when it was sent.
  if (name === 'Date' && !item.properties.has(PidTag.ClientSubmitTime)) return false;
  return ESSENTIAL.has(name) && received.raw(name) === undefined;
}

const ESSENTIAL: ReadonlySet<string> = new Set(['From', 'Date', 'Message-ID', 'Bcc']);

const hasRecipients = (headers: ParsedHeaders): boolean =>
  ['To', 'Cc', 'Bcc'].some((name) => headers.raw(name) !== undefined);

/** Whether the subject was changed after the message had arrived. */
function isOtherSubject(item: MapiMessage, received: ParsedHeaders): boolean {
  const text = received.get('Subject');
  const own = oneLine(item.subject);
  return text !== undefined && own !== '' && plain(text) !== plain(own);
}

// What is lost between a header and a property: white space, and characters that were not decoded.
const plain = (text: string): string => text.replace(/[\s\0-\x1f]+/g, ' ').trim();

/** The fields as lines. One that no header can hold, such as a line over its bound, is told and left out. */
function linesOf(fields: readonly HeaderField[], note: Note): Uint8Array {
  const lines = fields.map((field) => {
    try {
      return writeHeaderLines([field], { utf8: true });
    } catch (error) {
      if (!(error instanceof PosthornError)) throw error;
      note('headers-lost', error.message);
      return '';
    }
  });
  return Buffer.from(lines.join(''));
}

/** Every field that the properties have something for. */
function madeFields(item: MapiMessage, note: Note): HeaderField[] {
  const fields = [...peopleFields(item, note)];
  const subject = oneLine(item.subject);
  if (subject !== '') fields.push(unstructuredField('Subject', subject, ASCII));
  for (const row of fieldTable) {
    const text = row.read(item.properties);
    if (text !== undefined && text !== '') fields.push(written(row.names[0], text));
  }
  fields.push(...completed(item, fields));
  const seen = new Set(fields.map(({ name }) => name.toLowerCase()));
  for (const [name, text] of internetHeaders(item.properties)) {
    if (!seen.has(name.toLowerCase())) fields.push(written(name, text));
  }
  return fields;
}

const ASCII = { utf8: false } as const;
// Fields whose value is syntax, not text: no encoded words in them.
const STRUCTURED = /^(?:Message-ID|References|In-Reply-To|List-.*|Date|Expires|Reply-By)$/i;
const FITS = /^[!-~][ -~]*$/;

function written(name: string, text: string): HeaderField {
  const isRaw = STRUCTURED.test(name) && FITS.test(text);
  return isRaw
    ? tokensField(name, text.split(/ +/))
    : unstructuredField(name, oneLine(text), ASCII);
}

/** The date and identifier that an item has only when it was sent. */
function completed(item: MapiMessage, fields: readonly HeaderField[]): HeaderField[] {
  const added: HeaderField[] = [];
  const has = (name: string): boolean => fields.some((field) => field.name === name);
  const draft = isDraft(item);
  if (!has('Date')) {
    const delivered = item.properties.get(PidTag.MessageDeliveryTime);
    const arrival = delivered === undefined ? undefined : formatTime(delivered);
    const value = arrival ?? (draft ? formatDate(new Date()) : undefined);
    if (value !== undefined) added.push({ name: 'Date', value });
  }
  // Each sending of a draft is a message of its own.
  if (!has('Message-ID') && draft) {
    const from = fields.find(({ name }) => name === 'From')?.value ?? '';
    const [, domain = 'localhost'] = /@([\w.-]+)>?$/.exec(from) ?? [];
    added.push({ name: 'Message-ID', value: `<${randomToken()}@${domain}>` });
  }
  return added;
}
