// What MAIL and RCPT say for what a caller asks, and what stops a message that the server can't take as asked.
import { describe, expect, it } from 'vitest';
import type { PosthornError } from '../../src/base/index.ts';
import { xtext } from '../../src/smtp/dsn.ts';
import {
  type DeliveryOptions,
  type DsnOptions,
  SmtpConnection,
  type SmtpConnectionOptions,
} from '../../src/smtp/index.ts';
import { ehlo, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { chunks, clear, ENVELOPE, failure, text } from './kit.ts';

async function commandsFor(
  offered: string,
  options: DeliveryOptions,
  dsn?: DsnOptions,
): Promise<string[]> {
  await using server = await scriptedServer({ EHLO: ehlo(...offered.split(',')) });
  await using connection = await SmtpConnection.connect(clear(server));
  await connection.send({ ...ENVELOPE, ...(dsn && { dsn }) }, text(), options);
  return server.lines.slice(1, 3);
}

async function refusalFor(
  offered: string,
  options: DeliveryOptions,
  dsn?: DsnOptions,
): Promise<{ readonly error: PosthornError; readonly lines: readonly string[] }> {
  await using server = await scriptedServer({ EHLO: ehlo(...offered.split(',')) });
  await using connection = await SmtpConnection.connect(clear(server));
  const envelope = { ...ENVELOPE, ...(dsn && { dsn }) };
  const error = await failure(connection.send(envelope, text(), options));
  // The connection is as good as new.
  expect(connection.isUsable).toBe(true);
  return { error, lines: server.lines.slice(1) };
}

describe('DSN', () => {
  it.each<[DsnOptions, string, string]>([
    [{}, '', ''],
    [{ ret: 'headers' }, ' RET=HDRS', ''],
    [{ ret: 'HDRS', envid: 'order 42+1=43' }, ' RET=HDRS ENVID=order+2042+2B1+3D43', ''],
    [{ ret: 'full', notify: 'never' }, ' RET=FULL', ' NOTIFY=NEVER'],
    [{ notify: ['success', 'FAILURE', 'delay'] }, '', ' NOTIFY=SUCCESS,FAILURE,DELAY'],
    [{ notify: 'success', orcpt: true }, '', ' NOTIFY=SUCCESS ORCPT=rfc822;bob@example.com'],
    [{ orcpt: 'rfc822;team+a@example.com' }, '', ' ORCPT=rfc822;team+2Ba@example.com'],
    [
      {
        notify: 'never',
        recipients: { 'bob@example.com': { notify: 'delay', orcpt: 'x400;/S=Bob/' } },
      },
      '',
      ' NOTIFY=DELAY ORCPT=x400;/S+3DBob/',
    ],
    [{ notify: 'failure', recipients: { 'eve@example.com': {} } }, '', ' NOTIFY=FAILURE'],
  ])('%j is said', async (dsn, mail, rcpt) => {
    expect(await commandsFor('DSN', {}, dsn)).toEqual([
      `MAIL FROM:<ann@example.com>${mail}`,
      `RCPT TO:<bob@example.com>${rcpt}`,
    ]);
  });

  it('names an address that is not ASCII as RFC 6533 says', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SMTPUTF8', 'DSN') });
    await using connection = await SmtpConnection.connect(clear(server));
    const to = ['grün+x@example.com'];
    await connection.send({ from: '', to, dsn: { orcpt: true } }, text());
    // The server reads its lines as latin1.
    expect(Buffer.from(server.lines[2] ?? '', 'latin1').toString()).toBe(
      'RCPT TO:<grün+x@example.com> ORCPT=utf-8;gr\\x{FC}n\\x{2B}x@example.com',
    );
  });

  it('is left out for a server without it when that will do, and else stops the message', async () => {
    const dsn = { ret: 'full', notify: 'never' } as const;
    expect(await commandsFor('SIZE', {}, { ...dsn, ifOffered: true })).toEqual([
      'MAIL FROM:<ann@example.com> SIZE=30',
      'RCPT TO:<bob@example.com>',
    ]);
    const { error, lines } = await refusalFor('SIZE', {}, dsn);
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'FEATURE_NOT_OFFERED',
      stage: 'mail',
      host: '127.0.0.1',
      delivered: 'no',
      retryable: false,
    });
    expect(error.message).toBe(
      `Reports were asked for with 'dsn', and 127.0.0.1:${error.port} does not offer DSN; give dsn.ifOffered or use another server`,
    );
    expect(lines).toEqual([]);
  });

  it.each<[object, string]>([
    [{ ret: 'half' }, "Option 'dsn.ret' must be 'full' or 'headers', got 'half'"],
    [{ envid: '' }, "Option 'dsn.envid' must be printable ASCII of 100 octets at most, got ''"],
    [{ envid: 'é' }, "Option 'dsn.envid' must be printable ASCII"],
    [{ envid: 'a\r\nRCPT TO:<e@evil>' }, "Option 'dsn.envid' must be printable ASCII"],
    [{ envid: '='.repeat(34) }, "Option 'dsn.envid' must be printable ASCII"],
    [
      { notify: ['never', 'success'] },
      "Option 'dsn.notify' must be 'never' or a list of 'success', 'failure' and 'delay', got object",
    ],
    [{ notify: [] }, "Option 'dsn.notify' must be"],
    [{ notify: 'success\r\nDATA' }, "Option 'dsn.notify' must be"],
    [{ orcpt: 'bob@example.com' }, "Option 'dsn.orcpt' must be true, or an address with its type"],
    [{ orcpt: 'rfc822;a\r\nb' }, "Option 'dsn.orcpt' must be an address of 500 octets at most"],
    [{ orcpt: `rfc822;${'a'.repeat(494)}` }, "Option 'dsn.orcpt' must be an address of 500"],
  ])('refuses %j', async (dsn, said) => {
    const { error, lines } = await refusalFor('DSN', {}, dsn as DsnOptions);
    expect(error).toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID' });
    expect(error.message).toContain(said);
    expect(lines).toEqual([]);
  });

  it('xtext leaves nothing that ends a parameter', () => {
    expect(xtext('a b+c=d\te\u007f!~')).toBe('a+20b+2Bc+3Dd+09e+7F!~');
  });
});

describe('wishes', () => {
  it.each<[string, DeliveryOptions, string]>([
    ['DELIVERBY', { deliverBySeconds: 120 }, ' BY=120;R'],
    ['DELIVERBY 60', { deliverBySeconds: 60 }, ' BY=60;R'],
    ['FUTURERELEASE 3600 2030-01-01T00:00:00Z', { holdForSeconds: 3600 }, ' HOLDFOR=3600'],
    ['MT-PRIORITY', { mtPriority: -9 }, ' MT-PRIORITY=-9'],
    ['SIZE', { mtPriority: 3 }, ' SIZE=30'],
  ])('offered %s, asked %j', async (offered, options, mail) => {
    expect((await commandsFor(offered, options))[0]).toBe(`MAIL FROM:<ann@example.com>${mail}`);
  });

  it.each<[string, DeliveryOptions, string]>([
    [
      'SIZE',
      { deliverBySeconds: 9 },
      "'deliverBySeconds' was given, and % does not offer DELIVERBY; leave it out or use another server",
    ],
    [
      'DELIVERBY 60',
      { deliverBySeconds: 59 },
      "% can't do what was asked: 'deliverBySeconds' is 59, and 60 is the soonest it promises",
    ],
    [
      'SIZE',
      { holdForSeconds: 9 },
      "'holdForSeconds' was given, and % does not offer FUTURERELEASE; leave it out or use another server",
    ],
    [
      'FUTURERELEASE 60',
      { holdForSeconds: 61 },
      "% can't do what was asked: 'holdForSeconds' is 61, and 60 is the longest it holds a message",
    ],
    [
      'REQUIRETLS',
      { requireTls: true },
      "'requireTls' was asked for, and the connection to % is not encrypted and verified; use security: 'implicit' or 'starttls', with verification on",
    ],
  ])('offered %s, asked %j, stops the message', async (offered, options, said) => {
    const { error, lines } = await refusalFor(offered, options);
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'FEATURE_NOT_OFFERED',
      stage: 'mail',
      delivered: 'no',
    });
    expect(error.message).toBe(said.replace('%', `127.0.0.1:${error.port}`));
    expect(lines).toEqual([]);
  });

  it.each<[DeliveryOptions, string]>([
    [
      { deliverBySeconds: 0 },
      "Option 'deliverBySeconds' must be a whole number of seconds above 0",
    ],
    [{ holdForSeconds: 1.5 }, "Option 'holdForSeconds' must be a whole number of seconds above 0"],
    [{ mtPriority: 10 }, "Option 'mtPriority' must be an integer from -9 to 9"],
    [{ requireTls: 'yes' } as never, "Option 'requireTls' must be true or false"],
  ])('%j is no wish', async (options, said) => {
    const { error } = await refusalFor('DELIVERBY,FUTURERELEASE 9,MT-PRIORITY', options);
    expect(error).toMatchObject({ code: 'OPTION_INVALID', message: said });
  });

  it.each([
    [true, true, undefined],
    [false, true, 'does not offer REQUIRETLS; leave it out or use another server'],
    [true, false, 'is not encrypted and verified'],
  ])('requireTls, offered %s, verified %s', async (isOffered, isVerified, said) => {
    const script = { EHLO: ehlo('8BITMIME', ...(isOffered ? ['REQUIRETLS'] : [])) };
    await using server = await scriptedServer(script, { tls: 'implicit' });
    const options: SmtpConnectionOptions = {
      ...clear(server),
      security: 'implicit',
      tls: isVerified ? { ca: testAuthority } : { rejectUnauthorized: false },
    };
    await using connection = await SmtpConnection.connect(options);
    const sending = connection.send(ENVELOPE, text(), { requireTls: true });
    if (said === undefined) {
      await sending;
      expect(server.lines[1]).toBe('MAIL FROM:<ann@example.com> REQUIRETLS');
    } else {
      expect((await failure(sending)).message).toContain(said);
      expect(server.messages).toEqual([]);
    }
  });
});

describe('SIZE', () => {
  it('stops a stream that turns out too long, before the dot', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE 200000') });
    const connection = await SmtpConnection.connect(clear(server));
    let given = 0;
    const stream = chunks(async function* () {
      for (; given < 100; given++) yield Buffer.alloc(10_000, 'x\r\n');
    });
    const error = await failure(connection.send(ENVELOPE, stream));
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_TOO_LARGE',
      stage: 'content',
      host: server.host,
      port: server.port,
      delivered: 'no',
      retryable: false,
    });
    expect(error.message).toMatch(
      /^The message has \d{6} octets or more, 127\.0\.0\.1:\d+ takes 200000 at most; send less or link to the files$/,
    );
    expect(given).toBeLessThan(40);
    expect(server.messages).toEqual([]);
    expect(connection.isUsable).toBe(false);
  });

  it('counts the line ends that are put in', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE 1000') });
    const lines = chunks(() => [Buffer.from('x\n'.repeat(400))]);
    const error = await failure(
      SmtpConnection.connect(clear(server)).then((link) => link.send(ENVELOPE, lines)),
    );
    expect(error).toMatchObject({ code: 'MESSAGE_TOO_LARGE', delivered: 'no' });
    expect(server.messages).toEqual([]);
  });

  it('lets what just fits pass', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE 1000') });
    await using connection = await SmtpConnection.connect(clear(server));
    const report = await connection.send(
      ENVELOPE,
      chunks(() => [Buffer.from('.\n.\r.\r\n'.repeat(110)), Buffer.from('x'.repeat(8))]),
    );
    expect(report.size).toBe(1000);
  });
});
