// Calendars (iCalendar, RFC 5545) as messages, and the calendar of a message as a file.

import { Calendar } from '../../calendar/index.ts';
import { decodeCharset } from '../../codec/index.ts';
import { AlternateView } from '../../message/index.ts';
import { MailAddress } from '../../mime/index.ts';
import { mapiFromCalendar } from '../calendar/calendar-item.ts';
import type { FormatDriver } from '../format-driver.ts';
import { rememberOrigin } from '../mail/origin.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { wholeFile } from '../whole-file.ts';
import { headerLines } from '../written-header.ts';
import { type DataKind, dataOf } from './data-part.ts';

const kind: DataKind = {
  name: 'a calendar',
  types: ['text/calendar', 'application/ics'],
  extension: '.ics',
};

/**
 * ICS files: a message has the calendar as it stands in the file, and says in words what it is about; of a single
 * appointment or task, Outlook's formats make that.
 */
export const ics: FormatDriver = {
  async read(source, { reading, note }) {
    const { text } = decodeCharset(wholeFile(source), undefined, {
      fallbackCharset: 'windows-1252',
    });
    const calendar = Calendar.parse(text);
    const [item] = [...calendar.appointments, ...calendar.todos];
    const { method, name } = calendar;
    const people = method === undefined ? {} : meeting(method, item);
    const header = headerLines({ ...people, subject: item?.summary || name });
    const type = method === undefined ? 'text/calendar' : `text/calendar; method=${token(method)}`;
    const message = await rebuildMessage(
      header,
      {
        text: item?.description ?? '',
        alternateViews: [new AlternateView(text, type)],
      },
      reading,
    );
    // What is sent to somebody is mail in Outlook too; what is kept is an item of its own.
    if (method === undefined || method === 'PUBLISH') {
      const [own, ...others] = mapiFromCalendar(text, { note });
      if (own && others.length === 0) rememberOrigin(message, own);
    }
    return message;
  },
  async *write(message, { note }) {
    yield await dataOf(message, kind, note);
  },
};

interface Item {
  readonly organizer?: { readonly address: string; readonly name: string } | undefined;
  readonly attendees: readonly { readonly address: string; readonly name: string }[];
}

/** Who a calendar with a method goes from and to: answers go to the organizer (RFC 5546 section 1.4). */
function meeting(
  method: string,
  item: Item | undefined,
): { from?: MailAddress[]; to?: MailAddress[] } {
  if (item === undefined) return {};
  const { organizer } = item;
  const attendees = item.attendees.flatMap(mailbox);
  const organizers = organizer ? mailbox(organizer) : [];
  const isAnswer = method === 'REPLY' || method === 'COUNTER' || method === 'REFRESH';
  return isAnswer ? { from: attendees, to: organizers } : { from: organizers, to: attendees };
}

/** A mailbox, where the address is one. */
function mailbox({ address, name }: { address: string; name: string }): MailAddress[] {
  try {
    return [new MailAddress(address, name)];
  } catch {
    return [];
  }
}

const token = (method: string): string => method.replace(/[^\w-]/g, '');
