// Meetings as mail (RFC 6047): the form that mail programs show with buttons, and back.
import { AlternateView, MailMessage } from 'posthorn';
import { Calendar } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { event, weekly } from './support/events.ts';

const utf8 = new TextDecoder();

describe('a meeting as mail', () => {
  it('is an alternative, after text and HTML', async () => {
    const meeting = weekly();
    meeting.change({ htmlDescription: '<p>Hello</p>', description: 'Hello' });
    const message = meeting.toMessage('request', { deterministic: 'seed' });
    expect(message.from.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(message.to.map(String)).toEqual(['Bob <bob@example.com>', 'cleo@example.com']);
    expect(message.subject).toBe('Planning');
    expect(message.text).toContain('When: 2026-03-02 10:00 to 11:00 (Europe/Paris)');
    const types = [...message.leaves()].map(({ contentType }) => contentType.value);
    expect(types).toEqual(['text/plain', 'text/html', 'text/calendar']);
    const written = utf8.decode(await message.toBytes('eml'));
    expect(written).toContain('Content-Type: multipart/alternative');
    expect(written).toContain('Content-Type: text/calendar; method=REQUEST; charset=utf-8');
  });

  it('has the calendar as a file too, on request', () => {
    const message = weekly().toMessage('request', { attach: true });
    expect(message.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual(
      [['invite.ics', 'application/ics']],
    );
  });

  it('goes from who writes to who is meant', () => {
    const meeting = weekly();
    const reply = meeting.toMessage('reply', { attendee: 'bob@example.com', answer: 'declined' });
    expect([reply.from, reply.to].map(String)).toEqual([
      'Bob <bob@example.com>',
      'Ann <ann@example.com>',
    ]);
    expect(reply.subject).toBe('Declined: Planning');
    const declined = meeting.toMessage('declinecounter', { attendee: 'bob@example.com' });
    expect(declined.to.map(String)).toEqual(['Bob <bob@example.com>']);
    const update = meeting.toMessage('update', { changes: { summary: 'New\r\nBcc: x@y' } });
    expect(update.subject).toBe('Updated: New Bcc: x@y');
    const cancel = meeting.toMessage('cancel', { attendees: ['cleo@example.com'] });
    expect(cancel.to.map(String)).toEqual(['cleo@example.com']);
    expect(() => meeting.toMessage('reply', { answer: 'accepted' })).toThrow(
      "attendee is needed for 'reply': the address of who writes or is meant",
    );
  });

  it('is read out of what was received', async () => {
    const meeting = weekly();
    for (const [method, options] of [
      ['request', {}],
      ['cancel', {}],
      ['reply', { attendee: 'bob@example.com', answer: 'tentative' }],
    ] as const) {
      const bytes = await meeting.toMessage(method, options).toBytes('eml');
      const calendar = Calendar.fromMessage(MailMessage.parse(bytes));
      expect(calendar?.method).toBe(method.toUpperCase());
      expect(calendar?.appointments[0]?.uid).toBe('planning@example.com');
      expect(calendar?.problems).toEqual([]);
    }
    expect(Calendar.fromMessage(MailMessage.parse('Subject: x\r\n\r\nhi'))).toBeUndefined();
  });

  it('is found as the only part, as a file, in another charset, and without METHOD inside', () => {
    const text = event('DTSTART:20260302T100000Z', 'SUMMARY:Caf\u00e9');
    const latin = (head: string): MailMessage =>
      MailMessage.parse(Buffer.from(`${head}\r\n\r\n${text}`, 'latin1'));
    const whole = Calendar.fromMessage(
      latin('Content-Type: text/calendar; charset=iso-8859-1; method=request'),
    );
    expect(whole?.method).toBe('REQUEST');
    expect(whole?.appointments[0]?.summary).toBe('Café');
    const file = Calendar.fromMessage(
      latin(
        'Content-Type: application/octet-stream; name="a.ICS"\r\nContent-Disposition: attachment; filename="a.ICS"',
      ),
    );
    expect(file?.appointments[0]?.summary).toBe('Café');
  });

  it('can be put into a message of your own', () => {
    const message = new MailMessage({
      from: 'ann@example.com',
      to: 'bob@example.com',
      text: 'Come',
    });
    message.alternateViews.push(weekly().request());
    expect(message.alternateViews[0]).toBeInstanceOf(AlternateView);
    expect([...message.leaves()].map(({ contentType }) => contentType.value)).toEqual([
      'text/plain',
      'text/calendar',
    ]);
  });
});
