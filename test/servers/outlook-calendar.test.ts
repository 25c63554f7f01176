// Calendars and contacts that come out of Outlook's files are accepted by Debian's iCalendar and vCard libraries.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MailMessage } from 'posthorn';
import { Appointment, Calendar, Todo } from 'posthorn/calendar';
import { readMsg } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { weekly } from '../calendar/support/events.ts';
import { required } from './support/peer.ts';

const PYTHON = '/usr/bin/python3';
const missing =
  spawnSync(PYTHON, ['-c', "import ctypes, icalendar, vobject; ctypes.CDLL('libical.so.3')"])
    .status !== 0 && !required;
const script = fileURLToPath(new URL('support/read-ics.py', import.meta.url));

/** What the libraries say against each calendar. */
function complaints(calendars: readonly string[]): string[][] {
  const input = calendars.map((ics) => `${JSON.stringify({ ics })}\n`).join('');
  const { stdout, stderr } = spawnSync(PYTHON, [script], { input, encoding: 'utf8' });
  const answers = stdout.trim().split('\n');
  if (answers.length !== calendars.length) throw new Error(stderr);
  return answers.map((line) => JSON.parse(line) as string[]);
}

/** The calendar that comes out of the MSG that a message becomes. */
async function throughOutlook(message: MailMessage): Promise<string> {
  const stored = await message.toBytes('msg');
  // Only what Outlook's own properties say: the calendar that came with the mail is taken out.
  const item = readMsg(stored);
  item.attachments = item.attachments.filter(({ message: held }) => held !== undefined);
  const { mailFromMapi } = await import('posthorn/convert');
  const mail = await mailFromMapi(item);
  return Buffer.from(await mail.toBytes('ics')).toString();
}

const load = (text: string, format: 'ics' | 'vcf'): Promise<MailMessage> =>
  MailMessage.load(Buffer.from(text), { format });

describe.skipIf(missing)(
  missing
    ? 'calendars out of Outlook: skipped, needs python3-icalendar, python3-vobject and libical3 (apt-get install python3-icalendar python3-vobject libical-dev)'
    : 'calendars out of Outlook',
  () => {
    it('appointments, series with exceptions, tasks', async () => {
      const series = weekly();
      series.changeOccurrence('2026-03-09', { start: '2026-03-09T14:00', summary: 'Später; 日本' });
      const items = [
        new Calendar({ appointments: [series] }),
        new Calendar({
          appointments: [
            new Appointment({
              summary: 'Days, "quoted"',
              start: '2026-03-02',
              end: '2026-03-04',
              htmlDescription: '<p>Grüße\r\n&amp; more</p>',
              recurrence: 'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=5',
            }),
          ],
        }),
        new Calendar({
          todos: [
            new Todo({ summary: 'Write', start: '2026-03-01', due: '2026-03-02', priority: 1 }),
          ],
        }),
      ];
      const calendars = await Promise.all(
        items.map(async (each) => await throughOutlook(await load(each.toString(), 'ics'))),
      );
      expect(complaints(calendars)).toEqual(calendars.map(() => []));
      expect(calendars[0]).toContain('RECURRENCE-ID;TZID=');
    });

    it('invitations, cancellations, answers, proposals', async () => {
      const meeting = (): Appointment => weekly();
      const mails = [
        meeting().toMessage('request'),
        meeting().toMessage('cancel'),
        meeting().toMessage('reply', { attendee: 'bob@example.com', answer: 'accepted' }),
        meeting().toMessage('counter', {
          attendee: 'bob@example.com',
          changes: { start: '2026-03-02T15:00' },
        }),
        meeting().toMessage('cancel', { occurrence: '2026-03-16' }),
      ];
      const calendars = await Promise.all(mails.map(throughOutlook));
      expect(calendars.map((ics) => Calendar.parse(ics).method)).toEqual([
        'REQUEST',
        'CANCEL',
        'REPLY',
        'COUNTER',
        'CANCEL',
      ]);
      expect(complaints(calendars)).toEqual(calendars.map(() => []));
    });

    it('contacts', async () => {
      const card = [
        'BEGIN:VCARD',
        'VERSION:4.0',
        'FN:Dr. Ann Müller',
        'N:Müller;Ann;;Dr.;',
        'ORG:Acme\\; Inc;R\\, D',
        'TEL;TYPE=work:+49 1',
        'ADR;TYPE=home:;;Street 1\\nFloor 2;Köln;;50667;Germany',
        `PHOTO:data:image/png;base64,${Buffer.alloc(300, 7).toString('base64')}`,
        `NOTE:${'日本 '.repeat(60)}`,
        'END:VCARD',
        '',
      ].join('\r\n');
      const mail = await MailMessage.load(await (await load(card, 'vcf')).toBytes('msg'));
      const text = Buffer.from(await mail.toBytes('vcf')).toString();
      const program =
        'import sys, vobject, json; v = vobject.readOne(sys.stdin.buffer.read().decode());' +
        'print(json.dumps([v.fn.value, v.n.value.family, v.org.value, v.adr.value.city, v.tel.value, len(v.note.value)]))';
      const { stdout, stderr } = spawnSync(PYTHON, ['-c', program], {
        input: text,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([
        'Dr. Ann Müller',
        'Müller',
        ['Acme; Inc', 'R, D'],
        'Köln',
        '+49 1',
        179,
      ]);
    });
  },
);
