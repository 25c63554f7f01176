import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PosthornError, TimeoutError } from '../../src/base/index.ts';
import { Deadline } from '../../src/net/internal.ts';

const never = new Promise<never>(() => undefined);
const peer = { host: 'mail.example', port: 25 } as const;

async function thrown(work: Promise<unknown>): Promise<PosthornError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PosthornError) return error;
  throw new Error('It was expected to fail');
}

describe('a deadline', () => {
  it('lets through what comes in time, and what fails in time', async () => {
    const deadline = new Deadline().within(1000, 'timeoutsMs.command');
    expect(await deadline.wait('mail', Promise.resolve(5))).toBe(5);
    await expect(deadline.wait('mail', Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('names stage, peer, bound and option', async () => {
    const deadline = new Deadline().within(20, 'timeoutsMs.command');
    const error = await thrown(deadline.wait('mail', never, () => peer));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      stage: 'mail',
      retryable: true,
      delivered: 'no',
      ...peer,
    });
    expect(error.message).toBe(
      "Stage 'mail' with mail.example:25 took longer than 20 ms: the server did not answer in time; or raise timeoutsMs.command",
    );
  });

  it.each([
    ['dns', 'check that a name server can be reached'],
    ['connect', 'a firewall may drop packets to this port'],
    ['greeting', "write security: 'implicit'"],
    ['tls', "write security: 'starttls'"],
    ['final-reply', 'it may have been delivered'],
  ] as const)('tells the cure for %s', async (stage, cure) => {
    const error = await thrown(new Deadline().within(1, 'x').wait(stage, never));
    expect(error.message).toContain(cure);
  });

  it('does not say retryable when the message may have been delivered', async () => {
    const deadline = new Deadline().within(1, 'timeoutsMs.finalReply');
    const error = await thrown(
      deadline.wait('final-reply', never, () => ({ delivered: 'unknown' })),
    );
    expect(error).toMatchObject({ delivered: 'unknown', retryable: false });
  });

  it('is a point in time: waits one after the other share it', async () => {
    const deadline = new Deadline().within(60, 'timeoutsMs.auth');
    const startedAt = performance.now();
    const step = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 25));
    const error = await thrown(
      (async () => {
        for (;;) await deadline.wait('auth', step());
      })(),
    );
    expect(error.code).toBe('TIMEOUT');
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(deadline.remainingMs).toBe(0);
  });

  it('can only be narrowed', () => {
    const outer = new Deadline().within(1000, 'outer');
    expect(outer.within(5000, 'inner')).toBe(outer);
    expect(outer.within(10, 'inner').remainingMs).toBeLessThanOrEqual(10);
    expect(new Deadline().remainingMs).toBe(Infinity);
    expect(new Deadline().within(Infinity, 'x').remainingMs).toBe(Infinity);
  });

  it('may be longer than timers can count', async () => {
    const deadline = new Deadline().within(2 ** 40, 'timeoutsMs.data');
    const soon = new Promise((resolve) => setTimeout(resolve, 10, 'in time'));
    expect(await deadline.wait('content', soon)).toBe('in time');
  });

  it('counts what arrived while the program was busy', async () => {
    const deadline = new Deadline().within(20, 'timeoutsMs.command');
    let arrive: (value: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const waiting = deadline.wait('mail', work);
    setImmediate(() => {
      const until = performance.now() + 60;
      while (performance.now() < until);
      setImmediate(() => arrive('late, but there'));
    });
    expect(await waiting).toBe('late, but there');
  });

  it('ends with the signal, also when that was aborted before', async () => {
    const controller = new AbortController();
    const reason = new Error('no more');
    const deadline = new Deadline(controller.signal).within(5000, 'x');
    setTimeout(() => controller.abort(reason), 5);
    const error = await thrown(deadline.wait('rcpt', never, () => peer));
    expect(error).toMatchObject({
      name: 'PosthornError',
      code: 'ABORTED',
      stage: 'rcpt',
      cause: reason,
      retryable: false,
    });
    expect(error.message).toBe(
      "The caller's signal ended the call (stage 'rcpt'); nothing was delivered",
    );
    expect((await thrown(deadline.wait('rcpt', never))).code).toBe('ABORTED');
    expect(() => deadline.check('data')).toThrow("(stage 'data')");
    const unknown = thrown(deadline.wait('final-reply', never, () => ({ delivered: 'unknown' })));
    expect((await unknown).message).toContain('the message may have been delivered');
  });
});

describe('a deadline that another signal may end too', () => {
  it('keeps its bound and its words', async () => {
    const whole = new Deadline().within(40, 'timeoutsMs.discovery');
    await sleep(10);
    const either = whole.or(new AbortController().signal);
    const late = either.wait('connect', never);
    await expect(late).rejects.toThrow(
      "took longer than 40 ms: a firewall may drop packets to this port; check 'host' and 'port'; or raise timeoutsMs.discovery",
    );
  });

  it('ends by either', async () => {
    const first = new AbortController();
    const second = new AbortController();
    const waits = [1, 2].map(() =>
      new Deadline(first.signal)
        .or(second.signal)
        .wait('connect', never)
        .catch(({ code }: { code: string }) => code),
    );
    second.abort();
    first.abort();
    expect(await Promise.all(waits)).toEqual(['ABORTED', 'ABORTED']);
    expect(new Deadline().or(second.signal).signal).toBe(second.signal);
  });
});
