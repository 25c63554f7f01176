// What a failure means, how long it is waited, how much goes to one destination: the worker's rules one by one.

import { describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  type ErrorCode,
  InvalidMessageError,
  LimitError,
  PosthornError,
  ProtocolError,
  RecipientsError,
  SmtpReplyError,
  type Stage,
  TimeoutError,
  TlsError,
} from '../../../src/base/index.ts';
import {
  FAILURE_ACTIONS,
  type FailureClass,
} from '../../../src/delivery/outbox/classification.data.ts';
import { classOf } from '../../../src/delivery/outbox/classify.ts';
import type { StoredRecord } from '../../../src/delivery/outbox/record.ts';
import { backOff, uncountedBackOff } from '../../../src/delivery/outbox/worker/back-off.ts';
import { Destination } from '../../../src/delivery/outbox/worker/destination.ts';
import { judge, type Tried } from '../../../src/delivery/outbox/worker/judge.ts';
import { Pause } from '../../../src/delivery/outbox/worker/pause.ts';
import { workSettings } from '../../../src/delivery/outbox/worker/work-settings.ts';
import { reply } from '../support/outbox-kit.ts';

const said = (code: number, enhanced: string | undefined, stage: Stage): PosthornError =>
  new SmtpReplyError('REPLY_NEGATIVE', 'no', { reply: reply(code, enhanced, 'no'), stage });

const classOfError = (error: PosthornError): FailureClass =>
  classOf({ error, reply: error.reply, stage: error.stage, recipient: undefined });

describe('the table of failures', () => {
  test.each<[string, PosthornError, FailureClass]>([
    ['421 to anything', said(421, '4.7.0', 'rcpt'), 'session'],
    ['421 as greeting', said(421, undefined, 'greeting'), 'session'],
    ['4yz to MAIL', said(451, '4.3.0', 'mail'), 'deferred'],
    ['4yz to the dot', said(452, '4.3.1', 'final-reply'), 'deferred'],
    ['452 4.5.3', said(452, '4.5.3', 'rcpt'), 'too-many-recipients'],
    ['4yz as greeting', said(450, undefined, 'greeting'), 'host'],
    ['5yz as greeting', said(554, undefined, 'greeting'), 'host'],
    ['5yz to EHLO', said(550, undefined, 'ehlo'), 'host'],
    ['5yz to RCPT', said(550, '5.1.1', 'rcpt'), 'rejected'],
    ['5yz to the dot', said(554, undefined, 'final-reply'), 'rejected'],
    ['503 is not for good', said(503, '5.5.1', 'data'), 'deferred'],
    ['the mailbox is full for good', said(552, '5.2.2', 'rcpt'), 'mailbox-full'],
    ['the mailbox is full for now', said(452, '4.2.2', 'rcpt'), 'deferred'],
    ['reputation', said(550, '5.7.1', 'final-reply'), 'policy'],
    ['a login is wanted', said(530, '5.7.0', 'mail'), 'credentials'],
    ['a login is wanted, as a mechanism', said(538, '5.7.11', 'mail'), 'credentials'],
    ['the login fails for now', said(454, '4.7.0', 'auth'), 'credentials'],
    ['the first digit wins', said(450, '5.1.1', 'rcpt'), 'deferred'],
    ['the first digit wins the other way', said(550, '4.2.2', 'rcpt'), 'rejected'],
    [
      'a refused login',
      new AuthenticationError('AUTH_FAILED', 'no', { stage: 'auth' }),
      'credentials',
    ],
    [
      'a wrong certificate',
      new TlsError('TLS_CERTIFICATE', 'no', { stage: 'tls' }),
      'configuration',
    ],
    ['nobody there', new ConnectionError('CONNECTION_REFUSED', 'no'), 'host'],
    ['no such name', new ConnectionError('CONNECTION_DNS', 'no'), 'host'],
    ['garbage', new ProtocolError('PROTOCOL_VIOLATION', 'no', { stage: 'mail' }), 'host'],
    ['talk without end', new LimitError('replyBytes', 1, 'no', { stage: 'rcpt' }), 'host'],
    ['a message past a limit', new LimitError('headers', 1, 'no'), 'message'],
    ['a slow greeting', new TimeoutError('TIMEOUT', 'no', { stage: 'greeting' }), 'host'],
    ['a slow RCPT', new TimeoutError('TIMEOUT', 'no', { stage: 'rcpt' }), 'transient'],
    [
      'closed in content',
      new ConnectionError('CONNECTION_CLOSED', 'no', { stage: 'content' }),
      'transient',
    ],
    [
      'closed after the dot',
      new ConnectionError('CONNECTION_CLOSED', 'no', {
        stage: 'final-reply',
        delivered: 'unknown',
      }),
      'unknown',
    ],
    [
      'garbage after the dot',
      new ProtocolError('PROTOCOL_VIOLATION', 'no', { delivered: 'unknown' }),
      'unknown',
    ],
    ['too large', new InvalidMessageError('MESSAGE_TOO_LARGE', 'no'), 'message'],
    ['shutting down', new PosthornError('ABORTED', 'no'), 'withdrawn'],
    ['the client was closed', new ConnectionError('CLIENT_CLOSED', 'no'), 'configuration'],
  ])('%s', (_, error, expected) => {
    expect(classOfError(error)).toBe(expected);
  });

  test('has an action for every class, and burns no message for what is not its fault', () => {
    for (const [kind, { outcome, isCounted }] of Object.entries(FAILURE_ACTIONS)) {
      if (outcome === 'fail') expect(isCounted, kind).toBe(true);
      if (!isCounted) expect(['defer', 'retry', 'hold'], kind).toContain(outcome);
    }
  });
});

describe('waits', () => {
  const { retry } = workSettings({});

  test('are those of the schedule, the last again and again', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 50].map(
      (failures) => backOff(failures, retry, () => 0.5) / 60_000,
    );
    expect(minutes).toEqual([1, 5, 15, 30, 60, 120, 240, 240, 240]);
  });

  test('vary by a fifth', () => {
    expect(backOff(1, retry, () => 0)).toBe(48_000);
    expect(backOff(1, retry, () => 1)).toBe(72_000);
  });

  test('grow also for what is not counted, up to the longest of the schedule', () => {
    const seconds = [1, 2, 3, 4, 20].map(
      (streak) => uncountedBackOff(streak, retry, () => 0.5) / 1000,
    );
    expect(seconds).toEqual([5, 10, 20, 40, 14_400]);
  });
});

describe('a destination', () => {
  const settings = { concurrency: 20, circuit: { failures: 3, openMs: 1000 } };

  function passes(destination: Destination, count: number, now = 0): void {
    for (let i = 0; i < count; i += 1) {
      destination.begin();
      destination.end('up', now);
    }
  }

  test('begins with few, and takes one more after each round that went well', () => {
    const destination = new Destination(settings);
    expect(destination.concurrency).toBe(5);
    passes(destination, 4);
    expect(destination.concurrency).toBe(5);
    passes(destination, 1);
    expect(destination.concurrency).toBe(6);
    passes(destination, 1000);
    expect(destination.concurrency).toBe(20);
  });

  test('gets half as many after a 421', () => {
    const destination = new Destination(settings);
    destination.begin();
    destination.end('busy', 0);
    expect(destination.concurrency).toBe(2);
    destination.begin();
    expect(destination.room(0)).toBe(1);
  });

  test('is left alone after some failures in a row, and tried with one message, longer each time', () => {
    const destination = new Destination(settings);
    for (let i = 0; i < 3; i += 1) {
      expect(destination.room(0)).toBeGreaterThan(0);
      destination.begin();
      destination.end('down', 0);
    }
    expect(destination.circuit).toBe('open');
    expect([destination.room(999), destination.room(1000)]).toEqual([0, 1]);
    expect(destination.opensAt(400)).toBe(1000);
    destination.begin();
    expect([destination.circuit, destination.room(1000)]).toEqual(['probing', 0]);
    destination.end('down', 1000);
    expect([destination.room(2999), destination.room(3000)]).toEqual([0, 1]);
    destination.begin();
    destination.end('up', 3000);
    expect(destination.circuit).toBe('closed');
    expect(destination.room(3000)).toBe(2);
  });

  test('a failure between good ends opens nothing', () => {
    const destination = new Destination(settings);
    for (let i = 0; i < 10; i += 1) {
      destination.begin();
      destination.end('down', 0);
      passes(destination, 1);
    }
    expect(destination.circuit).toBe('closed');
  });

  test('rests when it asks to', () => {
    const destination = new Destination(settings);
    destination.rest(500, 0);
    expect([destination.room(499), destination.room(500)]).toEqual([0, 5]);
  });
});

test('a pause lets one message through after its time', () => {
  const pause = new Pause();
  const error = new PosthornError('AUTH_FAILED', 'no');
  expect(pause.room(0, 5, 2)).toBe(3);
  expect([pause.begin(error, 0, 100), pause.begin(error, 50, 100)]).toEqual([true, false]);
  expect([pause.room(99, 5, 0), pause.room(100, 5, 0), pause.room(100, 5, 1)]).toEqual([0, 1, 0]);
  expect([pause.wait(40), pause.reason]).toEqual([60, error]);
  expect([pause.passed(), pause.passed()]).toEqual([true, false]);
  pause.byRequest();
  expect([pause.room(0, 5, 0), pause.reason]).toEqual([0, 'by request']);
  expect([pause.end(), pause.end()]).toEqual([true, false]);
});

describe('judging', () => {
  const NOW = 1_800_000_000_000;
  const record: StoredRecord = {
    version: 1,
    messageId: '<m@example.com>',
    from: 'a@example.com',
    size: 1,
    crc: 1,
    enqueuedAt: NOW - 1000,
    recipients: ['one', 'two'].map((name) => ({
      address: `${name}@example.org`,
      state: 'queued',
      failures: 0,
    })),
    attempts: [],
  };
  const tried = (fields: Partial<Tried> & Pick<Tried, 'outcome'>): Tried => ({
    record,
    open: [0, 1],
    isPossibleDuplicate: false,
    startedAt: NOW,
    now: NOW,
    durationMs: 5,
    transport: 't',
    delivery: 'at-least-once',
    ...fields,
  });
  const settings = workSettings({ retry: { jitter: 0 } });

  test('recipients who are put off together come back together', () => {
    const outcome = new RecipientsError('Nobody', [
      { address: 'one@example.org', reply: reply(450, '4.2.1', 'later') },
      { address: 'two@example.org', reply: reply(451, undefined, 'later') },
    ]);
    const { fates, attempt, lessons } = judge(tried({ outcome }), settings, Math.random);
    expect(fates).toMatchObject([
      { recipient: 0, state: 'deferred', retryAt: NOW + 60_000, isCounted: true },
      { recipient: 1, state: 'deferred', retryAt: NOW + 60_000, isCounted: true },
    ]);
    expect(attempt).toMatchObject({ class: 'deferred', delivered: 'no' });
    expect(lessons).toEqual({ destination: 'up', pause: undefined, retryAfterMs: undefined });
  });

  test('who throws when asked what a failure means is not asked', () => {
    const asked = workSettings({
      retry: { jitter: 0 },
      classify: () => {
        throw new Error('oops');
      },
    });
    const outcome = said(451, undefined, 'mail');
    expect(judge(tried({ outcome }), asked, Math.random).attempt.class).toBe('deferred');
  });

  test('a connection that is lost is replaced at once, and once', () => {
    const outcome = new ConnectionError('CONNECTION_CLOSED', 'gone', { stage: 'rcpt' });
    const first = judge(tried({ outcome }), settings, Math.random);
    expect(first.fates[0]).toMatchObject({ state: 'deferred', retryAt: NOW });
    const again = { ...record, attempts: [first.attempt] };
    const second = judge(tried({ outcome, record: again }), settings, Math.random);
    expect(second.fates[0]).toMatchObject({ state: 'deferred', retryAt: NOW + 60_000 });
  });

  test('age ends it, and not with the first attempt', () => {
    const outcome = said(451, undefined, 'mail');
    const old = { ...record, enqueuedAt: NOW - 6 * 86_400_000 };
    const first = judge(tried({ outcome, record: old }), settings, Math.random);
    expect(first.fates[0]).toMatchObject({ state: 'deferred', retryAt: NOW + 60_000 });
    const later = { ...old, attempts: [first.attempt] };
    expect(judge(tried({ outcome, record: later }), settings, Math.random).fates[0]).toMatchObject({
      state: 'expired',
      outcome: { code: 'REPLY_NEGATIVE', reply: { code: 451 } },
    });
  });

  test('who may have it at the end is unknown, not expired', () => {
    const outcome = new ConnectionError('CONNECTION_CLOSED', 'gone', { delivered: 'unknown' });
    const late = { ...record, expiresAt: NOW };
    expect(judge(tried({ outcome, record: late }), settings, Math.random).fates[0]).toMatchObject({
      state: 'unknown',
    });
  });

  test('what is asked for is waited, within bounds', () => {
    const outcome = Object.assign(said(451, undefined, 'mail'), { retryAfterMs: 86_400_000 });
    const { fates, lessons } = judge(tried({ outcome }), settings, Math.random);
    expect(fates[0]).toMatchObject({ retryAt: NOW + 3_600_000 });
    expect(lessons.retryAfterMs).toBe(3_600_000);
  });

  test('of a message that went in part, each gets what is its own', () => {
    const error = new ConnectionError('CONNECTION_CLOSED', 'gone', { delivered: 'unknown' });
    const { fates, attempt } = judge(
      tried({
        delivery: 'at-most-once',
        outcome: {
          messageId: '<m@example.com>',
          envelope: { from: 'a@example.com', to: ['one@example.org', 'two@example.org'] },
          accepted: ['one@example.org'],
          rejected: [],
          unsettled: [{ address: 'two@example.org', error }],
          reply: reply(250, '2.0.0', 'ok'),
          size: 1,
          startedAt: new Date(),
          durationMs: 1,
          server: { host: 'mx', port: 25, security: 'none' },
        },
      }),
      settings,
      Math.random,
    );
    expect(fates.map(({ recipient, state }) => [recipient, state])).toEqual([
      [0, 'sent'],
      [1, 'unknown'],
    ]);
    expect(attempt).toMatchObject({ delivered: 'unknown', host: 'mx' });
  });
});

test('options of a worker that can not be', () => {
  const wrong: [unknown, string][] = [
    [{ concurrency: 0 }, "Option 'concurrency' must be a whole number from 1"],
    [{ retry: { schedule: [] } }, "Option 'retry.schedule' must be a list of milliseconds"],
    [{ retry: { jitter: 2 } }, "Option 'retry.jitter' must be a number from 0 to 1"],
    [{ retry: { maxAge: 5 } }, "'maxAge' is not an option of retry; write maxAgeMs"],
    [{ leaseMs: 5 }, "Option 'leaseMs' must be a whole number from 100"],
    [{ classify: true }, "Option 'classify' must be a function"],
    [{ delivery: 'at-most-once' }, 'give it to Outbox.open or to enqueue'],
  ];
  for (const [options, message] of wrong) {
    let error: { code?: ErrorCode; message?: string } = {};
    try {
      workSettings(options as object);
    } catch (thrown) {
      error = thrown as PosthornError;
    }
    expect(error).toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(message),
    });
  }
});
