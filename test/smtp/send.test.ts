// What a transaction does beside the straight way: refusals, extensions, content that fails, the caller's signal.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { PosthornError, RecipientsError } from '../../src/base/index.ts';
import { type SmtpCapabilities, SmtpConnection } from '../../src/smtp/index.ts';
import { fin, rst, stopReading } from '../support/faults.ts';
import {
  type Answer,
  ehlo,
  type Script,
  scriptedServer,
  type Turn,
  testAuthority,
} from '../support/scripted-server.ts';
import { chunks, clear, deliver, ENVELOPE, failure, TEXT, text } from './kit.ts';

describe('recipients', () => {
  const three = {
    from: 'ann@example.com',
    to: ['a@example.com', 'b@example.com', 'c@example.com'],
  };
  const oneRefused: Script = { RCPT: ['250 ok', '550 5.1.1 No such user', '250 ok'] };

  it('are reported one by one when the server takes some of them', async () => {
    await using server = await scriptedServer(oneRefused);
    await using connection = await SmtpConnection.connect(clear(server));
    const report = await connection.send(three, text());
    expect(report.accepted).toEqual(['a@example.com', 'c@example.com']);
    expect(report.rejected).toEqual([
      {
        address: 'b@example.com',
        reply: { code: 550, enhanced: '5.1.1', lines: ['No such user'] },
      },
    ]);
    expect(server.messages[0]?.to).toEqual(['a@example.com', 'c@example.com']);
  });

  it('get nothing at all with all-or-nothing when one is refused', async () => {
    await using server = await scriptedServer(oneRefused);
    await using connection = await SmtpConnection.connect(clear(server));
    const error = (await failure(
      connection.send(three, text(), { partial: 'all-or-nothing' }),
    )) as RecipientsError;
    expect(error).toMatchObject({
      name: 'RecipientsError',
      code: 'RECIPIENTS_REJECTED',
      stage: 'rcpt',
      retryable: false,
      delivered: 'no',
    });
    expect(error.message).toBe(
      `127.0.0.1:${server.port} refused 1 of 3 recipients: 'b@example.com' with '550 5.1.1 No such user'; nothing was sent. See 'rejected' for each reply`,
    );
    expect(error.rejected.map(({ address }) => address)).toEqual(['b@example.com']);
    await connection.settled();
    expect(server.lines.slice(1)).toEqual([
      'MAIL FROM:<ann@example.com> SIZE=30',
      'RCPT TO:<a@example.com>',
      'RCPT TO:<b@example.com>',
      'RCPT TO:<c@example.com>',
      'RSET',
    ]);
    // The connection is as good as new.
    await connection.send(ENVELOPE, text());
    expect(server.messages.length).toBe(1);
  });

  it('that are all refused make an error that holds every reply', async () => {
    await using server = await scriptedServer({ RCPT: ['550 no', '450 later', '550 no'] });
    await using connection = await SmtpConnection.connect(clear(server));
    const error = (await failure(connection.send(three, text()))) as RecipientsError;
    expect(error.message).toContain(
      "refused every recipient: 'a@example.com' with '550 no'; nothing was sent",
    );
    expect(error.rejected.map(({ reply }) => reply.code)).toEqual([550, 450, 550]);
    // One of them may be taken later.
    expect(error.retryable).toBe(true);
    expect(connection.isUsable).toBe(true);
  });

  it('must be there', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send({ from: 'a@x', to: [] }, text()));
    expect(error).toMatchObject({ name: 'InvalidMessageError', code: 'MESSAGE_NO_RECIPIENT' });
    expect(error.message).toBe('The envelope has no recipient; give at least one address');
  });

  it.each([
    'a@b>\r\nRCPT TO:<e@evil',
    '"x\r\nRCPT TO:<e@evil>"@d',
    'a@b> ORCPT=rfc822;x',
    'a b@c',
    'a@b c',
    'a@b@c',
    'a',
    '@b',
    'a@',
    'a@b,c@d',
    'a\0@b',
    '<a@b>',
    'a@b\u2028',
    '\u010d\u010a@b c',
    '',
  ])('that are not one mailbox are refused before anything is sent: %j', async (address) => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send({ from: 'a@x', to: [address] }, text()));
    expect(error).toMatchObject({ name: 'InvalidAddressError', code: 'ADDRESS_INVALID' });
    expect(error.message).toContain('is not one mailbox in the form local@domain');
    expect(server.lines).toEqual(['EHLO client.test']);
    expect(connection.isUsable).toBe(true);
  });

  it.each([
    '"a b"@x',
    '"a\\"b>"@x',
    'a@[192.0.2.1]',
    'a@[IPv6:::1]',
    'postmaster',
    "a!#$%&'*+-/=?^_`{|}~@x",
  ])('may be %s', async (address) => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    await connection.send({ from: '', to: [address] }, text());
    expect(server.lines.slice(1, 3)).toEqual([`MAIL FROM:<> SIZE=30`, `RCPT TO:<${address}>`]);
  });
});

describe('a second message on the same connection', () => {
  const turns: readonly [Turn, string, 'no' | 'unknown'][] = [
    ['MAIL', '250 ok', 'no'],
    ['RCPT', '250 ok', 'no'],
    ['DATA', '354 go', 'no'],
    ['content', '250 ok', 'unknown'],
  ];
  it.each(turns)('fails at %s as a first one would', async (turn, good, delivered) => {
    for (const [fault, name] of [
      [fin, 'ConnectionError'],
      [rst, 'ConnectionError'],
      ['999 what', 'ProtocolError'],
    ] as const) {
      await using server = await scriptedServer({ [turn]: [good, fault] });
      const connection = await SmtpConnection.connect(clear(server));
      await connection.send(ENVELOPE, text());
      const error = await failure(connection.send(ENVELOPE, text()));
      expect(error).toMatchObject({ name, delivered, retryable: delivered === 'no' });
      // A third is not sent at all, whatever became of the second.
      const later = await failure(connection.send(ENVELOPE, text()));
      expect(later).toMatchObject({ name, delivered: 'no', stage: 'mail' });
      expect(connection.isUsable).toBe(false);
    }
  });

  it('learns that the server has left in between', async () => {
    for (const bye of ['421 4.4.2 idle too long', undefined]) {
      await using server = await scriptedServer({
        content: async (link) => {
          await link.say('250 ok');
          await sleep(20);
          if (bye) await link.say(bye);
          link.socket.end();
        },
      });
      const connection = await SmtpConnection.connect(clear(server));
      await connection.send(ENVELOPE, text());
      expect(connection.isUsable).toBe(true);
      await sleep(60);
      expect(connection.isUsable).toBe(false);
      const error = await failure(connection.send(ENVELOPE, text()));
      expect(error).toMatchObject({ stage: 'mail', delivered: 'no', retryable: true });
      expect(error.reply?.code).toBe(bye ? 421 : undefined);
    }
  });

  it('is not thought delivered because one before it may be', async () => {
    await using server = await scriptedServer({ content: () => undefined });
    const options = { ...clear(server), timeoutsMs: { finalReply: 50 } };
    const connection = await SmtpConnection.connect(options);
    expect((await failure(connection.send(ENVELOPE, text()))).delivered).toBe('unknown');
    expect(await failure(connection.send(ENVELOPE, text()))).toMatchObject({
      code: 'CLIENT_CLOSED',
      delivered: 'no',
    });
  });
});

describe('extensions', () => {
  const content = (extra: object) => () => ({ ...text()(), ...extra });

  it('are told to the content', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    let seen: SmtpCapabilities | undefined;
    await connection.send(ENVELOPE, async (capabilities) => {
      seen = capabilities;
      return text()();
    });
    expect(seen).toBe(connection.capabilities);
  });

  it('are used only when needed', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    await connection.send(ENVELOPE, content({ eightBit: true }));
    await connection.send(ENVELOPE, content({ utf8: true }));
    await connection.send(ENVELOPE, content({ size: undefined }));
    await connection.send({ from: 'grün@example.com', to: ['b@x'] }, text());
    expect(server.lines.filter((line) => line.startsWith('MAIL'))).toEqual([
      'MAIL FROM:<ann@example.com> SIZE=30 BODY=8BITMIME',
      'MAIL FROM:<ann@example.com> SIZE=30 SMTPUTF8',
      'MAIL FROM:<ann@example.com>',
      `MAIL FROM:<${Buffer.from('grün').toString('latin1')}@example.com> SIZE=30 SMTPUTF8`,
    ]);
  });

  it('that are needed and missing stop the message before MAIL', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE 20') });
    await using connection = await SmtpConnection.connect(clear(server));
    const errors = [
      await failure(connection.send(ENVELOPE, text())),
      await failure(connection.send(ENVELOPE, content({ size: 5, eightBit: true }))),
      await failure(connection.send(ENVELOPE, content({ size: 5, utf8: true }))),
      await failure(connection.send({ from: 'a@x', to: ['b@x', 'grün@x'] }, text())),
    ];
    expect(errors.map(({ stage, host, port }) => [stage, host, port])).toEqual(
      Array(4).fill(['mail', server.host, server.port]),
    );
    const peer = `${server.host}:${server.port}`;
    expect(errors.map(({ name, code, message }) => [name, code, message])).toEqual([
      [
        'InvalidMessageError',
        'MESSAGE_TOO_LARGE',
        `The message has 30 octets, ${peer} takes 20 at most; send less or link to the files`,
      ],
      [
        'InvalidMessageError',
        'FEATURE_NOT_OFFERED',
        `The message holds 8-bit octets, and ${peer} does not offer 8BITMIME; encode it or use another server`,
      ],
      [
        'InvalidMessageError',
        'FEATURE_NOT_OFFERED',
        `The message holds UTF-8 in its header, and ${peer} does not offer SMTPUTF8; encode it or use another server`,
      ],
      [
        'InvalidAddressError',
        'ADDRESS_NEEDS_SMTPUTF8',
        "The address 'grün@x' is not ASCII and the server does not offer SMTPUTF8; use the recipient's ASCII address or another server",
      ],
    ]);
    expect(server.lines).toEqual(['EHLO client.test']);
  });
});

describe('the final reply', () => {
  it.each([
    ['552 5.3.4 Too big', false, 'the message or the mailbox is too large'],
    ['451 4.7.1 Greylisted', true, "answered the message with '451 4.7.1 Greylisted'"],
    ['503 5.5.1 Bad sequence', true, "'503 5.5.1 Bad sequence'"],
    ['554 5.7.1 Spam', false, "answered the message with '554 5.7.1 Spam'"],
  ])('%s refuses the message and leaves the connection', async (reply, retryable, said) => {
    await using server = await scriptedServer({ content: [reply, '250 ok'] });
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send(ENVELOPE, text()));
    expect(error).toMatchObject({
      name: 'SmtpReplyError',
      code: 'REPLY_NEGATIVE',
      stage: 'final-reply',
      delivered: 'no',
      retryable,
      host: '127.0.0.1',
      port: server.port,
    });
    expect(error.message).toContain(said);
    expect(error.transcript.slice(-3)).toEqual(['C: DATA', 'S: 354 End with a dot', `S: ${reply}`]);
    await connection.send(ENVELOPE, text());
    expect(server.lines).not.toContain('RSET');
  });

  it('that asks for a login says so', async () => {
    await using server = await scriptedServer({ MAIL: '530 5.7.0 Authentication required' });
    const error = await failure(deliver(clear(server)));
    expect(error.message).toBe(
      `127.0.0.1:${server.port} answered MAIL with '530 5.7.0 Authentication required'; it wants a login: give 'username' and 'password' (and encryption: security: 'starttls')`,
    );
  });

  it('in the same segment as another counts once, and the connection is not used again', async () => {
    await using server = await scriptedServer({ content: '250 first\n250 second' });
    const connection = await SmtpConnection.connect(clear(server));
    expect((await connection.send(ENVELOPE, text())).reply.lines).toEqual(['first']);
    expect(connection.isUsable).toBe(false);
    const error = await failure(connection.send(ENVELOPE, text()));
    expect(error).toMatchObject({ name: 'ProtocolError', delivered: 'no', retryable: true });
    expect(server.messages.length).toBe(1);
  });

  it('is not believed before the message has been sent', async () => {
    const early: Record<string, Script> = {
      'with the reply to MAIL': { MAIL: '250 ok\n250 ok\n354 go\n250 queued' },
      'with the reply to RCPT': { RCPT: '250 ok\n354 go\n250 queued' },
      'with the reply to DATA': { DATA: '354 go\n250 queued' },
      'begun with the reply to DATA': { DATA: (link) => link.write('354 go\r\n250 que') },
    };
    for (const [name, script] of Object.entries(early)) {
      await using server = await scriptedServer(script);
      const error = await failure(deliver(clear(server)));
      expect([name, error.name, error.delivered]).toEqual([name, 'ProtocolError', 'no']);
      expect(error.message).toMatch(
        /although nothing was asked|began a reply before content was sent/,
      );
      expect(server.messages).toEqual([]);
    }
  });

  it('250 to DATA never lets the content go, where it would be read as commands', async () => {
    await using server = await scriptedServer({ DATA: '250 ok' });
    const error = await failure(deliver(clear(server), text('RSET\r\nVRFY ann\r\n')));
    expect(error).toMatchObject({ name: 'ProtocolError', stage: 'data', delivered: 'no' });
    expect(error.message).toBe(
      `127.0.0.1:${server.port} answered DATA with '250 ok', which can't be an answer to it; the connection was closed`,
    );
    await sleep(20);
    expect(server.lines.at(-1)).toBe('DATA');
  });
});

describe('content', () => {
  const block = Buffer.alloc(
    65_536,
    'a line of text that is not too long for anybody to read!!\r\n',
  );
  // More than the buffers of both kernels hold.
  function* endless(): Generator<Uint8Array> {
    for (let i = 0; i < 400; i++) yield block;
  }

  it.each([
    ['552 5.3.4 Too big', 'SmtpReplyError', false],
    ['452 4.3.1 Full', 'SmtpReplyError', true],
    ['421 4.3.2 Shutting down', 'SmtpReplyError', true],
    ['250 2.0.0 queued', 'ProtocolError', true],
    ['354 go on', 'ProtocolError', true],
    ['HTTP/1.1 400 Bad', 'ProtocolError', true],
  ])('stops when the server says %j midway', async (reply, name, retryable) => {
    for (const then of ['stay', 'close', 'stop'] as const) {
      const midContent: Answer = async (link) => {
        if (then === 'stop') link.socket.pause();
        await link.say(reply);
        if (then === 'close') link.socket.destroy();
      };
      await using server = await scriptedServer({ midContent }, { midContentAfter: 300_000 });
      const error = await failure(deliver(clear(server), chunks(endless)));
      expect([then, error.name, error.stage]).toEqual([then, name, 'content']);
      expect(error).toMatchObject({ retryable, delivered: 'no' });
      if (name === 'SmtpReplyError') expect(error.message).toContain(`'${reply}'`);
      expect(server.messages).toEqual([]);
    }
  });

  it.each([
    ['goes away', fin],
    ['breaks off', rst],
  ])('stops when the server %s midway', async (_, midContent) => {
    await using server = await scriptedServer({ midContent }, { midContentAfter: 300_000 });
    const error = await failure(deliver(clear(server), chunks(endless)));
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_CLOSED',
      stage: 'content',
      retryable: true,
      delivered: 'no',
    });
  });

  it('stops when the server no longer reads', async () => {
    await using server = await scriptedServer(
      { midContent: stopReading },
      { midContentAfter: 300_000 },
    );
    const options = { ...clear(server), timeoutsMs: { data: 150 } };
    const error = await failure(deliver(options, chunks(endless)));
    expect(error).toMatchObject({
      name: 'TimeoutError',
      stage: 'content',
      retryable: true,
      delivered: 'no',
    });
    expect(error.message).toBe(
      `Stage 'content' with 127.0.0.1:${server.port} took longer than 150 ms: the server stopped reading or the content stopped coming; or raise timeoutsMs.data`,
    );
  });

  it.each([
    ['552 5.3.4 Too big', 'SmtpReplyError', false],
    ['250 2.0.0 queued', 'ProtocolError', true],
    [fin, 'ConnectionError', true],
    [rst, 'ConnectionError', true],
    [stopReading, 'TimeoutError', true],
  ] as const)('stops under TLS too', async (midContent, name, retryable) => {
    for (const tls of ['starttls', 'implicit'] as const) {
      await using server = await scriptedServer({ midContent }, { tls, midContentAfter: 300_000 });
      const options = {
        ...clear(server),
        security: tls,
        tls: { ca: testAuthority },
        timeoutsMs: { data: 300 },
      };
      const error = await failure(deliver(options, chunks(endless)));
      expect(error).toMatchObject({ name, stage: 'content', retryable, delivered: 'no' });
      expect(server.messages).toEqual([]);
    }
  });

  it('may take longer than the bound as long as it moves', async () => {
    await using server = await scriptedServer();
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 8; i++) {
        await sleep(70);
        yield Buffer.from(`line ${i}\r\n`);
      }
    }
    const report = await deliver({ ...clear(server), timeoutsMs: { data: 400 } }, chunks(slow));
    expect(report.size).toBe(64);
  });

  const sources: Record<string, () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>> = {
    'a generator that throws': function* () {
      yield block;
      yield block;
      throw new Error('disk on fire');
    },
    'an async generator that throws': async function* () {
      yield block;
      await sleep(5);
      throw new Error('disk on fire');
    },
    'a source that can not begin': () => {
      throw new Error('disk on fire');
    },
  };
  it.each(Object.entries(sources))('that fails never gets its dot: %s', async (_, source) => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send(ENVELOPE, chunks(source)));
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_CONTENT_FAILED',
      stage: 'content',
      delivered: 'no',
      retryable: false,
    });
    expect(error.message).toBe(
      'Reading the message failed midway (disk on fire); the transaction was aborted and nothing is delivered',
    );
    expect((error.cause as Error).message).toBe('disk on fire');
    expect(connection.isUsable).toBe(false);
    await sleep(20);
    expect(server.messages).toEqual([]);
    expect(server.clear()).not.toContain('\r\n.\r\n');
  });

  it('that stops coming ends the call, and the source is told', async () => {
    await using server = await scriptedServer();
    let left = false;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          left = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const error = await failure(
      deliver(
        { ...clear(server), timeoutsMs: { data: 100 } },
        chunks(() => source),
      ),
    );
    expect(error).toMatchObject({ name: 'TimeoutError', stage: 'content', delivered: 'no' });
    expect(left).toBe(true);
  });

  it('is noticed to be unwanted while the source is still thinking', async () => {
    await using server = await scriptedServer(
      { midContent: '552 5.3.4 Too big' },
      { midContentAfter: 10 },
    );
    async function* thinking(): AsyncGenerator<Uint8Array> {
      yield block;
      await new Promise(() => undefined);
    }
    const error = await failure(deliver(clear(server), chunks(thinking)));
    expect(error).toMatchObject({ name: 'SmtpReplyError', delivered: 'no', retryable: false });
  });

  it('arrives whole from one large chunk, with progress', async () => {
    await using server = await scriptedServer();
    const large = `${'.'.repeat(70)}\r\n`.repeat(10_000);
    const progress: number[] = [];
    const report = await deliver(clear(server), text(large), {
      onProgress: ({ bytesSent, bytesTotal }) => {
        expect(bytesTotal).toBe(720_000);
        progress.push(bytesSent);
        throw new Error('a listener only watches');
      },
    });
    expect(report.size).toBe(720_000);
    expect(server.messages[0]?.content).toBe(`.${'.'.repeat(70)}\r\n`.repeat(10_000));
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)).toBe(720_000);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
});

describe("the caller's signal", () => {
  const everywhere: Record<string, [Turn, PosthornError['stage'], 'no' | 'unknown']> = {
    greeting: ['greeting', 'greeting', 'no'],
    ehlo: ['EHLO', 'ehlo', 'no'],
    auth: ['AUTH', 'auth', 'no'],
    mail: ['MAIL', 'mail', 'no'],
    rcpt: ['RCPT', 'rcpt', 'no'],
    data: ['DATA', 'data', 'no'],
    'the final reply': ['content', 'final-reply', 'unknown'],
  };

  it.each(Object.entries(everywhere))(
    'ends the wait for %s',
    async (_, [turn, stage, delivered]) => {
      const reason = new Error('changed my mind');
      const controller = new AbortController();
      const answer = (): void => {
        setTimeout(() => controller.abort(reason), 10);
      };
      await using server = await scriptedServer({ [turn]: answer });
      const options = { ...clear(server), username: 'ann', password: 'sesame' };
      const error = await failure(deliver(options, text(), { signal: controller.signal }));
      expect(error).toMatchObject({
        code: 'ABORTED',
        stage,
        delivered,
        retryable: false,
        cause: reason,
      });
      expect(error.message).toBe(
        `The caller's signal ended the call (stage '${stage}'); ${delivered === 'no' ? 'nothing was delivered' : 'the message may have been delivered'}`,
      );
    },
  );

  it('ends the content without a dot', async () => {
    await using server = await scriptedServer();
    const controller = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(TEXT);
      controller.abort();
      yield Buffer.from(TEXT);
    }
    const error = await failure(
      deliver(clear(server), chunks(source), { signal: controller.signal }),
    );
    expect(error).toMatchObject({ code: 'ABORTED', stage: 'content', delivered: 'no' });
    await sleep(20);
    expect(server.messages).toEqual([]);
  });

  it('that was aborted before the call sends nothing and spares the connection', async () => {
    await using server = await scriptedServer();
    const signal = AbortSignal.abort();
    expect((await failure(SmtpConnection.connect(clear(server), signal))).code).toBe('ABORTED');
    expect(server.connections()).toBe(0);
    await using connection = await SmtpConnection.connect(clear(server));
    expect((await failure(connection.send(ENVELOPE, text(), { signal }))).code).toBe('ABORTED');
    expect(server.lines).toEqual(['EHLO client.test']);
    expect(connection.isUsable).toBe(true);
  });

  it('is left without listeners', async () => {
    await using server = await scriptedServer();
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof addEventListener>) => {
        listeners++;
        addEventListener.apply(signal, args);
      },
      removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
        listeners--;
        removeEventListener.apply(signal, args);
      },
    });
    await deliver(clear(server), text(), { signal });
    expect(listeners).toBe(0);
  });
});
