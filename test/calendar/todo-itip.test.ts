// Tasks and free time between people (RFC 5546 sections 3.3 and 3.4).
import { MailMessage } from 'posthorn';
import { Calendar, FreeBusy, Todo } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { linesOf } from './support/events.ts';

const stamp = new Date('2026-02-01T12:00:00Z');
const task = (): Todo =>
  new Todo({
    summary: 'Write',
    due: '2026-03-02T10:00',
    timeZone: 'Europe/Paris',
    organizer: 'Ann <ann@example.com>',
    attendees: ['Bob <bob@example.com>', 'cleo@example.com'],
    uid: 'task@example.com',
  });

describe('a task', () => {
  it('is given', () => {
    const view = task().request({ stamp });
    expect([...view.contentTypeParameters]).toEqual([
      ['method', 'REQUEST'],
      ['charset', 'utf-8'],
    ]);
    const lines = linesOf(view.content);
    for (const line of [
      'METHOD:REQUEST',
      'BEGIN:VTIMEZONE',
      'BEGIN:VTODO',
      'UID:task@example.com',
      'DTSTAMP:20260201T120000Z',
      'DUE;TZID=Europe/Paris:20260302T100000',
      'SEQUENCE:0',
      'PRIORITY:0',
      'ORGANIZER;CN=Ann:mailto:ann@example.com',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Bob:mailto:bob@example.com',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('can not be given without organizer or attendees', () => {
    const alone = new Todo({ summary: 'x' });
    expect(() => alone.request()).toThrow(
      'organizer is needed to give a task: give the to-do an organizer',
    );
    alone.change({ organizer: 'ann@example.com' });
    expect(() => alone.request()).toThrow(
      'attendees are needed to give a task; without them use publish()',
    );
    expect(linesOf(alone.publish().content)).toContain('METHOD:PUBLISH');
  });

  it('is answered, and the answer is taken over', async () => {
    const given = task();
    const mail = MailMessage.parse(await given.toMessage('request').toBytes());
    const [received] = Calendar.fromMessage(mail)?.todos ?? [];
    const answer = received?.toMessage('reply', {
      attendee: 'bob@example.com',
      answer: 'in-process',
      percentComplete: 40,
      comment: 'soon',
    });
    expect(answer?.subject).toBe('In progress: Write');
    expect(answer?.to.map(String)).toEqual(['Ann <ann@example.com>']);
    const [reply] = (answer && Calendar.fromMessage(answer)?.todos) ?? [];
    expect(reply?.attendees).toMatchObject([{ address: 'bob@example.com', status: 'in-process' }]);
    expect(reply && given.applyReply(reply)).toBe(true);
    expect(given.attendees.map(({ status }) => status)).toEqual(['in-process', 'needs-action']);
    expect(given.percentComplete).toBe(40);
    const done = received?.reply('bob@example.com', 'completed', { stamp });
    expect(linesOf(done?.content ?? '')).toEqual(
      expect.arrayContaining(['PERCENT-COMPLETE:100', 'COMPLETED:20260201T120000Z']),
    );
    given.update({ due: '2026-03-03T10:00' });
    expect(given.sequence).toBe(1);
    expect(given.attendees.map(({ status }) => status)).toEqual(['needs-action', 'needs-action']);
    expect(reply && given.applyReply(reply)).toBe(false);
    expect(given.property('DUE')).toBe('20260303T100000');
  });

  it('is proposed otherwise, asked for again, refused, called off', () => {
    const given = task();
    const counter = linesOf(given.counter('bob@example.com', { due: '2026-03-09T10:00' }).content);
    expect(counter).toEqual(
      expect.arrayContaining(['METHOD:COUNTER', 'DUE;TZID=Europe/Paris:20260309T100000']),
    );
    expect(counter.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(1);
    expect(given.due?.toISOString()).toBe('2026-03-02T09:00:00.000Z');
    expect(linesOf(given.declineCounter('bob@example.com').content)).toContain(
      'METHOD:DECLINECOUNTER',
    );
    expect(linesOf(given.refresh('bob@example.com').content).join()).not.toContain('DUE');
    const delegated = given.reply('cleo@example.com', 'delegated', {
      delegateTo: 'dan@example.com',
    });
    expect(String(delegated.content).replaceAll('\r\n ', '')).toContain(
      'DELEGATED-TO="mailto:dan@example.com"',
    );
    expect(given.attendees.at(-1)).toMatchObject({
      address: 'dan@example.com',
      delegatedFrom: ['cleo@example.com'],
    });
    expect(linesOf(given.cancel().content)).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED', 'SEQUENCE:1']),
    );
    expect(() => given.reply('bob@example.com', 'maybe' as never)).toThrow(
      "answer must be accepted, declined, tentative, delegated, in-process or completed, got 'maybe'",
    );
  });
});

describe('free time', () => {
  const asked = (): FreeBusy =>
    new FreeBusy({
      start: new Date('2026-03-02T00:00:00Z'),
      end: new Date('2026-03-03T00:00:00Z'),
      organizer: 'ann@example.com',
      attendees: 'Bob <bob@example.com>',
      uid: 'when@example.com',
    });
  const periods = [
    { start: new Date('2026-03-02T10:00:00Z'), end: new Date('2026-03-02T11:00:00Z') },
  ];

  it('is asked for and told', async () => {
    const question = asked().toMessage('request');
    expect(question.to.map(String)).toEqual(['Bob <bob@example.com>']);
    expect(question.subject).toBe('Free and busy time, 2026-03-02 to 2026-03-03');
    const received = Calendar.fromMessage(MailMessage.parse(await question.toBytes()));
    expect(received?.method).toBe('REQUEST');
    const [freeBusy] = received?.freeBusy ?? [];
    const answer = freeBusy?.toMessage('reply', { attendee: 'bob@example.com', periods });
    expect(answer?.to.map(String)).toEqual(['ann@example.com']);
    const lines = linesOf(answer?.alternateViews[0]?.content ?? '');
    expect(lines).toEqual(
      expect.arrayContaining([
        'METHOD:REPLY',
        'UID:when@example.com',
        'ATTENDEE;CN=Bob:mailto:bob@example.com',
        'FREEBUSY;FBTYPE=BUSY:20260302T100000Z/20260302T110000Z',
      ]),
    );
  });

  it('is published', () => {
    const lines = linesOf(asked().publish({ stamp }).content);
    expect(lines).toEqual(expect.arrayContaining(['METHOD:PUBLISH', 'DTSTAMP:20260201T120000Z']));
    expect(lines.some((line) => line.startsWith('ATTENDEE'))).toBe(false);
  });

  it('wants those who ask and are asked', () => {
    const alone = new FreeBusy({ start: stamp, end: stamp });
    expect(() => alone.publish()).toThrow('organizer is needed: who asks, or whose time it is');
    expect(() => asked().toMessage('reply')).toThrow(
      "attendee is needed for 'reply': the address of who was asked",
    );
  });
});
