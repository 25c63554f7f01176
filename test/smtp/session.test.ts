import { describe, expect, it } from 'vitest';
import { type Answer, Session, type Verb } from '../../src/smtp/session.ts';

function hear(session: Session, text: string): Answer[] {
  return [...session.receive(Buffer.from(text))];
}

function ready(): Session {
  const session = new Session('connected');
  hear(session, '220 hi\r\n');
  session.sending('EHLO');
  hear(session, '250 hi\r\n');
  return session;
}

describe('the session', () => {
  it('binds every reply to its command, also when several are under way', () => {
    const session = ready();
    for (const verb of ['MAIL', 'RCPT', 'RCPT', 'DATA'] as const) session.sending(verb);
    expect(session.awaiting).toBe('MAIL');
    const answers = hear(session, '250 a\r\n550 b\r\n250 c\r\n354 d\r\n');
    expect(answers.map(({ verb, verdict, reply }) => [verb, verdict, reply.lines[0]])).toEqual([
      ['MAIL', 'positive', 'a'],
      ['RCPT', 'negative', 'b'],
      ['RCPT', 'positive', 'c'],
      ['DATA', 'positive', 'd'],
    ]);
    expect(session.state).toBe('content');
    expect(session.awaiting).toBeUndefined();
  });

  it('keeps to the order of the conversation', () => {
    const session = new Session('connected');
    const refuse = (verb: Verb): void => {
      expect(() => session.sending(verb)).toThrow(
        `${verb} can't be sent in state '${session.state}'; send the commands in the order of RFC 5321`,
      );
    };
    hear(session, '220 hi\r\n');
    for (const verb of ['MAIL', 'RCPT', 'DATA', 'AUTH', 'STARTTLS', 'content'] as const)
      refuse(verb);
    session.sending('EHLO');
    hear(session, '250 hi\r\n');
    for (const verb of ['RCPT', 'DATA', 'content'] as const) refuse(verb);
    session.sending('MAIL');
    hear(session, '250 ok\r\n');
    for (const verb of ['MAIL', 'DATA', 'AUTH', 'STARTTLS'] as const) refuse(verb);
    session.sending('RCPT');
    hear(session, '550 no\r\n');
    refuse('content');
    expect(session.state).toBe('mail');
    session.sending('RSET');
    hear(session, '250 ok\r\n');
    expect(session.state).toBe('ready');
  });

  it('ends the transaction with the final reply, good or bad', () => {
    for (const reply of ['250 ok', '450 later', '550 never']) {
      const session = ready();
      for (const verb of ['MAIL', 'RCPT', 'DATA'] as const) session.sending(verb);
      hear(session, '250 a\r\n250 b\r\n354 c\r\n');
      session.sending('content');
      hear(session, `${reply}\r\n`);
      expect(session.state).toBe('ready');
    }
  });

  it.each([
    ['MAIL', '354 go', 'violation'],
    ['MAIL', '334 go', 'violation'],
    ['MAIL', '421 bye', 'closing'],
    ['MAIL', '553 no', 'negative'],
    ['STARTTLS', '354 go', 'violation'],
    ['AUTH', '334 go', 'continue'],
    ['AUTH', '354 go', 'violation'],
    ['AUTH', '535 no', 'negative'],
    ['QUIT', '421 bye', 'positive'],
    ['QUIT', '221 bye', 'positive'],
  ] as const)('judges %s answered by %j as %s', (verb, reply, verdict) => {
    const session = ready();
    session.sending(verb);
    expect(hear(session, `${reply}\r\n`)[0]?.verdict).toBe(verdict);
  });

  it('takes 250 to DATA for no permission', () => {
    const session = ready();
    for (const verb of ['MAIL', 'RCPT', 'DATA'] as const) session.sending(verb);
    expect(hear(session, '250 a\r\n250 b\r\n250 c\r\n').at(-1)?.verdict).toBe('violation');
    expect(session.state).not.toBe('content');
  });

  it('does not take a reply for the answer to a command that comes after it', () => {
    const session = ready();
    expect(() => hear(session, '250 early\r\n')).toThrow(
      "The server sent '250 early' although nothing was asked; it can't be taken as an answer",
    );
    const another = ready();
    hear(another, '25');
    expect(() => another.sending('MAIL')).toThrow(
      "The server began a reply before MAIL was sent; it can't be taken as the answer",
    );
  });

  it('hears 421 at any time', () => {
    const session = ready();
    expect(hear(session, '421 4.3.2 bye\r\n')).toEqual([
      {
        verb: undefined,
        verdict: 'closing',
        reply: { code: 421, enhanced: '4.3.2', lines: ['bye'] },
      },
    ]);
    expect(session.state).toBe('closed');
    expect(() => session.sending('MAIL')).toThrow("MAIL can't be sent in state 'closed'");
  });

  it('believes a refusal during the content, and no acceptance', () => {
    const inContent = (): Session => {
      const session = ready();
      for (const verb of ['MAIL', 'RCPT', 'DATA'] as const) session.sending(verb);
      hear(session, '250 a\r\n250 b\r\n354 c\r\n');
      return session;
    };
    expect(hear(inContent(), '552 5.3.4 too big\r\n')[0]).toMatchObject({
      verb: undefined,
      verdict: 'negative',
    });
    expect(() => hear(inContent(), '250 2.0.0 queued\r\n')).toThrow(
      "The server sent '250 queued' although nothing was asked; it can't be taken as an answer",
    );
  });

  it('is silent between STARTTLS and the handshake', () => {
    const session = ready();
    session.sending('STARTTLS');
    hear(session, '220 go\r\n');
    expect(session.state).toBe('tls');
    expect(() => session.sending('EHLO')).toThrow("EHLO can't be sent in state 'tls'");
    expect(session.hasUnread).toBe(false);
    hear(session, '250-evil');
    expect(session.hasUnread).toBe(true);
  });
});
