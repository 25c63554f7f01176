import { setTimeout as sleep } from 'node:timers/promises';
import { type BulkMessage, type BulkProgress, MailMessage } from 'posthorn';
import { describe, expect, test } from 'vitest';
import { startSink } from '../../support/sink.ts';
import { errorOf } from '../kit.ts';
import { clientOf, inOrder, Numbers, numbered, Outcomes, upTo } from './kit.ts';

describe('what is given', () => {
  test('an array', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const report = await client.bulkSend(upTo(50).map((n) => numbered(+n)));
    expect(report).toEqual({
      sent: 50,
      failed: 0,
      unknown: 0,
      notAttempted: 0,
      taken: 50,
      rejectedRecipients: 0,
      failures: [],
      error: undefined,
      startedAt: expect.any(Date),
      durationMs: expect.any(Number),
    });
    expect(inOrder(sink.taken)).toEqual(upTo(50));
    expect(sink.mostOpen()).toBeLessThanOrEqual(5);
    await client.close();
  });

  test('nothing', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    expect(await client.bulkSend([])).toMatchObject({ sent: 0, taken: 0, error: undefined });
    expect(sink.connections()).toBe(0);
    await client.close();
  });

  test('20,000 from a generator: each is sent once, and only a few at a time are asked for', async () => {
    await using sink = await startSink({ offers: ['CHUNKING'] });
    const client = clientOf(sink, { chunking: 'eager' });
    const numbers = new Numbers(20_000);
    const seen = new Uint8Array(20_000);
    let settled = 0;
    let mostUnderWay = 0;
    const report = await client.bulkSend(numbers, {
      onOutcome: ({ index, status }) => {
        settled += 1;
        mostUnderWay = Math.max(mostUnderWay, numbers.given - settled);
        if (status === 'sent') seen[index] = (seen[index] ?? 0) + 1;
      },
    });
    expect(report).toMatchObject({ sent: 20_000, failed: 0, notAttempted: 0, taken: 20_000 });
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(inOrder(sink.taken)).toEqual(upTo(20_000));
    // 32 for each of five connections.
    expect(mostUnderWay).toBeLessThanOrEqual(160);
    expect(numbers.isLeft).toBe(true);
    await client.close();
  });

  test('an async generator, and one message in flight for each connection with one behind it', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    let made = 0;
    let settled = 0;
    let mostUnderWay = 0;
    async function* many(): AsyncGenerator<BulkMessage> {
      for (; made < 500; made += 1) {
        if (made % 100 === 0) await sleep(5);
        yield numbered(made);
      }
    }
    const report = await client.bulkSend(many(), {
      onOutcome: () => {
        settled += 1;
        mostUnderWay = Math.max(mostUnderWay, made - settled);
      },
    });
    expect(report).toMatchObject({ sent: 500, taken: 500 });
    expect(inOrder(sink.taken)).toEqual(upTo(500));
    expect(mostUnderWay).toBeLessThan(30);
    await client.close();
  });

  test('promises, which are made several at a time', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    let building = 0;
    let most = 0;
    async function build(n: number): Promise<BulkMessage> {
      building += 1;
      most = Math.max(most, building);
      await sleep(5);
      building -= 1;
      if (n === 7) throw new RangeError('no row 7');
      return numbered(n);
    }
    function* many(): Generator<Promise<BulkMessage>> {
      for (let n = 0; n < 40; n += 1) yield build(n);
    }
    const report = await client.bulkSend(many());
    expect(report).toMatchObject({ sent: 39, failed: 1, taken: 40, error: undefined });
    expect(report.failures[0]).toMatchObject({ index: 7, to: [] });
    const { error } = report.failures[0] ?? {};
    expect(error).toMatchObject({ code: 'MESSAGE_SOURCE_FAILED', delivered: 'no' });
    expect(error?.message).toBe('The message could not be made (no row 7); nothing was sent');
    expect(error?.cause).toBeInstanceOf(RangeError);
    expect(most).toBe(10);
    await client.close();
  });

  test('pairs of a message and its options', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const recipients: (readonly string[])[] = [];
    const report = await client.bulkSend(
      [
        { message: numbered(0), options: { envelope: { to: 'other@example.net' } } },
        { message: new MailMessage(numbered(1)) },
        new MailMessage(numbered(2)),
        { message: numbered(3), options: { signal: AbortSignal.abort('why') } },
        { message: numbered(4), options: { to: 'x@example.org' } as object },
      ],
      {
        onOutcome: (outcome) => {
          if (outcome.status === 'sent') recipients[outcome.index] = outcome.receipt.accepted;
        },
      },
    );
    expect(recipients).toEqual([['other@example.net'], ['bob1@example.org'], ['bob2@example.org']]);
    expect(report).toMatchObject({ sent: 3, failed: 2, notAttempted: 0, error: undefined });
    expect(report.failures.map(({ index, error }) => [index, error.code])).toEqual(
      expect.arrayContaining([
        [3, 'ABORTED'],
        [4, 'OPTION_INVALID'],
      ]),
    );
    await client.close();
  });

  test.each([
    ['addresses', ['ann@example.com', 'bob@example.org'], {}, undefined],
    ['no iterable', numbered(0), {}, "Option 'messages' must be an array, or another iterable"],
    ['a string', 'ann@example.com', {}, "Option 'messages' must be"],
    ['no function', [], { onProgress: 1 }, "Option 'onProgress' must be a function"],
    ['no connections', [], { connections: 0 }, "Option 'connections' must be a whole number"],
    ['half a message', [], { total: 0.5 }, "Option 'total' must be a whole number from 0 on"],
    ['an unknown name', [], { concurrency: 5 }, 'connections: 5'],
  ])('%s', async (_, messages, options, message) => {
    await using sink = await startSink();
    const client = clientOf(sink);
    if (message === undefined) {
      const report = await client.bulkSend(messages as never);
      expect(report.failures.map(({ error }) => error.message)).toEqual([
        "A message is a MailMessage or an object with its fields, not 'ann@example.com'; nothing was sent",
        "A message is a MailMessage or an object with its fields, not 'bob@example.org'; nothing was sent",
      ]);
    } else {
      const error = await errorOf(() => client.bulkSend(messages as never, options as never));
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
      expect(error.message).toContain(message);
      expect(
        await errorOf(() => client.sendEach(messages as never, options as never).next()),
      ).toEqual(expect.objectContaining({ code: 'OPTION_INVALID', message: error.message }));
    }
    await client.close();
  });
});

describe('messages that fail', () => {
  test('stop no other', async () => {
    await using sink = await startSink({
      rcpt: (address) => (address.startsWith('bob13@') ? '550 5.1.1 No such user' : undefined),
      final: (subject) => (subject === '17' ? '554 5.6.0 Spam' : undefined),
    });
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    const messages = upTo(60).map((n) => numbered(+n));
    messages[5] = { ...numbered(5), headers: { 'X-Bad': 'a\r\nb' } };
    messages[6] = { ...numbered(6), attachments: [{ path: '/no/such/file' }] };
    messages[8] = null as never;
    messages[9] = { ...numbered(9), to: ['bob9@example.org', 'bob13@example.org'] };
    const report = await client.bulkSend(messages, { onOutcome: outcomes.add });
    expect(report).toMatchObject({ sent: 55, failed: 5, unknown: 0, rejectedRecipients: 1 });
    expect(outcomes.all).toEqual(upTo(60));
    expect(inOrder(outcomes.failed)).toEqual(['5', '6', '8', '13', '17']);
    const failures = [...report.failures].sort((a, b) => a.index - b.index);
    expect(failures.map(({ to, error }) => [to[0], error.code])).toEqual([
      [undefined, 'MESSAGE_FIELD_INVALID'],
      [undefined, 'MESSAGE_ATTACHMENT_UNREADABLE'],
      [undefined, 'MESSAGE_FIELD_INVALID'],
      ['bob13@example.org', 'RECIPIENTS_REJECTED'],
      ['bob17@example.org', 'REPLY_NEGATIVE'],
    ]);
    await client.close();
  });

  test('are kept up to a hundred, and all told', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    function* wrong(): Generator<BulkMessage> {
      for (let n = 0; n < 1000; n += 1) yield { ...numbered(n), to: [] };
    }
    const report = await client.bulkSend(wrong(), { onOutcome: outcomes.add });
    expect(report).toMatchObject({ sent: 0, failed: 1000, taken: 1000, error: undefined });
    expect(report.failures.map(({ index }) => index)).toEqual(upTo(100).map(Number));
    expect(outcomes.all).toEqual(upTo(1000));
    expect(sink.connections()).toBe(0);
    await client.close();
  });

  test('and listeners that throw change nothing', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const fail = (): never => {
      throw new Error('of the listener');
    };
    const report = await client.bulkSend(new Numbers(20), { onOutcome: fail, onProgress: fail });
    expect(report).toMatchObject({ sent: 20, failed: 0, error: undefined });
    await client.close();
  });
});

describe('what gives the messages', () => {
  test.each(['sync', 'async'])('throws midway (%s): those before it are sent', async (kind) => {
    await using sink = await startSink();
    const client = clientOf(sink);
    function* some(): Generator<BulkMessage> {
      for (let n = 0; n < 12; n += 1) yield numbered(n);
      throw new TypeError('the database is gone');
    }
    async function* later(): AsyncGenerator<BulkMessage> {
      for (const message of some()) {
        await sleep(1);
        yield message;
      }
    }
    const report = await client.bulkSend(kind === 'sync' ? some() : later(), { total: 20 });
    expect(report).toMatchObject({ sent: 12, failed: 0, notAttempted: 8, taken: 12 });
    expect(report.error).toMatchObject({ code: 'MESSAGE_SOURCE_FAILED' });
    expect(report.error?.message).toContain('(the database is gone)');
    expect(report.error?.cause).toBeInstanceOf(TypeError);
    expect(inOrder(sink.taken)).toEqual(upTo(12));
    await client.close();
  });

  test.each<[string, Iterable<never>]>([
    [
      'throws at the start',
      {
        [Symbol.iterator]: () => {
          throw new Error('no cursor');
        },
      },
    ],
    ['is no iterator', { [Symbol.iterator]: () => ({ next: () => undefined as never }) }],
  ])('%s', async (_, messages) => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const report = await client.bulkSend(messages);
    expect(report).toMatchObject({ sent: 0, taken: 0, error: { code: 'MESSAGE_SOURCE_FAILED' } });
    await client.close();
  });

  test('gives a promise after the end, which nobody waits for', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const end = new AbortController();
    function* some(): Generator<Promise<BulkMessage>> {
      yield Promise.resolve(numbered(0));
      end.abort();
      yield Promise.reject(new Error('not heard'));
    }
    const report = await client.bulkSend(some(), { signal: end.signal });
    expect(report).toMatchObject({ sent: 0, failed: 0, error: { code: 'ABORTED' } });
    await client.close();
  });
});

describe('the way to the server', () => {
  test('that is not there ends it at once, with the reason', async () => {
    const sink = await startSink();
    await sink.close();
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    const numbers = new Numbers(1000);
    const report = await client.bulkSend(numbers, { total: 1000, onOutcome: outcomes.add });
    expect(report).toMatchObject({ sent: 0, failed: 0, notAttempted: 1000, failures: [] });
    expect(report.error).toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(report.taken).toBe(numbers.given + 1);
    expect(report.taken).toBeLessThan(20);
    expect(outcomes.notAttempted).toHaveLength(report.taken);
    expect(numbers.isLeft).toBe(true);
    await client.close();
  });

  test('that is lost for good midway ends it; each message has its true outcome', async () => {
    const sink = await startSink({
      final: (subject) => {
        if (subject === '40') void sink.close();
        return undefined;
      },
    });
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    const report = await client.bulkSend(
      upTo(200).map((n) => numbered(+n)),
      {
        onOutcome: outcomes.add,
      },
    );
    expect(report.error).toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(report.sent + report.failed + report.notAttempted).toBe(200);
    expect(outcomes.all).toEqual(upTo(report.taken));
    expect(sink.taken).toEqual(expect.arrayContaining(outcomes.sent));
    expect([...outcomes.sent, ...outcomes.unknown]).toEqual(expect.arrayContaining(sink.taken));
    await client.close();
  });

  test('that breaks again and again is not tried for each of a million', async () => {
    await using sink = await startSink({ final: (_, cut) => void cut() });
    const client = clientOf(sink);
    const report = await client.bulkSend(new Numbers(), { connections: 2 });
    expect(report.error).toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(report.sent).toBe(0);
    expect(report.unknown).toBe(report.failed);
    expect(sink.connections()).toBeLessThan(20);
    await client.close();
  });

  // The bound is on connections without a message that was answered between them.
  test('that breaks now and then is', async () => {
    await using sink = await startSink({
      final: (subject, cut) => (+subject % 5 === 4 ? void cut() : undefined),
    });
    const client = clientOf(sink, { connections: 1 });
    const outcomes = new Outcomes();
    const report = await client.bulkSend(new Numbers(100), { onOutcome: outcomes.add });
    expect(report.error).toBeUndefined();
    expect(report).toMatchObject({ sent: 80, failed: 20, unknown: 20 });
    expect(inOrder(outcomes.sent)).toEqual(inOrder(sink.taken));
    await client.close();
  });

  test.each([
    ['strict', 'auto', 11],
    ['strict', 'auto', 50],
    ['eager', 'eager', 11],
    ['eager', 'eager', 140],
  ] as const)(
    'cut with messages in flight (%s, %s, at %i): what was accepted is sent or unknown',
    async (_, chunking, at) => {
      await using sink = await startSink({
        offers: ['CHUNKING'],
        final: (subject, cut) => (+subject % at === at - 1 ? void cut() : undefined),
      });
      const client = clientOf(sink, { chunking, connections: 3 });
      const outcomes = new Outcomes();
      const report = await client.bulkSend(new Numbers(600), { onOutcome: outcomes.add });
      expect(report.error).toBeUndefined();
      expect(report.sent + report.failed).toBe(600);
      expect(outcomes.all).toEqual(upTo(600));
      const taken = new Set(sink.taken);
      expect(sink.taken).toHaveLength(taken.size);
      expect(outcomes.sent.filter((subject) => !taken.has(subject))).toEqual([]);
      const told = new Set([...outcomes.sent, ...outcomes.unknown]);
      expect(sink.taken.filter((subject) => !told.has(subject))).toEqual([]);
      await client.close();
    },
  );

  test('that bears two connections only is used with two', async () => {
    await using sink = await startSink({ welcome: () => sink.open() <= 2 });
    const client = clientOf(sink);
    const report = await client.bulkSend(new Numbers(200));
    expect(report).toMatchObject({ sent: 200, failed: 0, error: undefined });
    await client.close();
  });
});

describe('connections', () => {
  test('fewer than the client has', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    expect(await client.bulkSend(new Numbers(200), { connections: 2 })).toMatchObject({
      sent: 200,
    });
    expect(sink.mostOpen()).toBe(2);
    await client.close();
  });

  test('more than the client has, for the time', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: 2 });
    expect(await client.bulkSend(new Numbers(400), { connections: 6 })).toMatchObject({
      sent: 400,
    });
    expect(sink.mostOpen()).toBe(6);
    await expect.poll(() => sink.open()).toBe(2);
    await client.close();
  });

  test('are shared with calls of send, which do not wait for the end', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: 1 });
    const numbers = new Numbers();
    const end = new AbortController();
    const bulk = client.bulkSend(numbers, { signal: end.signal });
    await expect.poll(() => sink.taken.length).toBeGreaterThan(20);
    const before = numbers.given;
    await client.send({ ...numbered(0), subject: 'single' });
    // It rode along behind those under way.
    expect(numbers.given - before).toBeLessThan(10);
    end.abort();
    expect(await bulk).toMatchObject({ failed: 0, error: { code: 'ABORTED' } });
    expect(sink.taken).toContain('single');
    await client.close();
  });

  test('and among two calls, in turn', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: 1 });
    let first = 0;
    let second = 0;
    const end = new AbortController();
    const endless = client.bulkSend(new Numbers(), {
      signal: end.signal,
      onOutcome: () => (first += 1),
    });
    await expect.poll(() => first).toBeGreaterThan(20);
    const begun = first;
    await client.bulkSend(new Numbers(50), { onOutcome: () => (second += 1) });
    expect(second).toBe(50);
    expect(first - begun).toBeGreaterThan(40);
    expect(first - begun).toBeLessThan(80);
    end.abort();
    await endless;
    await client.close();
  });

  test('rate: two a second is two a second', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: { max: 5, rate: { messages: 2, perMs: 1000 } } });
    const began = performance.now();
    const report = await client.bulkSend(new Numbers(7));
    const tookMs = performance.now() - began;
    expect(report.sent).toBe(7);
    expect(tookMs).toBeGreaterThan(2990);
    expect(tookMs).toBeLessThan(9000);
    // Each third message begins a second after the one before last; a busy machine may see the first of them late.
    const gaps = sink.mailsAt.slice(2).map((at, n) => at - (sink.mailsAt[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(900);
    await client.close();
  });
});

describe('a signal', () => {
  test('ends it: what is under way has its true outcome, the rest is not attempted', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const end = new AbortController();
    const outcomes = new Outcomes();
    const numbers = new Numbers();
    const report = await client.bulkSend(numbers, {
      signal: end.signal,
      onOutcome: (outcome) => {
        outcomes.add(outcome);
        if (outcomes.sent.length === 100) end.abort(new Error('enough'));
      },
    });
    expect(report.error).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    expect(report.error?.message).toBe(
      "The caller's signal ended the sending; what was under way has its outcome, the rest was not attempted",
    );
    expect(report.failed).toBe(0);
    expect(report.sent).toBeLessThan(130);
    expect(report.sent + report.notAttempted).toBe(report.taken);
    expect(outcomes.all).toEqual(upTo(report.taken));
    expect(inOrder(outcomes.sent)).toEqual(inOrder(sink.taken));
    expect(numbers.isLeft).toBe(true);
    // The client goes on.
    await client.send(numbered(-1));
    await client.close();
  });

  test('that was aborted before begins nothing', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const messages = upTo(10).map((n) => numbered(+n));
    const report = await client.bulkSend(messages, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ sent: 0, failed: 0, notAttempted: 10, taken: 0 });
    expect(sink.connections()).toBe(0);
    await client.close();
  });

  test('waits for no generator that is at work', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    async function* slow(): AsyncGenerator<BulkMessage> {
      yield numbered(0);
      await sleep(3_600_000, undefined, { ref: false });
      yield numbered(1);
    }
    const report = await client.bulkSend(slow(), { signal: AbortSignal.timeout(200) });
    expect(report).toMatchObject({ sent: 1, notAttempted: 0, taken: 1 });
    expect(report.error).toMatchObject({ code: 'ABORTED' });
    await client.close();
  });
});

describe('progress', () => {
  test('is told now and then, and at the end', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: { max: 1, rate: { messages: 1, perMs: 50 } } });
    const told: BulkProgress[] = [];
    await client.bulkSend(
      upTo(20).map((n) => numbered(+n)),
      {
        onProgress: (progress) => told.push(progress),
      },
    );
    const [first] = told;
    const last = told.at(-1);
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThan(9);
    expect(first?.total).toBe(20);
    expect(first?.messagesPerSecond).toBeGreaterThan(5);
    expect(first?.messagesPerSecond).toBeLessThan(30);
    expect(first?.timeLeftMs).toBeGreaterThan(400);
    expect(last).toMatchObject({ sent: 20, failed: 0, total: 20, timeLeftMs: 0 });
    expect(last?.elapsedMs).toBeGreaterThan(900);
    await client.close();
  });

  test('without a total knows no time left', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const told: BulkProgress[] = [];
    await client.bulkSend(new Numbers(5), { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({
      sent: 5,
      failed: 0,
      messagesPerSecond: expect.any(Number),
      elapsedMs: expect.any(Number),
    });
    await client.close();
  });
});

describe('closing the client', () => {
  test('waits for the whole call', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const report = client.bulkSend(new Numbers(300));
    await expect.poll(() => sink.taken.length).toBeGreaterThan(0);
    await client.close();
    expect(await report).toMatchObject({ sent: 300, error: undefined });
    await expect.poll(() => sink.open()).toBe(0);
  });

  test('before it leaves nothing to do', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    await client.close();
    const error = await errorOf(() => client.bulkSend(new Numbers(3)));
    expect(error).toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(error.message).toContain('The client has been closed by this program');
  });
});
