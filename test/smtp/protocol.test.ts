// SmtpConnection for protocol work: each command by itself.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SmtpConnection } from '../../src/smtp/index.ts';
import { lastWords } from '../support/faults.ts';
import { ehlo, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { clear, ENVELOPE, failure, text } from './kit.ts';

describe('a connection by hand', () => {
  it('goes from the greeting to the end, command by command', async () => {
    await using server = await scriptedServer(
      {
        EHLO: [ehlo('STARTTLS'), ehlo('AUTH PLAIN', 'SIZE 99')],
      },
      { tls: 'starttls' },
    );
    const connection = await SmtpConnection.greet({
      ...clear(server),
      security: 'starttls',
      username: 'ann',
      password: 'open sesame',
      tls: { ca: testAuthority },
    });
    expect(server.lines).toEqual([]);
    expect(connection.server.security).toBe('none');
    expect((await connection.ehlo()).lines).toEqual(['test.example.com', 'STARTTLS']);
    expect(connection.capabilities.starttls).toBe(true);
    expect(await connection.starttls()).toMatchObject({ code: 220, enhanced: '2.0.0' });
    expect(connection.capabilities.starttls).toBe(false);
    expect(connection.server).toMatchObject({ security: 'starttls', tls: { protocol: 'TLSv1.3' } });
    await connection.ehlo('me.example');
    expect(connection.capabilities.size).toBe(99);
    await connection.auth();
    expect(await connection.vrfy('ann')).toMatchObject({ code: 252 });
    expect((await connection.expn('staff')).lines).toHaveLength(2);
    expect(await connection.help()).toMatchObject({ code: 214 });
    expect(await connection.help('DATA')).toMatchObject({ code: 214 });
    expect(await connection.noop()).toMatchObject({ code: 250 });
    expect(await connection.etrn('example.com')).toMatchObject({ code: 250 });
    expect(await connection.mail('ann@example.com', 'SIZE=5', 'BODY=7BIT')).toMatchObject({
      code: 250,
    });
    expect(await connection.rcpt('bob@example.com', 'NOTIFY=NEVER')).toMatchObject({ code: 250 });
    expect(await connection.data('A: b\n\n.c')).toMatchObject([{ code: 250 }]);
    await connection.mail('');
    expect(await connection.rset()).toMatchObject({ code: 250 });
    expect(await connection.command('XCLIENT ADDR=192.0.2.1')).toMatchObject({ code: 500 });
    expect(connection.isUsable).toBe(true);
    await connection.send(ENVELOPE, text());
    await connection.quit();
    expect(server.lines.map((line) => line.replace(/(AUTH PLAIN) .*/, '$1'))).toEqual([
      'EHLO client.test',
      'STARTTLS',
      'EHLO me.example',
      'AUTH PLAIN',
      'VRFY ann',
      'EXPN staff',
      'HELP',
      'HELP DATA',
      'NOOP',
      'ETRN example.com',
      'MAIL FROM:<ann@example.com> SIZE=5 BODY=7BIT',
      'RCPT TO:<bob@example.com> NOTIFY=NEVER',
      'DATA',
      'MAIL FROM:<>',
      'RSET',
      'XCLIENT ADDR=192.0.2.1',
      'MAIL FROM:<ann@example.com> SIZE=30',
      'RCPT TO:<bob@example.com>',
      'DATA',
      'QUIT',
    ]);
    expect(server.messages[0]?.content).toBe('A: b\r\n\r\n..c\r\n');
  });

  it('gives refusals as replies', async () => {
    await using server = await scriptedServer({
      EHLO: '502 No',
      MAIL: '550 No',
      STARTTLS: '454 Not now',
      VRFY: '550 Nobody',
    });
    await using connection = await SmtpConnection.greet(clear(server));
    expect(await connection.ehlo()).toMatchObject({ code: 502 });
    expect(await connection.helo()).toMatchObject({ code: 250 });
    expect(await connection.mail('a@x')).toMatchObject({ code: 550, lines: ['No'] });
    expect(await connection.vrfy('x')).toMatchObject({ code: 550 });
    expect(await connection.starttls()).toMatchObject({ code: 454 });
    expect(connection.server.security).toBe('none');
  });

  it('gives the reply to DATA when that is a refusal, and several over LMTP', async () => {
    await using server = await scriptedServer({
      DATA: ['554 No', '354 go on'],
      content: '250 a\n550 c',
      RCPT: ['250 ok', '250 ok', '550 no', '250 ok'],
    });
    await using connection = await SmtpConnection.greet({ ...clear(server), protocol: 'lmtp' });
    await connection.ehlo();
    await connection.mail('a@x');
    await connection.rcpt('a@x');
    expect(await connection.data('x')).toMatchObject([{ code: 554 }]);
    await connection.rset();
    await connection.mail('a@x');
    for (const name of ['a', 'b', 'c']) await connection.rcpt(`${name}@x`);
    expect((await connection.data([Buffer.from('x\r\n')])).map(({ code }) => code)).toEqual([
      250, 550,
    ]);
    expect(server.lines[0]).toBe('LHLO client.test');
  });

  it('gives the content in chunks', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.greet(clear(server));
    await connection.ehlo();
    await connection.mail('a@x');
    await connection.rcpt('b@x');
    expect(await connection.bdat(Buffer.from('A: b\r\n\r\n.as\nit is'))).toMatchObject([
      { code: 250 },
    ]);
    expect(await connection.bdat(Buffer.from('\r\nend'), 'LAST')).toMatchObject([{ code: 250 }]);
    expect(server.messages[0]?.content).toBe('A: b\r\n\r\n.as\nit is\r\nend');
    expect(server.lines.slice(-2)).toEqual(['BDAT 17', 'BDAT 5 LAST']);
    expect(await failure(connection.bdat(Buffer.from('x')))).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        "BDAT can't be sent in state 'ready'; send the commands in the order of RFC 5321 section 4.1.4",
    });
  });

  it('keeps the order of the conversation without losing the connection', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.greet(clear(server));
    const error = await failure(connection.mail('a@x'));
    expect(error).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        "MAIL can't be sent in state 'greeted'; send the commands in the order of RFC 5321 section 4.1.4",
    });
    await connection.ehlo();
    expect(await failure(connection.data('x'))).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await connection.noop()).toMatchObject({ code: 250 });
    const both = await Promise.allSettled([connection.noop(), connection.noop()]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['DATA', 'data', 'AUTH PLAIN AGFubgBzZWNyZXQ=', 'STARTTLS', 'BDAT 5 LAST'])(
    'has a method for %s',
    async (line) => {
      await using server = await scriptedServer();
      await using connection = await SmtpConnection.greet(clear(server));
      const error = await failure(connection.command(line));
      expect(error.message).toBe(
        'DATA, BDAT, STARTTLS and AUTH are more than a line and its reply; use the methods for them',
      );
      expect(server.lines).toEqual([]);
    },
  );

  it('lets no CR, LF or NUL through, wherever it stands', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    const calls: ((bad: string) => Promise<unknown>)[] = [
      (bad) => connection.command(bad),
      (bad) => connection.vrfy(bad),
      (bad) => connection.expn(bad),
      (bad) => connection.help(bad),
      (bad) => connection.etrn(bad),
      (bad) => connection.ehlo(bad),
      (bad) => connection.helo(bad),
      (bad) => connection.mail(bad),
      (bad) => connection.mail('a@x', bad),
      (bad) => connection.rcpt(bad),
      (bad) => connection.rcpt('a@x', bad),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.constantFrom('\r', '\n', '\0', '\r\nDATA\r\n'),
        fc.constantFrom(...calls),
        async (before, bad, call) => {
          const error = await failure(
            call(`${before.replace(/^(?:data|bdat|auth|starttls)/i, '')}${bad}x`),
          );
          expect(error.code).toMatch(/^(?:MESSAGE_FIELD_INVALID|ADDRESS_INVALID)$/);
        },
      ),
      { numRuns: 100 },
    );
    expect(server.lines).toEqual(['EHLO client.test']);
    expect(connection.isUsable).toBe(true);
  });

  it('fails when the server ends the session', async () => {
    await using server = await scriptedServer({ NOOP: lastWords('421 4.3.2 Bye\r\n') });
    const connection = await SmtpConnection.connect(clear(server));
    expect(await failure(connection.noop())).toMatchObject({
      code: 'REPLY_NEGATIVE',
      stage: 'command',
      reply: { code: 421 },
    });
    expect(await failure(connection.noop())).toMatchObject({ code: 'REPLY_NEGATIVE' });
  });
});
