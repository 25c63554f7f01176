// Bytes on the way: replies cut anywhere, and the very byte at which a message may have been delivered.
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SmtpConnection } from '../../src/smtp/index.ts';
import {
  type Cut,
  ehlo,
  type Script,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { clear, ENVELOPE, failure, text } from './kit.ts';

const polyglot: Script = {
  greeting: '220-grüß Gott\n220 ready',
  EHLO: ehlo('SIZE 10485760', 'AUTH LOGIN', '8BITMIME'),
  AUTH: ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', '235 2.7.0 ok'],
  MAIL: '250',
  RCPT: ['250-2.1.5 one\n250 2.1.5 two', '550-5.1.1 nobody\n550 5.1.1 日本'],
  content: '250-2.0.0 thank you\n250 2.0.0 Ok: queued as 77',
};

async function converse(cut: Cut, tls: 'implicit' | 'starttls' | undefined): Promise<object> {
  await using server = await scriptedServer(
    tls === 'starttls'
      ? { ...polyglot, EHLO: [ehlo('STARTTLS'), polyglot.EHLO as string] }
      : polyglot,
    { cut, ...(tls ? { tls } : {}) },
  );
  const connection = await SmtpConnection.connect({
    ...clear(server),
    security: tls ?? 'none',
    tls: { ca: testAuthority },
    username: 'ann',
    password: 'sesame',
  });
  const envelope = { from: 'ann@example.com', to: ['bob@example.com', 'eve@example.com'] };
  const report = await connection.send(envelope, text());
  await connection.quit();
  return { report, lines: server.lines.slice(-9), messages: server.messages };
}

const expected = {
  report: {
    accepted: ['bob@example.com'],
    rejected: [
      {
        address: 'eve@example.com',
        reply: { code: 550, enhanced: '5.1.1', lines: ['nobody', '日本'] },
      },
    ],
    unsettled: [],
    reply: { code: 250, enhanced: '2.0.0', lines: ['thank you', 'Ok: queued as 77'] },
    queueId: '77',
    size: 30,
  },
  lines: [
    'EHLO client.test',
    'AUTH LOGIN',
    'YW5u',
    'c2VzYW1l',
    'MAIL FROM:<ann@example.com> SIZE=30',
    'RCPT TO:<bob@example.com>',
    'RCPT TO:<eve@example.com>',
    'DATA',
    'QUIT',
  ],
  messages: [
    {
      from: 'ann@example.com',
      to: ['bob@example.com'],
      content: 'Subject: hello\r\n\r\n..dots\r\nbye\r\n',
    },
  ],
};

describe('replies', () => {
  it.concurrent.each(['whole', 'line', 'byte'] as const)(
    'are the same when they come by %s',
    async (cut) => {
      for (const tls of [undefined, 'starttls', 'implicit'] as const) {
        expect(await converse(cut, tls)).toEqual(expected);
      }
    },
  );

  it('are the same when each is cut in two at any byte', async () => {
    const longest = Math.max(
      ...Object.values(polyglot).flatMap((a) => [a].flat().map((each) => String(each).length)),
    );
    const cuts = Array.from({ length: longest + 6 }, (_, at) => at);
    const all = await Promise.all(cuts.map((cut) => converse(cut, undefined)));
    for (const each of all) expect(each).toEqual(expected);
  });
});

describe('delivered', () => {
  // A stream that counts what is written to it and breaks at one of the writes.
  function breakAt(port: number, breakingWrite: number, written: Buffer[]): Duplex {
    const socket: Socket = connect(port, '127.0.0.1');
    let writes = 0;
    const take = (chunk: Buffer, done: () => void): void => {
      if (++writes === breakingWrite) {
        // Nothing of this one leaves any more.
        duplex.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        return;
      }
      written.push(chunk);
      socket.write(chunk, done);
    };
    const duplex: Duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => take(chunk, done),
      writev: (chunks, done) =>
        take(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
      destroy(error, done) {
        socket.destroy();
        done(error);
      },
    });
    socket.on('data', (chunk) => duplex.push(chunk));
    socket.on('end', () => duplex.push(null));
    socket.on('error', () => undefined);
    return duplex;
  }

  it('turns from no to unknown exactly with the write that holds the final dot', async () => {
    const content = `${'x'.repeat(998)}\r\n`.repeat(300);
    const fates: string[] = [];
    for (let breakingWrite = 1; ; breakingWrite++) {
      await using server = await scriptedServer();
      const written: Buffer[] = [];
      const options = {
        ...clear(server),
        connect: ({ port }: { port: number }) => breakAt(port, breakingWrite, written),
      };
      const sending = SmtpConnection.connect(options).then((connection) =>
        connection.send(ENVELOPE, text(content)).finally(() => connection.close()),
      );
      const outcome = await Promise.race([
        sending,
        new Promise((r) => setTimeout(r, 5000, 'hangs')),
      ]).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) {
        expect(outcome).toMatchObject({ accepted: ['bob@example.com'] });
        break;
      }
      const error = await failure(sending);
      expect(error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_CLOSED' });
      expect(error.retryable).toBe(error.delivered === 'no');
      const before = Buffer.concat(written).toString();
      expect(before).not.toContain('\r\n.\r\n');
      // Only the last write holds the dot: all of the content but the rest of it has gone before.
      const hasAll = before.length > content.length - 65_536 + 100;
      fates.push(`${error.delivered}${hasAll ? ' at the end' : ''}`);
    }
    expect(fates.length).toBeGreaterThan(7);
    expect(fates.at(-1)).toBe('unknown at the end');
    expect(fates.slice(0, -1).every((fate) => fate.startsWith('no'))).toBe(true);
  });
});
