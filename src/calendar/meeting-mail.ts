// The mail around a message of iTIP (RFC 6047): who writes to whom, subject, text, and the calendar as an alternative.

import type { AlternateView, MessageFields } from '../message/index.ts';
import type { AddressInput } from '../mime/index.ts';
import type { AppointmentHead } from './appointment-head.ts';
import type { AppointmentChanges } from './appointment-options.ts';
import type { Attendee } from './attendee.ts';
import { fieldError } from './item.ts';
import type { Answer, CancelOptions, MeetingMessage, ReplyOptions, TodoAnswer } from './itip.ts';

/** What a mail about a meeting can be made with. */
export interface MailOptions extends CancelOptions, ReplyOptions {
  /** Whose answer, proposal or wish it is; of whom a proposal is refused. */
  readonly attendee?: string | undefined;
  /** The answer, for `'reply'`. */
  readonly answer?: Answer | undefined;
  /** What changes, for `'update'`, `'counter'` and `'add'`. */
  readonly changes?: AppointmentChanges | undefined;
  /** Whether the calendar is also attached as `invite.ics`. Default: `false`. */
  readonly attach?: boolean | undefined;
  /** Default: the organizer, or the attendee who answers. */
  readonly from?: AddressInput | undefined;
  /** Default: the attendees, or the organizer. */
  readonly to?: AddressInput | undefined;
  /** Default: the summary, with a word for what it is. */
  readonly subject?: string | undefined;
  /** Default: when and where, and the description. */
  readonly text?: string | undefined;
  /** Default: the HTML description, when there is one. */
  readonly html?: string | undefined;
  /** A seed that fixes boundaries, Message-ID and Date, for tests. */
  readonly deterministic?: string | undefined;
}

const FROM_ATTENDEE: ReadonlySet<MeetingMessage> = new Set(['reply', 'counter', 'refresh']);

const PREFIX_OF_ANSWER: Readonly<Record<TodoAnswer, string>> = {
  accepted: 'Accepted: ',
  declined: 'Declined: ',
  tentative: 'Tentative: ',
  delegated: 'Delegated: ',
  'in-process': 'In progress: ',
  completed: 'Completed: ',
};

const PREFIXES: Readonly<Partial<Record<MeetingMessage, string>>> = {
  update: 'Updated: ',
  cancel: 'Canceled: ',
  counter: 'New time proposed: ',
  declinecounter: 'Proposal declined: ',
  refresh: 'Please send again: ',
};

/** What a mail is about. */
export interface MailItem {
  readonly organizer: Attendee | undefined;
  readonly attendees: readonly Attendee[];
  readonly summary: string;
  readonly htmlDescription: string | undefined;
  /** The text for readers that show no calendar. */
  readonly text: string;
  /** How Exchange calls such a mail; `undefined`: nothing of its own. */
  readonly contentClass: string | undefined;
}

/** What a mail about a task or free time can be made with. */
export type ItemMailOptions = Omit<MailOptions, 'answer' | 'changes' | 'occurrence'> & {
  readonly answer?: TodoAnswer | undefined;
};

/** An appointment as what a mail is about. */
export function appointmentItem(
  appointment: AppointmentHead,
  comment: string | undefined,
): MailItem {
  const { organizer, attendees, summary, htmlDescription } = appointment;
  // What Exchange and Notes write beside the calendar, and Outlook looks for in mail that was not made by Exchange.
  const contentClass = 'urn:content-classes:calendarmessage';
  const text = textFor(appointment, comment);
  return { organizer, attendees, summary, htmlDescription, text, contentClass };
}

/** The fields of the mail. */
export function meetingFields(
  item: MailItem,
  method: MeetingMessage,
  view: AlternateView,
  options: ItemMailOptions,
): MessageFields {
  const { attendee, answer, attach = false, deterministic } = options;
  const prefix = (method === 'reply' ? answer && PREFIX_OF_ANSWER[answer] : PREFIXES[method]) ?? '';
  const html = options.html ?? (method === 'reply' ? undefined : item.htmlDescription);
  const { contentClass } = item;
  return {
    ...parties(item, method, options, attendee),
    subject: options.subject ?? oneLine(`${prefix}${item.summary}`),
    text: options.text ?? item.text,
    ...(contentClass !== undefined && { headers: { 'Content-Class': contentClass } }),
    ...(html !== undefined && { html }),
    alternateViews: [view],
    ...(attach && {
      attachments: [
        { filename: 'invite.ics', content: view.content, contentType: 'application/ics' },
      ],
    }),
    ...(deterministic !== undefined && { deterministic }),
  };
}

const oneLine = (text: string): string => text.replace(/[\0-\x1f\x7f]+/g, ' ').trim();

interface Mailbox {
  readonly address: string;
  readonly name: string;
}

const mailbox = ({ address, name }: Mailbox): Mailbox => ({ address, name: oneLine(name) });

function parties(
  item: MailItem,
  method: MeetingMessage,
  options: ItemMailOptions,
  attendee: string | undefined,
): MessageFields {
  const { organizer, attendees } = item;
  const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();
  if (FROM_ATTENDEE.has(method)) {
    const known = attendees.find(({ address }) => same(address, attendee));
    const to = options.to ?? (organizer && mailbox(organizer));
    if (!to) throw fieldError('organizer', `is needed for '${method}', or give 'to'`);
    const sender = options.sentBy;
    return {
      from: options.from ?? (known ? mailbox(known) : attendee),
      to,
      ...(sender !== undefined && { sender }),
    };
  }
  const leaving = options.attendees;
  const meant =
    method === 'declinecounter'
      ? attendees.filter(({ address }) => same(address, attendee))
      : attendees;
  const invited = meant.filter(({ address }) => !same(address, organizer?.address)).map(mailbox);
  const to: AddressInput =
    options.to ?? leaving ?? (invited.length > 0 ? invited : (attendee ?? []));
  const sender = organizer?.sentBy;
  return {
    ...(options.from === undefined
      ? organizer && { from: mailbox(organizer) }
      : { from: options.from }),
    ...(sender !== undefined && options.from === undefined && { sender }),
    to,
  };
}

/** The text for readers that show no calendar. */
function textFor(appointment: AppointmentHead, comment: string | undefined): string {
  const { summary, location, description, conferenceUrl, recurrence } = appointment;
  const lines = [summary, '', `When: ${when(appointment)}`];
  if (recurrence.length > 0) lines.push(`Repeats: ${recurrence.join(' and ')}`);
  if (location !== '') lines.push(`Where: ${location}`);
  if (conferenceUrl !== undefined) lines.push(`Join: ${conferenceUrl}`);
  if (comment) lines.push('', comment);
  if (description !== '') lines.push('', description);
  return `${lines.join('\n').trim()}\n`;
}

/** The time on the clocks of its zone, in the order that reads the same everywhere. */
function when(appointment: AppointmentHead): string {
  const { start, end, allDay, timeZone } = appointment;
  if (!start) return '';
  const last = end ?? start;
  if (allDay) {
    const days = [start, new Date(Math.max(start.getTime(), last.getTime() - 1))].map((date) =>
      date.toISOString().slice(0, 10),
    );
    return [...new Set(days)].join(' to ');
  }
  const [from, to] = [start, last].map((date) => appointment.clockOf(date));
  const [day, time] = [from?.slice(0, 10), to?.slice(11)];
  const until = to?.slice(0, 10) === day ? time : to;
  return `${from} to ${until}${timeZone === undefined ? '' : ` (${timeZone})`}`;
}
