// posthorn send --invite: a calendar file becomes a mail that is shown with its buttons.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailMessage } from 'posthorn';
import { Appointment, Calendar } from 'posthorn/calendar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunResult, runCommand } from './fake-io.ts';

let folder: string;
const path = (name: string): string => join(folder, name);
const meeting = (): Appointment =>
  new Appointment({
    summary: 'Planning',
    start: '2026-03-02T10:00Z',
    organizer: 'Ann <ann@example.com>',
    attendees: ['Bob <bob@example.com>', 'cleo@example.com'],
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-invite-'));
  writeFileSync(
    path('plain.ics'),
    'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T100000Z\r\nSUMMARY:Lunch\r\nX-OWN:kept\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
  );
  writeFileSync(path('file.ics'), new Calendar({ appointments: [meeting()] }).toString());
  writeFileSync(path('cancel.ics'), String(meeting().cancel().content));
  writeFileSync(path('reply.ics'), String(meeting().reply('bob@example.com', 'accepted').content));
  writeFileSync(path('none.ics'), 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n');
  writeFileSync(path('two.ics'), new Calendar({ appointments: [meeting(), meeting()] }).toString());
});
afterAll(() => rmSync(folder, { recursive: true }));

const dry = (...argv: string[]): Promise<RunResult> => runCommand(['send', '--dry-run', ...argv]);
const read = ({ bytes }: RunResult): MailMessage => MailMessage.parse(bytes);

describe('posthorn send --invite', () => {
  it('invites those whom the file names', async () => {
    const message = read(await dry('--invite', path('file.ics')));
    expect(message.from.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(message.to.map(String)).toEqual(['Bob <bob@example.com>', 'cleo@example.com']);
    expect(message.subject).toBe('Planning');
    expect(message.headers.get('Content-Class')).toBe('urn:content-classes:calendarmessage');
    const types = [...message.leaves()].map(({ contentType }) => contentType.value);
    expect(types).toEqual(['text/plain', 'text/calendar']);
    expect(Calendar.fromMessage(message)?.method).toBe('REQUEST');
  });

  it('or those of the options, with what else they say', async () => {
    const parties = ['--from', 'Ann <ann@example.com>', '--to', 'bob@example.com'];
    const message = read(
      await dry(
        '--invite',
        path('plain.ics'),
        ...parties,
        '--subject',
        'Hungry?',
        '--text',
        'Come!',
      ),
    );
    expect(message.subject).toBe('Hungry?');
    expect(message.text?.trim()).toBe('Come!');
    const [invited] = Calendar.fromMessage(message)?.appointments ?? [];
    expect(invited?.organizer?.address).toBe('ann@example.com');
    expect(invited?.attendees.map(({ address }) => address)).toEqual(['bob@example.com']);
    expect(invited?.property('X-OWN')).toBe('kept');
  });

  it.each([
    ['cancel.ics', 'CANCEL', 'ann@example.com', 'bob@example.com,cleo@example.com'],
    ['reply.ics', 'REPLY', 'bob@example.com', 'ann@example.com'],
  ])('leaves what %s says already', async (file, method, from, to) => {
    const message = read(await dry('--invite', path(file)));
    const calendar = Calendar.fromMessage(message);
    expect(calendar?.method).toBe(method);
    expect(message.envelope()).toEqual({ from, to: to.split(',') });
    expect(calendar?.appointments[0]?.sequence).toBe(method === 'CANCEL' ? 1 : 0);
  });

  it('tells what is wrong with the file', async () => {
    const none = await dry('--invite', path('none.ics'));
    expect(none).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(
        /none\.ics holds no appointment; an invitation is about one\n$/,
      ),
    });
    const two = await dry('--invite', path('two.ics'));
    expect(two.stderr).toMatch(/two\.ics holds 2 appointments; an invitation is about one\n$/);
    const alone = await dry('--invite', path('plain.ics'));
    expect(alone.stderr).toContain(
      'organizer is needed to invite: give the appointment an organizer',
    );
  });
});
