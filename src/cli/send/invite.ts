// `posthorn send --invite`: a calendar file as an invitation, a cancellation or an answer, in the form that mail programs show
// with their buttons.
import { OptionError, printable } from '../../base/index.ts';
import { type Appointment, Calendar } from '../../calendar/index.ts';
import { AlternateView, MailMessage } from '../../message/index.ts';
import type { AddressInput } from '../../mime/index.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';

/** What the options say of who writes to whom. */
export interface InviteParties {
  readonly from: string | undefined;
  readonly to: readonly string[] | undefined;
}

// Who answers writes to the organizer (RFC 5546 section 1.4).
const FROM_ATTENDEE: ReadonlySet<string> = new Set(['REPLY', 'COUNTER', 'REFRESH']);

/** The mail that the file gives by itself. A file without METHOD becomes an invitation. */
export async function inviteMessage(
  path: string,
  { from, to }: InviteParties,
  io: CliIo,
): Promise<MailMessage> {
  const calendar = Calendar.parse(await readInput(path, io));
  const [appointment, ...more] = calendar.appointments;
  if (!appointment || more.some(({ uid }) => uid !== appointment.uid)) {
    const found = appointment ? `${calendar.appointments.length} appointments` : 'no appointment';
    throw new OptionError(
      'invite',
      `--invite ${printable(path, 200)} holds ${found}; an invitation is about one`,
    );
  }
  if (calendar.method !== undefined) return asItIs(calendar, calendar.method, appointment);
  // Files of calendar programs often name nobody: then it is who writes, and who is written to.
  if (!appointment.organizer && from !== undefined) appointment.change({ organizer: from });
  if (appointment.attendees.length === 0 && to !== undefined) appointment.change({ attendees: to });
  return appointment.toMessage('request');
}

/** What the file says already, unchanged. */
function asItIs(calendar: Calendar, method: string, appointment: Appointment): MailMessage {
  const { organizer, attendees } = appointment;
  const people = attendees.filter(({ address }) => address !== organizer?.address).map(mailbox);
  const boss = organizer && mailbox(organizer);
  const [from, to] = FROM_ATTENDEE.has(method) ? [people[0], boss] : [boss, people];
  const { subject, text, html, headers } = appointment.toMessage('publish', { from, to });
  const type = `text/calendar; method=${method}; charset=utf-8`;
  return new MailMessage({
    ...{ from, to, subject, text, html },
    alternateViews: [new AlternateView(calendar.toString(), type)],
    headers: [['Content-Class', headers.get('Content-Class') ?? '']],
  });
}

const mailbox = ({
  address,
  name,
}: {
  readonly address: string;
  readonly name: string;
}): AddressInput => ({
  address,
  name: name.replace(/[\0-\x1f\x7f]+/g, ' ').trim(),
});
