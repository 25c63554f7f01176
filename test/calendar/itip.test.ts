// The messages between organizer and attendees (RFC 5546): what stands in them, and what becomes of the appointment.
import { Appointment, Calendar } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { linesOf, weekly } from './support/events.ts';

const stamp = new Date('2026-02-01T12:00:00Z');
const days = (meeting: Appointment): string[] =>
  [...meeting.occurrences()].map(({ start }) => start.toISOString().slice(5, 16));

describe('the organizer', () => {
  it('invites', () => {
    const view = weekly().request({ stamp });
    expect(view.contentType).toBe('text/calendar');
    expect([...view.contentTypeParameters]).toEqual([
      ['method', 'REQUEST'],
      ['charset', 'utf-8'],
    ]);
    const lines = linesOf(view.content);
    expect(lines.slice(0, 5)).toEqual([
      'BEGIN:VCALENDAR',
      'PRODID:-//Posthorn//Posthorn//EN',
      'VERSION:2.0',
      'METHOD:REQUEST',
      'BEGIN:VTIMEZONE',
    ]);
    for (const line of [
      'UID:planning@example.com',
      'DTSTAMP:20260201T120000Z',
      'SEQUENCE:0',
      'DTSTART;TZID=Europe/Paris:20260302T100000',
      'DTEND;TZID=Europe/Paris:20260302T110000',
      'RRULE:FREQ=WEEKLY;COUNT=8',
      'ORGANIZER;CN=Ann:mailto:ann@example.com',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Bob:mailto:bob@example.com',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('can not invite without organizer or attendees', () => {
    const alone = new Appointment({ start: '2026-03-02' });
    expect(() => alone.request()).toThrow(
      expect.objectContaining({
        code: 'MESSAGE_FIELD_INVALID',
        message: 'organizer is needed to invite: give the appointment an organizer',
      }),
    );
    alone.change({ organizer: 'ann@example.com' });
    expect(() => alone.request()).toThrow('attendees are needed to invite');
    expect(linesOf(alone.publish().content)).toContain('METHOD:PUBLISH');
  });

  it('changes, and counts the changes', () => {
    const meeting = weekly();
    const lines = linesOf(meeting.update({ location: 'Room 5' }).content);
    expect(lines).toContain('SEQUENCE:1');
    expect(lines).toContain('LOCATION:Room 5');
    expect(meeting.sequence).toBe(1);
    expect(meeting.uid).toBe('planning@example.com');
  });

  it('changes one occurrence', () => {
    const meeting = weekly();
    const view = meeting.update({ start: '2026-03-09T15:00' }, { occurrence: '2026-03-09' });
    const lines = linesOf(view.content);
    expect(lines).toContain('RECURRENCE-ID;TZID=Europe/Paris:20260309T100000');
    expect(lines).toContain('DTSTART;TZID=Europe/Paris:20260309T150000');
    expect(lines).toContain('DTEND;TZID=Europe/Paris:20260309T160000');
    expect(lines.filter((line) => line.startsWith('RRULE') && line.includes('COUNT'))).toEqual([]);
    expect(days(meeting).slice(0, 3)).toEqual(['03-02T09:00', '03-09T14:00', '03-16T09:00']);
    expect(() => meeting.changeOccurrence('2026-03-10', {})).toThrow(
      'occurrence is no time at which the appointment takes place',
    );
  });

  it('moves all; exceptions go along', () => {
    const meeting = weekly();
    meeting.change({ exceptionDates: ['2026-03-23'] });
    meeting.changeOccurrence('2026-03-09', { summary: 'Special' });
    meeting.change({ start: '2026-03-03T12:00' });
    const found = [...meeting.occurrences()].map(
      ({ start, appointment }) => `${start.toISOString().slice(5, 13)} ${appointment.summary}`,
    );
    expect(found.slice(0, 4)).toEqual([
      '03-03T11 Planning',
      '03-10T11 Special',
      '03-17T11 Planning',
      '03-31T10 Planning',
    ]);
  });

  it('calls off all, one occurrence, one attendee', () => {
    const meeting = weekly();
    const one = linesOf(meeting.cancel({ occurrence: new Date('2026-03-16T09:00:00Z') }).content);
    expect(one).toContain('METHOD:CANCEL');
    expect(one).toContain('RECURRENCE-ID;TZID=Europe/Paris:20260316T100000');
    expect(one).toContain('STATUS:CANCELLED');
    expect(days(meeting)).toHaveLength(7);
    const leaving = linesOf(meeting.cancel({ attendees: ['BOB@example.com'] }).content);
    expect(leaving.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(1);
    expect(leaving).not.toContain('STATUS:CANCELLED');
    expect(meeting.attendees.map(({ address }) => address)).toEqual(['cleo@example.com']);
    meeting.cancel({ comment: 'no time' });
    expect(meeting.status).toBe('cancelled');
    expect(days(meeting)).toEqual([]);
  });

  it('leaves out of invitations what was called off', () => {
    const meeting = weekly();
    meeting.cancel({ occurrence: '2026-03-16' });
    meeting.changeOccurrence('2026-03-23', { location: 'Garden' });
    const lines = linesOf(meeting.request().content);
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(2);
    expect(lines).toContain('EXDATE;TZID=Europe/Paris:20260316T100000');
    expect(lines).not.toContain('STATUS:CANCELLED');
  });

  it('asks again when the time changes', () => {
    const meeting = weekly();
    meeting.reply('bob@example.com', 'accepted');
    meeting.update({ location: 'Room 5' });
    expect(meeting.attendees[0]?.status).toBe('accepted');
    meeting.update({ start: '2026-03-03T10:00' });
    expect(meeting.attendees[0]).toMatchObject({ status: 'needs-action', rsvp: true });
    expect(meeting.sequence).toBe(2);
  });

  it('adds an occurrence', () => {
    const meeting = weekly();
    const lines = linesOf(meeting.add({ start: '2026-05-09T12:00', location: 'Garden' }).content);
    expect(lines).toContain('METHOD:ADD');
    expect(lines.some((line) => /^(?:RRULE:FREQ=WEEKLY|RECURRENCE-ID)/.test(line))).toBe(false);
    expect(lines).toContain('SEQUENCE:1');
    const last = [...meeting.occurrences()].at(-1);
    expect(last?.start.toISOString()).toBe('2026-05-09T10:00:00.000Z');
    expect(last?.appointment.location).toBe('Garden');
  });

  it('declines a proposal', () => {
    const lines = linesOf(weekly().declineCounter('bob@example.com', { comment: 'no' }).content);
    expect(lines).toContain('METHOD:DECLINECOUNTER');
    expect(lines).toContain('COMMENT:no');
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(0);
  });
});

describe('an attendee', () => {
  it('answers', () => {
    const meeting = weekly();
    const view = meeting.reply('Bob@example.com', 'accepted', {
      comment: 'Gladly',
      sentBy: 'pa@example.com',
      stamp,
    });
    const lines = linesOf(view.content);
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toEqual([
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;SENT-BY="mailto:pa@example.com";CN=Bob:mailto:Bob@example.com',
    ]);
    for (const line of [
      'METHOD:REPLY',
      'COMMENT:Gladly',
      'SEQUENCE:0',
      'DTSTAMP:20260201T120000Z',
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.some((line) => line.startsWith('RRULE:FREQ=WEEKLY'))).toBe(false);
    expect(meeting.attendees.map(({ status }) => status)).toEqual(['accepted', 'needs-action']);
    expect(() => meeting.reply('bob@example.com', 'maybe' as 'accepted')).toThrow(
      "answer must be accepted, declined, tentative or delegated, got 'maybe'",
    );
  });

  it('delegates; the organizer takes the answer over', () => {
    const [mine, organizers] = [weekly(), weekly()];
    expect(() => mine.reply('bob@example.com', 'delegated')).toThrow('delegateTo is needed');
    const view = mine.reply('bob@example.com', 'delegated', { delegateTo: 'dan@example.com' });
    const [reply] = Calendar.parse(view.content).appointments;
    expect(reply && organizers.applyReply(reply)).toBe(true);
    for (const meeting of [mine, organizers]) {
      const people = meeting.attendees.map(
        ({ address, status, delegatedTo, delegatedFrom }) =>
          `${address} ${status} ${delegatedTo}${delegatedFrom}`,
      );
      expect(people).toEqual([
        'bob@example.com delegated dan@example.com',
        'cleo@example.com needs-action ',
        'dan@example.com needs-action bob@example.com',
      ]);
    }
    organizers.update();
    expect(reply && organizers.applyReply(reply)).toBe(false);
  });

  it('answers for one occurrence only', () => {
    const [mine, organizers] = [weekly(), weekly()];
    const view = mine.reply('bob@example.com', 'declined', { occurrence: '2026-03-09' });
    const [reply] = Calendar.parse(view.content).appointments;
    expect(reply?.recurrenceId).toBe('20260309T100000');
    if (reply) organizers.applyReply(reply);
    expect(organizers.attendees[0]?.status).toBe('needs-action');
    expect(organizers.exceptions[0]?.attendees[0]?.status).toBe('declined');
  });

  it('proposes another time, asks for the appointment again', () => {
    const meeting = weekly();
    const counter = linesOf(
      meeting.counter('bob@example.com', { start: '2026-03-02T16:00' }).content,
    );
    expect(counter).toContain('METHOD:COUNTER');
    expect(counter).toContain('DTSTART;TZID=Europe/Paris:20260302T160000');
    expect(meeting.start?.toISOString()).toBe('2026-03-02T09:00:00.000Z');
    const refresh = linesOf(meeting.refresh('bob@example.com').content);
    expect(refresh).toContain('METHOD:REFRESH');
    expect(refresh.some((line) => line.startsWith('SUMMARY'))).toBe(false);
  });
});
