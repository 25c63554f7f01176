// Content that comes as it comes, in chunks; recipients and messages that a server takes few of; all or nothing.
import { SmtpConnection } from 'posthorn/smtp';
import { describe, expect, it } from 'vitest';
import type { WireContent } from '../../../src/smtp/index.ts';
import { LedgerServer } from '../../support/ledger-server.ts';
import { expectTruth, MODES, type Mode, sendAll } from './kit.ts';

const ENVELOPE = { from: 'ann@example.com', to: ['bob@example.org'] };

async function connected(
  keywords: readonly string[],
): Promise<{ server: LedgerServer; connection: SmtpConnection }> {
  const server = new LedgerServer({ keywords });
  const connection = await SmtpConnection.connect({
    host: 'ledger.test',
    port: 25,
    security: 'none',
    clientName: 'client.test',
    connect: server.connect,
    timeoutsMs: { command: 2_000, data: 2_000, finalReply: 2_000 },
  });
  return { server, connection };
}

/** Composed content of which the size is not known. */
function streamed(chunks: () => AsyncIterable<Uint8Array>, isRecycled = false): () => WireContent {
  const known = { size: undefined, eightBit: false, utf8: false, isCanonical: true, isRecycled };
  return () => ({ ...known, chunks });
}

const CHUNKING = ['PIPELINING', 'CHUNKING', 'SIZE 1000000'];

describe('content of unknown size, in chunks', () => {
  it('arrives whole, its dots as they are, from memory that is used again', async () => {
    const { server, connection } = await connected(CHUNKING);
    const memory = Buffer.alloc(40_000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 10; count += 1) {
        memory.fill(`.${count}\r\n`);
        yield memory;
        // A consumer that asks for the next is done with this one.
        memory.fill('?');
      }
    }
    const report = await connection.send(ENVELOPE, streamed(pieces, true));
    const expected = Array.from({ length: 10 }, (_, count) => `.${count}\r\n`.repeat(10_000));
    expect(report.size).toBe(400_000);
    expect(server.accepted[0]?.content === expected.join('')).toBe(true);
    expect(server.lines).not.toContain('DATA');
    await connection.quit();
  });

  it('that has nothing in it is one chunk of nothing', async () => {
    const { server, connection } = await connected(CHUNKING);
    const report = await connection.send(
      ENVELOPE,
      streamed(async function* () {}),
    );
    expect(report.size).toBe(0);
    expect(server.lines.at(-1)).toBe('BDAT 0 LAST');
    await connection.quit();
  });

  it('that fails midway is not delivered, and the connection goes on', async () => {
    const { server, connection } = await connected(CHUNKING);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000, 'x\r\n');
      throw new Error('disk gone');
    }
    await expect(connection.send(ENVELOPE, streamed(pieces))).rejects.toMatchObject({
      code: 'MESSAGE_CONTENT_FAILED',
      delivered: 'no',
      message: expect.stringContaining('disk gone'),
    });
    const after = await connection.send(
      ENVELOPE,
      streamed(async function* () {
        yield Buffer.from('whole\r\n');
      }),
    );
    expect(after.accepted).toEqual(ENVELOPE.to);
    expect(server.accepted.map(({ content }) => content)).toEqual(['whole\r\n']);
    expect(server.connections).toBe(1);
    expect(server.lines.filter((line) => line === 'RSET')).toHaveLength(1);
    await connection.quit();
  });

  it('that grows over SIZE is not delivered, and the connection goes on', async () => {
    const { server, connection } = await connected(CHUNKING);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(300_000, 'x\r\n');
    }
    await expect(connection.send(ENVELOPE, streamed(pieces))).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      delivered: 'no',
    });
    expect(server.accepted).toEqual([]);
    await connection.settled();
    expect(connection.isUsable).toBe(true);
    await connection.quit();
  });

  it('of which the server refuses a chunk is not asked for any more', async () => {
    const server = new LedgerServer({
      keywords: CHUNKING,
      deed: (_, __, verb) =>
        verb === 'BDAT' ? { kind: 'say', reply: '452 4.3.1 full' } : undefined,
    });
    const connection = await SmtpConnection.connect({
      host: 'ledger.test',
      port: 25,
      security: 'none',
      clientName: 'client.test',
      connect: server.connect,
    });
    let isLeft = false;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.alloc(100_000, 'x\r\n');
        // Nothing more comes for a long time: the refusal does not wait for it.
        await new Promise((resolve) => setTimeout(resolve, 300));
        yield Buffer.alloc(100_000, 'x\r\n');
      } finally {
        isLeft = true;
      }
    }
    const startedAt = performance.now();
    await expect(connection.send(ENVELOPE, streamed(pieces))).rejects.toMatchObject({
      code: 'REPLY_NEGATIVE',
      stage: 'content',
      delivered: 'no',
    });
    expect(performance.now() - startedAt).toBeLessThan(250);
    await expect.poll(() => isLeft).toBe(true);
    await connection.settled();
    expect(connection.isUsable).toBe(true);
    await connection.quit();
  });

  it('goes after DATA when its line ends are not known to be CRLF', async () => {
    const { server, connection } = await connected(CHUNKING);
    const content = {
      size: undefined,
      eightBit: false,
      utf8: false,
      chunks: () => [Buffer.from('a\nb')],
    };
    await connection.send(ENVELOPE, () => content);
    expect(server.lines).toContain('DATA');
    expect(server.accepted[0]?.content).toBe('a\r\nb\r\n');
    await connection.quit();
  });
});

const modes = Object.keys(MODES) as Mode[];

describe.each(modes)('few at a time (%s)', (mode) => {
  const { keywords } = MODES[mode];

  it('messages over one connection (MAILMAX)', async () => {
    const run = await sendAll(mode, { count: 5, keywords: [...keywords, 'LIMITS MAILMAX=2'] });
    expectTruth(run, mode);
    expect(run.told.map(({ fate }) => fate)).toEqual(Array.from({ length: 5 }, () => 'sent'));
    expect(run.server.connections).toBe(3);
  });

  it('recipients in one transaction (RCPTMAX, and 452)', async () => {
    for (const limits of [['LIMITS RCPTMAX=1'], []]) {
      let rcpts = 0;
      const run = await sendAll(mode, {
        count: 3,
        recipients: 3,
        keywords: [...keywords, ...limits],
        deed: (_, __, verb) => {
          if (verb === 'MAIL') rcpts = 0;
          if (verb !== 'RCPT' || limits.length > 0) return undefined;
          rcpts += 1;
          return rcpts > 2 ? { kind: 'say', reply: '452 4.5.3 too many' } : undefined;
        },
      });
      expectTruth(run, mode);
      for (const { fates } of run.told)
        expect([...fates.values()]).toEqual(['sent', 'sent', 'sent']);
      expect(run.server.accepted).toHaveLength(limits.length > 0 ? 9 : 6);
      expect(run.server.connections).toBe(1);
    }
  });

  it('all or nothing: nobody gets what one was refused', async () => {
    let seen = 0;
    const run = await sendAll(mode, {
      count: 4,
      recipients: 2,
      sendOptions: () => ({ partial: 'all-or-nothing' }),
      // One recipient of the second message.
      deed: (_, __, verb) => {
        if (verb !== 'RCPT') return undefined;
        seen += 1;
        return seen === 4 ? { kind: 'say', reply: '550 5.1.1 no' } : undefined;
      },
    });
    expectTruth(run, mode);
    expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'no', 'sent', 'sent']);
    expect(run.server.connections).toBe(1);
  });
});
