import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkOutcome } from 'posthorn';
import { describe, expect, test } from 'vitest';
import { startSink } from '../../support/sink.ts';
import { errorOf } from '../kit.ts';
import { clientOf, inOrder, Numbers, numbered, Outcomes, upTo } from './kit.ts';

describe('sendEach', () => {
  test('gives outcomes as they happen', async () => {
    await using sink = await startSink();
    const client = clientOf(sink, { connections: 1 });
    const numbers = new Numbers(30);
    const outcomes: BulkOutcome[] = [];
    for await (const outcome of client.sendEach(numbers)) {
      if (outcomes.length === 0) expect(numbers.given).toBeLessThan(10);
      outcomes.push(outcome);
    }
    expect(outcomes.map(({ index, status }) => [index, status])).toEqual(
      upTo(30).map((n) => [+n, 'sent']),
    );
    const [first] = outcomes;
    if (first?.status !== 'sent') return expect.unreachable();
    expect(first.receipt.accepted).toEqual(['bob0@example.org']);
    expect(first.message).toEqual(numbered(0));
    await client.close();
  });

  test('those that fail as well', async () => {
    await using sink = await startSink({
      final: (subject) => (subject === '3' ? '451 4.3.0 Later' : undefined),
    });
    const client = clientOf(sink, { connections: 1 });
    const outcomes = new Outcomes();
    for await (const outcome of client.sendEach([0, 1, 2, 3, 4].map(numbered))) {
      outcomes.add(outcome);
    }
    expect(outcomes).toMatchObject({ sent: ['0', '1', '2', '4'], failed: ['3'] });
    expect(outcomes.errors[0]).toMatchObject({ code: 'REPLY_NEGATIVE', retryable: true });
    await client.close();
  });

  test('is only as fast as the one who looks', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const numbers = new Numbers();
    for await (const _ of client.sendEach(numbers)) {
      await expect.poll(() => numbers.given, { timeout: 5000 }).toBeGreaterThan(250);
      await sleep(50);
      expect(numbers.given).toBeLessThan(300);
      break;
    }
    expect(numbers.isLeft).toBe(true);
    await client.close();
  });

  test('left early waits for what is under way, and begins nothing more', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const numbers = new Numbers();
    let seen = 0;
    for await (const { status } of client.sendEach(numbers)) {
      expect(status).toBe('sent');
      seen += 1;
      if (seen === 50) break;
    }
    const taken = sink.taken.length;
    expect(taken).toBeGreaterThanOrEqual(50);
    expect(numbers.isLeft).toBe(true);
    await sleep(30);
    expect(sink.taken).toHaveLength(taken);
    expect(inOrder(sink.taken)).toEqual(upTo(taken));
    await client.close();
  });

  test('throws what ended it, after the last outcome', async () => {
    const sink = await startSink();
    await sink.close();
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    const error = await errorOf(async () => {
      for await (const outcome of client.sendEach(new Numbers())) outcomes.add(outcome);
    });
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(outcomes.all).toEqual(outcomes.notAttempted);
    expect(outcomes.notAttempted).not.toEqual([]);
    await client.close();
  });

  test('ends when the client is closed in the loop', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const outcomes = new Outcomes();
    const error = await errorOf(async () => {
      for await (const outcome of client.sendEach(new Numbers())) {
        outcomes.add(outcome);
        if (outcomes.sent.length === 20) await client.close();
      }
    });
    expect(error).toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(inOrder(outcomes.sent)).toEqual(inOrder(sink.taken));
    expect(outcomes.failed).toEqual([]);
    await expect.poll(() => sink.open()).toBe(0);
  });

  test('hears the signal', async () => {
    await using sink = await startSink();
    const client = clientOf(sink);
    const end = new AbortController();
    const outcomes = new Outcomes();
    const error = await errorOf(async () => {
      for await (const outcome of client.sendEach(new Numbers(), { signal: end.signal })) {
        outcomes.add(outcome);
        if (outcomes.sent.length === 20) end.abort(new Error('enough'));
      }
    });
    expect(error).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    expect(inOrder(outcomes.sent)).toEqual(inOrder(sink.taken));
    expect(outcomes.notAttempted.length).toBeLessThan(30);
    await client.close();
  });
});
