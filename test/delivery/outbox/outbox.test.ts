import { channel } from 'node:diagnostics_channel';
import {
  MailMessage,
  MemoryTransport,
  PosthornError,
  RecipientsError,
  SmtpReplyError,
} from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { describe, expect, test } from 'vitest';
import { letter, quick, reply, ScriptedTransport, withOutbox } from '../support/outbox-kit.ts';

describe('enqueueing', () => {
  test('keeps a message, and a worker sends it', () =>
    withOutbox(async ({ outbox, events }) => {
      const { id, messageId, isNew } = await outbox.enqueue(letter);
      expect(isNew).toBe(true);
      expect(messageId).toMatch(/^<.+@.+>$/);
      expect(await outbox.get(id)).toMatchObject({
        id,
        state: 'queued',
        messageId,
        subject: 'Hello',
        envelope: { from: 'ann@example.com', to: ['bob@example.org'] },
        priority: 0,
        recipients: [{ address: 'bob@example.org', state: 'queued', attempts: [] }],
        attempts: [],
      });
      const transport = new MemoryTransport();
      const worker = outbox.work(transport);
      await worker.idle();
      expect(transport.messages).toHaveLength(1);
      const [kept] = transport.messages;
      expect(kept?.envelope).toEqual({ from: 'ann@example.com', to: ['bob@example.org'] });
      expect(kept?.receipt.messageId).toBe(messageId);
      const message = await outbox.get(id);
      expect(message).toMatchObject({
        state: 'sent',
        dueAt: undefined,
        recipients: [{ state: 'sent', settledAt: expect.any(Date) }],
        attempts: [
          {
            transport: 'memory',
            host: 'memory',
            worker: worker.name,
            delivered: 'yes',
            isPossibleDuplicate: false,
            reply: { code: 250 },
            stage: undefined,
            results: [{ address: 'bob@example.org', state: 'sent' }],
          },
        ],
      });
      expect(message?.recipients[0]?.attempts).toEqual(message?.attempts);
      expect(events.map(({ type }) => type)).toEqual(['enqueued', 'attempt', 'sent']);
      expect(worker.stats).toMatchObject({ active: 0, attempts: 1, sent: 1, failed: 0 });
    }));

  test('fixes octets, Message-ID and Date, whoever changes the message afterwards', () =>
    withOutbox(async ({ outbox }) => {
      const message = new MailMessage({
        ...letter,
        attachments: [{ content: 'a', filename: 'a.txt' }],
      });
      const { id } = await outbox.enqueue(message);
      const stored: Uint8Array[] = [];
      for await (const piece of outbox.content(id)) stored.push(piece);
      message.subject = 'Changed';
      const transport = new ScriptedTransport((_, index) => {
        if (index === 0) throw temporary();
        return undefined;
      });
      const worker = outbox.work(transport, quick);
      await expect.poll(async () => (await outbox.get(id))?.state).toBe('sent');
      await worker.close();
      expect(transport.given).toHaveLength(2);
      const [first, second] = transport.given;
      expect(first?.raw).toBe(second?.raw);
      expect(first?.raw).toBe(Buffer.concat(stored).toString());
      expect(first?.raw).toContain('Subject: Hello');
      expect(first?.raw).toContain(`Message-ID: ${message.messageId}`);
    }));

  test('sends what was loaded octet for octet', () =>
    withOutbox(async ({ outbox }) => {
      const raw =
        'From: a@example.com\r\nTo: b@example.org\r\nSubject:  odd \r\n\tfolding\r\nX-Q: 1\r\n\r\n..dot\r\n';
      const { id } = await outbox.enqueue(MailMessage.parse(raw));
      const transport = new MemoryTransport();
      await outbox.work(transport).idle();
      expect(Buffer.from(transport.messages[0]?.raw ?? []).toString()).toBe(raw);
      expect((await outbox.get(id))?.size).toBe(raw.length);
    }));

  test('takes the envelope that is given, hidden recipients and wishes too', () =>
    withOutbox(async ({ outbox }) => {
      await outbox.enqueue(
        { ...letter, bcc: 'eve@example.org' },
        { envelope: { from: '', dsn: { ret: 'headers', envid: 'x1' } }, mtPriority: 3 },
      );
      const transport = new ScriptedTransport();
      await outbox.work(transport).idle();
      expect(transport.given[0]).toMatchObject({
        from: '',
        to: ['bob@example.org', 'eve@example.org'],
        options: { envelope: { dsn: { ret: 'headers', envid: 'x1' } }, mtPriority: 3 },
      });
      expect(transport.given[0]?.raw).not.toContain('eve@');
    }));

  test('with the same key gives the first message', () =>
    withOutbox(async ({ outbox }) => {
      const first = await outbox.enqueue(letter, { idempotencyKey: 'order-7' });
      const second = await outbox.enqueue(
        { ...letter, subject: 'Another' },
        { idempotencyKey: 'order-7' },
      );
      expect(second).toEqual({ ...first, isNew: false });
      expect(await outbox.list()).toHaveLength(1);
      expect(await outbox.list({ idempotencyKey: 'order-7' })).toMatchObject([{ id: first.id }]);
    }));

  test('for later is not sent before, and not after it expires', () =>
    withOutbox(async ({ outbox, events }) => {
      const transport = new MemoryTransport();
      const worker = outbox.work(transport);
      const later = await outbox.enqueue(letter, { sendAt: Date.now() + 400 });
      await worker.idle();
      expect(transport.messages).toHaveLength(0);
      expect((await outbox.get(later.id))?.state).toBe('queued');
      await expect.poll(() => transport.messages.length).toBe(1);
      worker.pause();
      const brief = await outbox.enqueue(letter, { expiresAt: new Date(Date.now() + 200) });
      await new Promise((resolve) => setTimeout(resolve, 300));
      worker.resume();
      await expect.poll(async () => (await outbox.get(brief.id))?.state).toBe('expired');
      expect(transport.messages).toHaveLength(1);
      expect((await outbox.get(brief.id))?.recipients[0]?.outcome).toMatchObject({
        code: 'OUTBOX_EXPIRED',
      });
      expect(events.map(({ type }) => type)).toContain('expired');
    }));

  test('by priority, then by age', () =>
    withOutbox(async ({ outbox }) => {
      for (const [subject, priority] of [
        ['1', undefined],
        ['2', 'low'],
        ['3', 'high'],
        ['4', 9],
        ['5', 'normal'],
      ] as const) {
        await outbox.enqueue({ ...letter, subject }, { priority });
      }
      const transport = new ScriptedTransport();
      await outbox.work(transport, { concurrency: 1 }).idle();
      const subjects = transport.given.map(({ raw }) => /Subject: (.)/.exec(raw)?.[1]);
      expect(subjects).toEqual(['4', '3', '1', '5', '2']);
    }));

  test('large content passes through a file', () =>
    withOutbox(async ({ outbox }) => {
      const content = Buffer.alloc(3_000_000, 'posthorn ');
      const { id } = await outbox.enqueue({ ...letter, attachments: [{ filename: 'a', content }] });
      const transport = new MemoryTransport();
      await outbox.work(transport).idle();
      expect((await outbox.get(id))?.state).toBe('sent');
      const [sent] = transport.messages;
      const bytes = await sent?.message.attachments[0]?.bytes();
      expect(Buffer.from(bytes ?? []).equals(content)).toBe(true);
    }));

  test('refuses what can not be sent, and stores nothing', () =>
    withOutbox(async ({ outbox }) => {
      const wrong: [() => Promise<unknown>, string, string][] = [
        [
          () => outbox.enqueue({ from: 'a@example.com', text: 'x' }),
          'MESSAGE_NO_RECIPIENT',
          'The message names no recipient',
        ],
        [
          () => outbox.enqueue({ ...letter, subject: 'a\r\nBcc: e@example.net' }),
          'MESSAGE_FIELD_INVALID',
          'subject holds CR at',
        ],
        [
          () => outbox.enqueue(letter, { priority: 12 }),
          'OPTION_INVALID',
          "Option 'priority' must be 'low', 'normal', 'high' or an integer from -9 to 9",
        ],
        [
          () => outbox.enqueue(letter, { idempotencyKey: '' }),
          'OPTION_INVALID',
          "Option 'idempotencyKey' must be a string of 1 to 500 characters",
        ],
        [
          () => outbox.enqueue(letter, { expiresAt: 1000 }),
          'OPTION_INVALID',
          "Option 'expiresAt' must be a time after sendAt, and after now",
        ],
        [
          () => outbox.enqueue(letter, { sendAt: Number.NaN }),
          'OPTION_INVALID',
          "Option 'sendAt' must be a Date, or milliseconds since 1970",
        ],
        [
          // @ts-expect-error there is no exactly-once
          () => outbox.enqueue(letter, { delivery: 'exactly-once' }),
          'OPTION_INVALID',
          "Option 'delivery' must be 'at-least-once' or 'at-most-once'",
        ],
        [
          // @ts-expect-error its name is sendAt
          () => outbox.enqueue(letter, { runAt: new Date() }),
          'OPTION_INVALID',
          "'runAt' is not an option of enqueueing; write sendAt",
        ],
        [
          () => outbox.enqueue(letter, { transaction: {} }),
          'OPTION_INVALID',
          "Option 'transaction' needs an outbox in PostgreSQL; this one is in sqlite",
        ],
      ];
      for (const [call, code, message] of wrong) {
        await expect(call()).rejects.toMatchObject({
          code,
          message: expect.stringContaining(message),
        });
      }
      expect(await outbox.list()).toEqual([]);
    }));

  test('of many at once keeps each', () =>
    withOutbox(async ({ outbox }) => {
      const made = await Promise.all(
        Array.from({ length: 200 }, (_, i) => outbox.enqueue({ ...letter, subject: `${i}` })),
      );
      expect(new Set(made.map(({ id }) => id)).size).toBe(200);
      const transport = new MemoryTransport();
      await outbox.work(transport, { concurrency: 20 }).idle();
      expect(new Set(transport.messages.map(({ message }) => message.subject)).size).toBe(200);
      expect(await outbox.stats()).toMatchObject({ sent: 200, queued: 0, total: 200, lagMs: 0 });
    }));
});

function temporary(): SmtpReplyError {
  return new SmtpReplyError('REPLY_NEGATIVE', 'mx.example.org said: 451 later', {
    stage: 'data',
    host: 'mx.example.org',
    port: 25,
    retryable: true,
    reply: reply(451, '4.3.0', 'later'),
  });
}

describe('a worker', () => {
  test('tries again what was put off, and keeps every attempt', () =>
    withOutbox(async ({ outbox, events }) => {
      const { id } = await outbox.enqueue(letter);
      const transport = new ScriptedTransport((_, index) => {
        if (index < 2) throw temporary();
        return undefined;
      });
      const worker = outbox.work(transport, quick);
      await expect.poll(async () => (await outbox.get(id))?.state).toBe('sent');
      const message = await outbox.get(id);
      expect(message?.attempts.map(({ delivered }) => delivered)).toEqual(['no', 'no', 'yes']);
      expect(message?.attempts[0]).toMatchObject({
        host: 'mx.example.org',
        port: 25,
        stage: 'data',
        code: 'REPLY_NEGATIVE',
        message: 'mx.example.org said: 451 later',
        class: 'deferred',
        reply: { code: 451, enhanced: '4.3.0', lines: ['later'] },
        results: [{ address: 'bob@example.org', state: 'deferred' }],
      });
      expect(message?.attempts.some(({ isPossibleDuplicate }) => isPossibleDuplicate)).toBe(false);
      expect(events.filter(({ type }) => type === 'deferred')).toHaveLength(2);
      expect(worker.stats).toMatchObject({ attempts: 3, deferred: 2, sent: 1 });
    }));

  test('never sends again to recipients who have it', () =>
    withOutbox(async ({ outbox }) => {
      const to = ['ok@example.org', 'full@example.org', 'no@example.org'];
      const { id } = await outbox.enqueue({ ...letter, to });
      const transport = new ScriptedTransport((_, index) =>
        index === 0
          ? {
              accepted: ['ok@example.org'],
              rejected: [
                { address: 'full@example.org', reply: reply(452, '4.2.2', 'full') },
                { address: 'no@example.org', reply: reply(550, '5.1.1', 'unknown user') },
              ],
            }
          : undefined,
      );
      const worker = outbox.work(transport, quick);
      await expect.poll(async () => (await outbox.get(id))?.state).toBe('failed');
      await worker.close();
      expect(transport.given.map(({ to: recipients }) => recipients)).toEqual([
        to,
        ['full@example.org'],
      ]);
      const message = await outbox.get(id);
      expect(message?.recipients.map(({ address, state }) => [address, state])).toEqual([
        ['ok@example.org', 'sent'],
        ['full@example.org', 'sent'],
        ['no@example.org', 'failed'],
      ]);
      expect(message?.recipients[2]?.outcome?.reply).toMatchObject({ code: 550 });
      expect(message?.recipients[0]?.attempts).toHaveLength(1);
      expect(message?.recipients[1]?.attempts).toHaveLength(2);
    }));

  test('gives up what is refused for good, and what gets too old', () =>
    withOutbox(async ({ outbox, events }) => {
      const { id } = await outbox.enqueue(letter);
      const refused = new ScriptedTransport(() => {
        throw new RecipientsError('Nobody was accepted', [
          { address: 'bob@example.org', reply: reply(550, '5.1.1', 'no such user') },
        ]);
      });
      const first = outbox.work(refused, quick);
      await first.idle();
      await first.close();
      expect(await outbox.get(id)).toMatchObject({ state: 'failed' });
      expect(events.find(({ type }) => type === 'failed')).toMatchObject({
        recipients: ['bob@example.org'],
        rejected: [{ address: 'bob@example.org', reply: { code: 550 } }],
      });
      const old = await outbox.enqueue(letter);
      const busy = new ScriptedTransport(() => {
        throw temporary();
      });
      outbox.work(busy, { retry: { schedule: [30], maxAgeMs: 100 } });
      await expect.poll(async () => (await outbox.get(old.id))?.state).toBe('expired');
      expect(busy.given.length).toBeGreaterThanOrEqual(2);
    }));

  test('leaves the transport alone when its credentials are refused, and burns no message', () =>
    withOutbox(async ({ outbox, events }) => {
      for (let i = 0; i < 5; i += 1) await outbox.enqueue(letter);
      let isCured = false;
      const transport = new ScriptedTransport(() => {
        if (isCured) return undefined;
        throw new SmtpReplyError('REPLY_NEGATIVE', 'login first', {
          stage: 'mail',
          reply: reply(530, '5.7.0', 'Authentication required'),
        });
      });
      const worker = outbox.work(transport, { ...quick, concurrency: 1 });
      await worker.idle();
      expect(transport.given).toHaveLength(1);
      expect(worker.stats.paused).toMatchObject({ code: 'REPLY_NEGATIVE' });
      expect(await outbox.stats()).toMatchObject({ queued: 4, deferred: 1, failed: 0 });
      expect(events.filter(({ type }) => type === 'paused')).toHaveLength(1);
      isCured = true;
      worker.resume();
      await expect.poll(async () => (await outbox.stats()).sent).toBe(5);
      expect(worker.stats.paused).toBeUndefined();
    }));

  test('finds out by itself, with one message, that credentials work again', () =>
    withOutbox(async ({ outbox, events }) => {
      for (let i = 0; i < 5; i += 1) await outbox.enqueue(letter);
      const transport = new ScriptedTransport((_, index) => {
        if (index >= 2) return undefined;
        throw new PosthornError('AUTH_FAILED', 'wrong password', { stage: 'auth' });
      });
      outbox.work(transport, { ...quick, concurrency: 1, pauseMs: 60 });
      await expect.poll(async () => (await outbox.stats()).sent).toBe(5);
      expect(transport.given).toHaveLength(7);
      expect(events.filter(({ type }) => type === 'paused')).toHaveLength(2);
      expect(events.filter(({ type }) => type === 'resumed')).toHaveLength(1);
    }));

  test('leaves a host alone that is down, and finds out with one message', () =>
    withOutbox(async ({ outbox, events }) => {
      for (let i = 0; i < 10; i += 1) await outbox.enqueue(letter);
      const transport = new ScriptedTransport((_, index) => {
        if (index >= 4) return undefined;
        throw new PosthornError('CONNECTION_REFUSED', 'nobody there', { stage: 'connect' });
      });
      const worker = outbox.work(transport, {
        ...quick,
        concurrency: 1,
        circuit: { failures: 3, openMs: 50 },
      });
      await expect.poll(async () => (await outbox.stats()).sent).toBe(10);
      const circuits = events.filter(({ type }) => type === 'circuit');
      expect(circuits.map((event) => 'state' in event && event.state)).toEqual([
        'open',
        'probing',
        'open',
        'probing',
        'closed',
      ]);
      expect(worker.stats.failed).toBe(0);
    }));

  test('waits as long as a server asks', () =>
    withOutbox(async ({ outbox }) => {
      await outbox.enqueue(letter);
      const times: number[] = [];
      const transport = new ScriptedTransport((_, index) => {
        times.push(performance.now());
        if (index > 0) return undefined;
        throw Object.assign(temporary(), { retryAfterMs: 300 });
      });
      outbox.work(transport, quick);
      await expect.poll(async () => (await outbox.stats()).sent).toBe(1);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(290);
    }));

  test('can be told what a failure means', () =>
    withOutbox(async ({ outbox }) => {
      const { id } = await outbox.enqueue(letter);
      const seen: unknown[] = [];
      const transport = new ScriptedTransport((_, index) => {
        if (index > 0) return undefined;
        throw new RecipientsError('Nobody was accepted', [
          { address: 'bob@example.org', reply: reply(552, '5.2.2', 'mailbox full') },
        ]);
      });
      outbox.work(transport, {
        ...quick,
        classify: ({ recipient }, usual) => {
          seen.push([recipient, usual]);
          return usual === 'mailbox-full' ? 'deferred' : undefined;
        },
      });
      await expect.poll(async () => (await outbox.get(id))?.state).toBe('sent');
      expect(seen).toEqual([['bob@example.org', 'mailbox-full']]);
    }));

  test('sends again, marked, what may have arrived: at-least-once', () =>
    withOutbox(async ({ outbox }) => {
      const { id } = await outbox.enqueue(letter);
      const transport = new ScriptedTransport(async ({ options, to }, index) => {
        if (index > 0) return undefined;
        await options.beforeFinal?.({ recipients: to, accepted: [] });
        throw new PosthornError('CONNECTION_CLOSED', 'gone', {
          stage: 'final-reply',
          delivered: 'unknown',
        });
      });
      outbox.work(transport, quick);
      await expect.poll(async () => (await outbox.get(id))?.state).toBe('sent');
      const message = await outbox.get(id);
      expect(
        message?.attempts.map(({ delivered, isPossibleDuplicate, class: kind }) => ({
          delivered,
          isPossibleDuplicate,
          kind,
        })),
      ).toEqual([
        { delivered: 'unknown', isPossibleDuplicate: false, kind: 'unknown' },
        { delivered: 'yes', isPossibleDuplicate: true, kind: undefined },
      ]);
      expect(transport.given[0]?.raw).toBe(transport.given[1]?.raw);
    }));

  test('leaves to a person what may have arrived: at-most-once', () =>
    withOutbox(
      async ({ outbox, events }) => {
        const lost = (): never => {
          throw new PosthornError('TIMEOUT', 'no reply', {
            stage: 'final-reply',
            delivered: 'unknown',
          });
        };
        const one = await outbox.enqueue(letter);
        const two = await outbox.enqueue(letter);
        const transport = new ScriptedTransport((_, index) => (index < 2 ? lost() : undefined));
        const worker = outbox.work(transport, quick);
        await worker.idle();
        expect(await outbox.stats()).toMatchObject({ unknown: 2 });
        expect(events.filter(({ type }) => type === 'unknown')).toHaveLength(2);
        await expect(outbox.retry(one.id)).rejects.toMatchObject({
          code: 'OUTBOX_CONFLICT',
          message: `There is nobody left to try it for: message ${one.id} is 'unknown'`,
        });
        expect(await outbox.resolve(one.id, 'drop')).toMatchObject({
          state: 'failed',
          recipients: [{ state: 'failed', outcome: { code: 'OUTBOX_CANCELLED' } }],
        });
        await outbox.resolve(two.id, 'retry');
        await expect.poll(async () => (await outbox.get(two.id))?.state).toBe('sent');
        expect((await outbox.get(two.id))?.attempts.at(-1)).toMatchObject({
          isPossibleDuplicate: true,
        });
        expect(transport.given).toHaveLength(3);
        await expect(outbox.resolve(two.id, 'drop')).rejects.toMatchObject({
          code: 'OUTBOX_CONFLICT',
        });
      },
      { delivery: 'at-most-once' },
    ));

  test('marks beforehand for a transport that does not tell', () =>
    withOutbox(
      async ({ outbox }) => {
        const { id } = await outbox.enqueue(letter);
        const marks: unknown[] = [];
        const inner = new ScriptedTransport();
        outbox.work(
          {
            name: 'pigeon',
            send: async (message, options) => {
              expect(options).not.toHaveProperty('beforeFinal');
              marks.push((await outbox.get(id))?.recipients[0]?.state);
              await inner.send(message, options);
              throw new TypeError('the pigeon got lost');
            },
            close: async () => undefined,
          },
          quick,
        );
        await expect.poll(async () => (await outbox.get(id))?.state).toBe('unknown');
        expect(marks).toEqual(['sending']);
        expect((await outbox.get(id))?.attempts[0]).toMatchObject({
          delivered: 'unknown',
          message: "The transport 'pigeon' failed: the pigeon got lost",
        });
        await expect(outbox.cancel(id)).rejects.toMatchObject({ code: 'OUTBOX_CONFLICT' });
      },
      { delivery: 'at-most-once' },
    ));

  test('holds what is damaged, and sends nothing of it', () =>
    withOutbox(async ({ outbox, events, path }) => {
      const { default: Database } = await import('libsql');
      const one = await outbox.enqueue(letter);
      const two = await outbox.enqueue(letter);
      const db = new Database(path);
      db.exec("UPDATE content SET bytes = x'41' WHERE piece = (SELECT min(piece) FROM content)");
      db.exec(`UPDATE message SET record = '{"torn' WHERE id = '${two.id}'`);
      db.close();
      const transport = new ScriptedTransport();
      await outbox.work(transport, quick).idle();
      expect(transport.given).toHaveLength(0);
      expect(await outbox.list({ state: 'damaged' })).toMatchObject([
        { id: one.id, state: 'damaged' },
        { id: two.id, state: 'damaged', recipients: [] },
      ]);
      const told = events.filter((event) => event.type === 'damaged');
      expect(told.map(({ error }) => error.code)).toEqual(['OUTBOX_DAMAGED', 'OUTBOX_DAMAGED']);
      expect(await outbox.stats()).toMatchObject({ damaged: 2, total: 2 });
    }));
});

describe('what people ask for', () => {
  test('cancelling, also of a message that a worker has and no server yet', () =>
    withOutbox(async ({ outbox, events }) => {
      const waiting = await outbox.enqueue(letter, { sendAt: Date.now() + 60_000 });
      expect(await outbox.cancel(waiting.id)).toMatchObject({
        state: 'failed',
        recipients: [{ state: 'failed', outcome: { code: 'OUTBOX_CANCELLED' } }],
      });
      await expect(outbox.cancel(waiting.id)).rejects.toMatchObject({
        code: 'OUTBOX_CONFLICT',
        message: `There is nobody left to spare: message ${waiting.id} is 'failed'`,
      });
      const taken = await outbox.enqueue(letter);
      let refusal: unknown;
      const transport = new ScriptedTransport(async ({ options, to }) => {
        expect((await outbox.get(taken.id))?.state).toBe('sending');
        await expect(outbox.retry(taken.id)).rejects.toMatchObject({ code: 'OUTBOX_CONFLICT' });
        await outbox.cancel(taken.id);
        await options.beforeFinal?.({ recipients: to, accepted: [] }).catch((error: unknown) => {
          refusal = error;
          throw error;
        });
        return undefined;
      });
      await outbox.work(transport, quick).idle();
      expect(refusal).toMatchObject({ code: 'OUTBOX_LEASE_LOST' });
      expect(await outbox.get(taken.id)).toMatchObject({ state: 'failed' });
      expect(events.map(({ type }) => type)).toContain('lease-lost');
      expect(events.filter(({ type }) => type === 'cancelled')).toHaveLength(2);
    }));

  test('retrying what failed', () =>
    withOutbox(async ({ outbox }) => {
      const { id } = await outbox.enqueue(letter);
      await outbox.cancel(id);
      await outbox.retry(id);
      const transport = new MemoryTransport();
      await outbox.work(transport).idle();
      expect(await outbox.get(id)).toMatchObject({ state: 'sent' });
      await expect(outbox.retry(id)).rejects.toMatchObject({ code: 'OUTBOX_CONFLICT' });
    }));

  test('messages that are not there', () =>
    withOutbox(async ({ outbox }) => {
      expect(await outbox.get('nothing')).toBeUndefined();
      const calls = [
        () => outbox.retry('nothing'),
        () => outbox.cancel('nothing'),
        () => outbox.resolve('nothing', 'drop'),
        () => outbox.content('nothing').next(),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          name: 'OutboxError',
          code: 'OUTBOX_NOT_FOUND',
          message: 'The outbox has no message "nothing"; it may have been cleaned up',
        });
      }
    }));

  test('listing: in a loop, in an array, in pages', () =>
    withOutbox(async ({ outbox }) => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) ids.push((await outbox.enqueue(letter)).id);
      const seen: string[] = [];
      for await (const { id } of outbox.list()) seen.push(id);
      expect(seen).toEqual(ids);
      expect((await outbox.list({ limit: 2, after: ids[1] ?? '' })).map(({ id }) => id)).toEqual(
        ids.slice(2, 4),
      );
      expect(await outbox.list({ state: ['sent', 'failed'] })).toEqual([]);
      // @ts-expect-error no such state
      expect(() => outbox.list({ state: 'lost' })).toThrow("Option 'state' must be one of queued");
    }));

  test('bounces are noted with the recipients they are about', () =>
    withOutbox(async ({ outbox, events }) => {
      const { id, messageId } = await outbox.enqueue(letter);
      await outbox.work(new MemoryTransport()).idle();
      const report = MailMessage.parse(bounceOf(messageId)).bounce;
      if (!report) return expect.unreachable('it is a bounce');
      expect(await outbox.onBounce(report.originalMessageId ?? '', report)).toMatchObject([
        {
          id,
          state: 'sent',
          recipients: [
            {
              address: 'bob@example.org',
              state: 'sent',
              bounce: {
                action: 'failed',
                status: '5.1.1',
                isPermanent: true,
                at: expect.any(Date),
              },
            },
          ],
        },
      ]);
      expect(events.at(-1)).toMatchObject({ type: 'bounced', id, report });
      expect(await outbox.onBounce('nobody@example.com', report)).toEqual([]);
    }));

  test('cleaning up what was settled long enough ago', () =>
    withOutbox(
      async ({ outbox, events }) => {
        const { id } = await outbox.enqueue(letter);
        const kept = await outbox.enqueue(letter, { sendAt: Date.now() + 60_000 });
        await outbox.work(new MemoryTransport()).idle();
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(await outbox.cleanUp()).toBe(1);
        expect(await outbox.get(id)).toBeUndefined();
        expect(await outbox.get(kept.id)).toBeDefined();
        expect(events.at(-1)).toMatchObject({ type: 'cleaned', messages: 1 });
      },
      { retention: { sentMs: 5 } },
    ));

  test('what happens is published on diagnostics_channel', () =>
    withOutbox(async ({ outbox }) => {
      const heard: unknown[] = [];
      const listener = (event: unknown): void => {
        heard.push(event);
      };
      channel('posthorn:outbox:sent').subscribe(listener);
      const { id } = await outbox.enqueue(letter);
      await outbox.work(new MemoryTransport()).idle();
      channel('posthorn:outbox:sent').unsubscribe(listener);
      expect(heard).toMatchObject([{ type: 'sent', id, recipients: ['bob@example.org'] }]);
    }));
});

describe('opening and closing', () => {
  test('closing waits for what is in hand', () =>
    withOutbox(async ({ outbox, url }) => {
      const { id } = await outbox.enqueue(letter);
      let isDone = false;
      const transport = new ScriptedTransport(async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        isDone = true;
        return undefined;
      });
      outbox.work(transport);
      await expect.poll(() => transport.given.length).toBe(1);
      await outbox.close();
      expect(isDone).toBe(true);
      await expect(outbox.enqueue(letter)).rejects.toMatchObject({ code: 'OUTBOX_CLOSED' });
      const again = await Outbox.open(url);
      expect(await again.get(id)).toMatchObject({ state: 'sent' });
      await again.close();
    }));

  test('closing twice is closing once', () =>
    withOutbox(async ({ outbox }) => {
      const worker = outbox.work(new MemoryTransport());
      await Promise.all([outbox.close(), outbox.close(), worker.close()]);
      await outbox.close();
      await worker.close();
      await expect(outbox.get('x')).rejects.toMatchObject({
        code: 'OUTBOX_CLOSED',
        message: 'The outbox has been closed by this program; open it again, or close it later',
      });
      expect(() => outbox.work(new MemoryTransport())).toThrow('has been closed');
    }));

  test('a signal ends a worker', () =>
    withOutbox(async ({ outbox }) => {
      const stop = new AbortController();
      const transport = new MemoryTransport();
      const worker = outbox.work(transport, { signal: stop.signal });
      stop.abort();
      await worker.close();
      await outbox.enqueue(letter);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(transport.messages).toHaveLength(0);
    }));

  test('needs a URL that it knows', async () => {
    await expect(Outbox.open('mysql://localhost/x')).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message:
        "Outbox.open takes 'sqlite:outbox.db', 'postgres://user@host/database' or 'redis://host'",
    });
    await expect(Outbox.open('sqlite:')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(Outbox.open('sqlite:/nowhere/at/all.db')).rejects.toMatchObject({
      name: 'OutboxError',
      code: 'OUTBOX_STORE_FAILED',
    });
    // @ts-expect-error it is of the worker
    await expect(Outbox.open('sqlite::memory:', { concurrency: 3 })).rejects.toMatchObject({
      message:
        "'concurrency' is not an option of an outbox; give it to the worker: outbox.work(client, { concurrency })",
    });
  });

  test('an outbox in memory is an outbox', async () => {
    const outbox = await Outbox.open('sqlite::memory:');
    const { id } = await outbox.enqueue(letter);
    await outbox.work(new MemoryTransport()).idle();
    expect(await outbox.get(id)).toMatchObject({ state: 'sent' });
    await outbox.close();
  });
});

function bounceOf(messageId: string): string {
  return [
    'From: mailer-daemon@example.org',
    'To: ann@example.com',
    'Subject: Undeliverable',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    '',
    'No such user.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    'Final-Recipient: rfc822; Bob@example.org',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: ${messageId}`,
    'Subject: Hello',
    '',
    '--b--',
    '',
  ].join('\r\n');
}
