// Meeting mails as meeting messages of Outlook, and back.
import { MailMessage } from 'posthorn';
import { Appointment, Calendar } from 'posthorn/calendar';
import { dateToFileTime, PidLid, PidTag } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { itemOf, mailOf, through } from './kit.ts';

const meeting = new Appointment({
  summary: 'Plän',
  location: 'Room 4',
  start: '2026-03-02T10:00',
  end: '2026-03-02T11:00',
  timeZone: 'Europe/Paris',
  organizer: 'Ann <ann@x.example>',
  attendees: ['Bob <bob@x.example>'],
  recurrence: 'FREQ=WEEKLY;COUNT=8',
  uid: 'u1@x.example',
});

const calendarOf = (message: MailMessage): string =>
  message.alternateViews.map(({ content }) => String(content)).join();

describe('a meeting request', () => {
  it('is one of Outlook, and the same calendar again', async () => {
    const message = MailMessage.parse(await meeting.toMessage('request').toBytes());
    const item = await itemOf(message);
    expect(item.messageClass).toBe('IPM.Schedule.Meeting.Request');
    expect(item.properties.get(PidLid.Location)).toBe('Room 4');
    expect(
      item.attachments.map(({ properties }) => properties.get(PidTag.AttachmentHidden)),
    ).toEqual([true]);
    for (const format of ['msg', 'tnef'] as const) {
      const back = await through(message, format);
      expect(calendarOf(back)).toBe(calendarOf(message));
      expect(back.root.parts.at(-1)?.contentType.parameters.get('method')).toBe('REQUEST');
      expect(back.attachments).toHaveLength(1);
    }
  });

  it('that was changed in Outlook says what it was changed to', async () => {
    const item = await itemOf(meeting.toMessage('request'));
    const start = dateToFileTime(new Date('2026-03-02T13:00:00Z'));
    const end = dateToFileTime(new Date('2026-03-02T14:00:00Z'));
    item.properties.set(PidLid.AppointmentStartWhole, start).set(PidLid.AppointmentEndWhole, end);
    item.properties.delete(PidLid.AppointmentRecur);
    const [found] = Calendar.parse(calendarOf(await mailOf(item))).appointments;
    expect(found?.start).toEqual(new Date('2026-03-02T13:00:00Z'));
    expect(found?.uid).toBe('u1@x.example');
  });
});
