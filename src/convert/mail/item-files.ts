// What stands for an item in a message that is no mail, or not only: its calendar, its card, the RTF of its body.
import { utf8Bytes } from '../../base/internal.ts';
import type { MapiMessage } from '../../mapi/index.ts';
import { type Entity, parameterField } from '../../mime/index.ts';
import { calendarFromMapi, isCalendarClass } from '../calendar/calendar-item.ts';
import { isContactClass, vcardFromMapi } from '../contact/contact-item.ts';
import type { Note } from '../loss.ts';

/** The RTF of a body as a file. */
export function rtfPart(rtf: Uint8Array): Entity {
  return {
    fields: (o) => [
      parameterField('Content-Type', 'text/rtf', [['name', 'body.rtf']], o),
      parameterField('Content-Disposition', 'attachment', [['filename', 'body.rtf']], o),
    ],
    body: { kind: 'bytes', bytes: rtf },
  };
}

/** What stands for an item in a message. */
export interface ItemFiles {
  /** A meeting message, as one more form of the text. */
  readonly invitations: readonly Entity[];
  /** A calendar or card to be saved. */
  readonly files: readonly Entity[];
}

/** What other programs understand of an item that is no mail: its calendar or its card. */
export function itemFiles(item: MapiMessage, note: Note): ItemFiles {
  if (isContactClass(item.messageClass)) {
    const card = vcardFromMapi(item, { note });
    return {
      invitations: [],
      files: card === undefined ? [] : [filePart(item, 'text/vcard', card)],
    };
  }
  const calendar = isCalendarClass(item.messageClass)
    ? calendarFromMapi(item, { note })
    : undefined;
  if (!calendar) return none;
  const { text, method } = calendar;
  return method === undefined
    ? { invitations: [], files: [filePart(item, 'text/calendar', text)] }
    : { invitations: [calendarPart(text, method)], files: [] };
}

const none: ItemFiles = { invitations: [], files: [] };

/** RFC 6047 section 2.4: the method is said twice. */
function calendarPart(text: string, method: string): Entity {
  const parameters = [['charset', 'utf-8'] as const, ['method', method] as const];
  return {
    fields: (o) => [parameterField('Content-Type', 'text/calendar', parameters, o)],
    body: { kind: 'text', text },
  };
}

const EXTENSIONS = { 'text/vcard': 'vcf', 'text/calendar': 'ics' } as const;

function filePart(item: MapiMessage, type: keyof typeof EXTENSIONS, text: string): Entity {
  const stem = item.subject
    .replace(/[\s\0-\x1f\x7f/\\:*?"<>|]+/g, ' ')
    .trim()
    .slice(0, 80);
  const filename = `${stem || 'item'}.${EXTENSIONS[type]}`;
  return {
    fields: (o) => [
      parameterField(
        'Content-Type',
        type,
        [
          ['charset', 'utf-8'],
          ['name', filename],
        ],
        o,
      ),
      parameterField('Content-Disposition', 'attachment', [['filename', filename]], o),
    ],
    body: { kind: 'bytes', bytes: utf8Bytes(text) },
  };
}
