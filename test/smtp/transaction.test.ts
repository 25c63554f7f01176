// The corners of a transaction: what a refusal, a signal or a close means at the moment it comes.
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RecipientsError } from '../../src/base/index.ts';
import { SmtpConnection } from '../../src/smtp/index.ts';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { chunks, clear, deliver, ENVELOPE, failure, TEXT, text } from './kit.ts';

describe('a refused MAIL', () => {
  it('is taken back before the next, for servers that remember it', async () => {
    await using server = await scriptedServer({ MAIL: ['550 5.7.1 No', '250 ok'] });
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send(ENVELOPE, text()));
    expect(error).toMatchObject({ name: 'SmtpReplyError', stage: 'mail', delivered: 'no' });
    await connection.send(ENVELOPE, text());
    expect(server.lines.slice(1, 4).map((line) => line.split(' ')[0])).toEqual([
      'MAIL',
      'RSET',
      'MAIL',
    ]);
  });
});

describe('a refused RSET', () => {
  it.each([{ MAIL: '550 No' }, { RCPT: '550 No' }])(
    'after %j ends the connection',
    async (script) => {
      await using server = await scriptedServer({ ...script, RSET: '500 5.5.2 What?' });
      const closed: string[] = [];
      const connection = await SmtpConnection.connect({
        ...clear(server),
        onEvent: ({ type }) => {
          if (type === 'close') closed.push(type);
        },
      });
      const error = await failure(connection.send(ENVELOPE, text()));
      expect(error).toMatchObject({ delivered: 'no', retryable: false, reply: { code: 550 } });
      await connection.settled();
      expect(connection.isUsable).toBe(false);
      expect(closed).toEqual(['close']);
    },
  );
});

describe('a refusal', () => {
  it.each([
    ['451 4.3.0 Not now', 'try again later'],
    ['452 4.3.1 Full', 'the server is out of space: try again later'],
    ['503 5.5.1 Nested MAIL', 'the two sides lost step: try again over a new connection'],
  ])('by %j says what can be done', async (MAIL, cure) => {
    await using server = await scriptedServer({ MAIL });
    const error = await failure(deliver(clear(server)));
    expect(error).toMatchObject({ code: 'REPLY_NEGATIVE', retryable: true });
    expect(error.message).toBe(`127.0.0.1:${server.port} answered MAIL with '${MAIL}'; ${cure}`);
  });
});

describe('all-or-nothing', () => {
  const three = { from: 'a@x', to: ['a@x', 'b@x', 'c@x'] };
  it.each([
    [['250 ok', '550 never', '450 later'], false],
    [['250 ok', '451 later', '450 later'], true],
  ])('after %j may be tried again: %s', async (RCPT, retryable) => {
    await using server = await scriptedServer({ RCPT });
    await using connection = await SmtpConnection.connect(clear(server));
    const error = (await failure(
      connection.send(three, text(), { partial: 'all-or-nothing' }),
    )) as RecipientsError;
    expect(error.code).toBe('RECIPIENTS_REJECTED');
    expect(error.rejected).toHaveLength(2);
    expect(error.retryable).toBe(retryable);
  });
});

describe('the final reply', () => {
  it('counts although the caller aborts while being told of it', async () => {
    await using server = await scriptedServer();
    const controller = new AbortController();
    const options = {
      ...clear(server),
      onEvent: ({ type }: { type: string }) => {
        if (type === 'reply' && server.messages.length > 0) controller.abort();
      },
    };
    const report = await deliver(options, text(), { signal: controller.signal });
    expect(report.reply.code).toBe(250);
  });

  it.each([
    ['421 4.3.2 Shutting down', 'SmtpReplyError', 'no', true],
    ['354 go on', 'ProtocolError', 'unknown', false],
  ])(
    '%j is the story although the stream breaks with it',
    async (reply, name, delivered, again) => {
      const connection = await SmtpConnection.connect({
        host: 'memory.test',
        port: 25,
        security: 'none',
        clientName: 'client.test',
        connect: () => memoryServer(reply),
      });
      const error = await failure(connection.send(ENVELOPE, text()));
      expect(error).toMatchObject({ name, delivered, retryable: again, stage: 'final-reply' });
      expect(error.reply?.code).toBe(Number(reply.slice(0, 3)));
      expect(connection.isUsable).toBe(false);
    },
  );
});

// A server in the same thread: it answers and is gone before anybody has looked.
function memoryServer(finalReply: string): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      const line = chunk.toString('latin1');
      if (line.endsWith('\r\n.\r\n')) {
        stream.push(`${finalReply}\r\n`);
        stream.push(null);
        stream.destroy();
        stream.emit('close');
      } else {
        stream.push(line.startsWith('DATA') ? '354 go\r\n' : '250 ok\r\n');
      }
      done();
    },
  });
  stream.push('220 hi\r\n');
  return stream;
}

describe("a caller's own stream", () => {
  it('may come paused', async () => {
    const connection = await SmtpConnection.connect({
      host: 'memory.test',
      port: 25,
      security: 'none',
      clientName: 'client.test',
      timeoutsMs: { greeting: 1000 },
      connect: () => memoryServer('250 ok').pause(),
    });
    expect((await connection.send(ENVELOPE, text())).reply.code).toBe(250);
  });
});

describe('closing', () => {
  it('after the final dot says that the message may have been delivered', async () => {
    await using server = await scriptedServer({ content: () => undefined });
    const connection = await SmtpConnection.connect(clear(server));
    const error = failure(connection.send(ENVELOPE, text()));
    await expect.poll(() => server.messages.length).toBe(1);
    connection.close();
    expect(await error).toMatchObject({
      code: 'CLIENT_CLOSED',
      delivered: 'unknown',
      retryable: false,
      message: `The connection to 127.0.0.1:${server.port} has been closed by this program; the message may have been delivered`,
    });
  });
});

describe('content', () => {
  it('that is never made ends with the signal, and spares the connection', async () => {
    await using server = await scriptedServer();
    await using connection = await SmtpConnection.connect(clear(server));
    const signal = AbortSignal.timeout(30);
    const never = () => new Promise<never>(() => undefined);
    expect(await failure(connection.send(ENVELOPE, never, { signal }))).toMatchObject({
      code: 'ABORTED',
      stage: 'mail',
      delivered: 'no',
    });
    await connection.send(ENVELOPE, text());
    expect(server.messages).toHaveLength(1);
  });

  it('whose source fails again when it is left keeps the first error', async () => {
    await using server = await scriptedServer(
      { midContent: '552 5.3.4 Too big' },
      { midContentAfter: 10 },
    );
    const source: Iterable<Uint8Array> & AsyncIterable<Uint8Array> = {
      [Symbol.iterator]: () => expect.unreachable(),
      [Symbol.asyncIterator]: () => {
        let count = 0;
        return {
          next: () =>
            count++ === 0
              ? Promise.resolve({ done: false, value: Buffer.alloc(70_000, TEXT) })
              : new Promise(() => undefined),
          return: () => {
            throw new Error('the source is broken too');
          },
        };
      },
    };
    const error = await failure(
      deliver(
        clear(server),
        chunks(() => source),
      ),
    );
    expect(error).toMatchObject({ name: 'SmtpReplyError', stage: 'content', delivered: 'no' });
  });

  it('that fails with control characters is told without them', async () => {
    await using server = await scriptedServer();
    const source = (): Iterable<Uint8Array> => {
      throw new Error('disk \u001b[31m on fire');
    };
    expect((await failure(deliver(clear(server), chunks(source)))).message).toBe(
      'Reading the message failed midway (disk \\u{1b}[31m on fire); the transaction was aborted and nothing is delivered',
    );
  });
});

describe('an address', () => {
  it.each(['b\ud800@x', '"b\udc00"@x', 'b@x\ud83d'])(
    '%j is not text and goes nowhere',
    async (to) => {
      await using server = await scriptedServer();
      await using connection = await SmtpConnection.connect(clear(server));
      const error = await failure(connection.send({ from: '', to: [to] }, text()));
      expect(error).toMatchObject({ name: 'InvalidAddressError', code: 'ADDRESS_INVALID' });
      expect(error.message).toContain('is not one mailbox in the form local@domain');
      expect(server.lines).toEqual(['EHLO client.test']);
    },
  );
});

describe('a password', () => {
  it('that looks like an extension does not hide it', async () => {
    for (const password of ['PLAIN', 'AUTH', 'SIZE']) {
      await using server = await scriptedServer({ EHLO: ehlo('SIZE 1000', 'AUTH PLAIN') });
      const options = { ...clear(server), username: 'ann', password };
      await using connection = await SmtpConnection.connect(options);
      expect(connection.capabilities).toMatchObject({ size: 1000, auth: ['PLAIN'] });
    }
  });
});
