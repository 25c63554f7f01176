import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { Appointment } from 'posthorn/calendar';
import { openTnef, packTnef } from 'posthorn/convert';
import { PidLid, PidTag, readTnef } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';

const text = async (message: MailMessage): Promise<string> =>
  Buffer.from((await message.render()).bytes()).toString('latin1');
const winmail = async (message: MailMessage): Promise<Uint8Array> =>
  (await message.attachments[0]?.bytes()) ?? new Uint8Array(0);

describe('meetings as TNEF', () => {
  it('keeps a meeting request a meeting request', async () => {
    const meeting = new Appointment({
      summary: 'Lunch',
      location: 'Room 1',
      start: new Date('2026-04-01T12:00:00Z'),
      end: new Date('2026-04-01T13:00:00Z'),
      organizer: 'ann@example.com',
      attendees: ['bob@example.org'],
    });
    const packed = await packTnef(meeting.toMessage('request'));
    const bytes = Buffer.from(await winmail(packed));
    const item = readTnef(bytes, { strict: true });
    expect(item.messageClass).toBe('IPM.Schedule.Meeting.Request');
    expect(bytes.includes('IPM.Microsoft Schedule.MtgReq\0')).toBe(true);
    expect(item.properties.get(PidLid.Location)).toBe('Room 1');
    const number = item.properties.get(PidTag.OwnerAppointmentId);
    expect(number).toBeTypeOf('number');
    const update = readTnef(await winmail(await packTnef(meeting.toMessage('request'))));
    expect(update.properties.get(PidTag.OwnerAppointmentId)).toBe(number);
    // attDateStart, attDateEnd, attAidOwner, attRequestRes.
    for (const id of ['06000300', '07000300', '08000500', '09000400']) {
      expect(bytes.includes(Buffer.from(`01${id}`, 'hex'))).toBe(true);
    }
    expect(item.properties.get(PidLid.AppointmentStartWhole)).toBeDefined();
    const opened = await openTnef(MailMessage.parse(await text(packed)));
    const calendar = [...opened.leaves()].find(
      ({ contentType }) => contentType.value === 'text/calendar',
    );
    expect(calendar?.contentType.parameters.get('method')).toBe('REQUEST');
    expect(calendar?.text()).toContain('SUMMARY:Lunch');
  });
});
