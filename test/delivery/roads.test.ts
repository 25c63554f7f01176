import { Readable } from 'node:stream';
import {
  AuthenticationError,
  ConnectionError,
  InvalidMessageError,
  MemoryTransport,
  type PosthornError,
  RecipientsError,
  SmtpReplyError,
  type Transport,
} from 'posthorn';
import { FailoverTransport, RoundRobinTransport } from 'posthorn/delivery';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorOf, letter } from '../client/kit.ts';

afterEach(() => vi.useRealTimers());

/** A road that fails with what `error` gives, and counts its calls. */
class Failing implements Transport {
  readonly name = 'failing';
  calls = 0;
  isClosed = false;
  error: PosthornError | undefined;
  readonly #memory = new MemoryTransport();

  constructor(error?: PosthornError) {
    this.error = error;
  }

  async send(...call: Parameters<Transport['send']>): ReturnType<Transport['send']> {
    this.calls += 1;
    if (this.error) throw this.error;
    return await this.#memory.send(...call);
  }

  async verify(): Promise<void> {
    if (this.error) throw this.error;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const refused = new ConnectionError('CONNECTION_REFUSED', 'nobody there', {
  stage: 'connect',
  retryable: true,
});
const reply = (code: number) => ({ code, enhanced: undefined, lines: ['no'] });

describe('FailoverTransport', () => {
  it('takes the next road, and tells which', async () => {
    const dead = new Failing(refused);
    const memory = new MemoryTransport();
    await using transport = new FailoverTransport([dead, memory]);
    const receipt = await transport.send(letter);
    expect(receipt).toMatchObject({
      accepted: ['bob@example.org'],
      road: { index: 1, name: 'memory' },
      tried: [{ index: 0, name: 'failing', error: refused }],
    });
    const { messageId } = await transport.send('a@b.example', 'c@d.example', 'Hi', 'text');
    expect(memory.messages[1]!.receipt.messageId).toBe(messageId);
    await transport.verify();
    await transport.close();
    expect(dead.isClosed).toBe(true);
    expect(await errorOf(() => transport.send(letter))).toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('never goes on when the message may be delivered', async () => {
    const unknown = new ConnectionError('CONNECTION_CLOSED', 'lost after the dot', {
      delivered: 'unknown',
    });
    const memory = new MemoryTransport();
    const goesOn = vi.fn(() => true);
    const transport = new FailoverTransport([new Failing(unknown), memory], { goesOn });
    expect(await errorOf(() => transport.send(letter))).toMatchObject({
      code: 'CONNECTION_CLOSED',
      delivered: 'unknown',
    });
    expect(goesOn).not.toHaveBeenCalled();
    expect(memory.messages).toEqual([]);
  });

  it.each<[string, PosthornError, boolean]>([
    ['login refused', new AuthenticationError('AUTH_FAILED', 'no', { stage: 'auth' }), true],
    [
      'greylisted',
      new SmtpReplyError('REPLY_NEGATIVE', 'later', {
        reply: reply(451),
        retryable: true,
        stage: 'rcpt',
      }),
      true,
    ],
    [
      'sent away at the greeting',
      new SmtpReplyError('REPLY_NEGATIVE', 'no', { reply: reply(554), stage: 'greeting' }),
      true,
    ],
    ['too large here', new InvalidMessageError('MESSAGE_TOO_LARGE', 'big'), true],
    [
      'nobody of that name',
      new RecipientsError('no', [], { reply: reply(550), stage: 'rcpt' }),
      false,
    ],
    [
      'refused as spam',
      new SmtpReplyError('REPLY_NEGATIVE', 'no', { reply: reply(554), stage: 'final-reply' }),
      false,
    ],
  ])('goes on as the failure says: %s', async (_name, error, goes) => {
    const memory = new MemoryTransport();
    const transport = new FailoverTransport([new Failing(error), memory]);
    if (goes) expect((await transport.send(letter)).road.index).toBe(1);
    else await expect(transport.send(letter)).rejects.toBe(error);
    expect(memory.messages.length).toBe(goes ? 1 : 0);
    const asked = new FailoverTransport([new Failing(error), memory], { goesOn: () => !goes });
    if (goes) await expect(asked.send(letter)).rejects.toBe(error);
    else expect((await asked.send(letter)).road.index).toBe(1);
  });

  it('does not send half a stream', async () => {
    const midway = new ConnectionError('CONNECTION_CLOSED', 'lost', {
      stage: 'content',
      retryable: true,
    });
    const memory = new MemoryTransport();
    const roads = new FailoverTransport([new Failing(midway), memory]);
    const withStream = () => ({
      ...letter,
      attachments: [{ filename: 'a', content: Readable.from(['x']) }],
    });
    await expect(roads.send(withStream())).rejects.toBe(midway);
    expect((await roads.send(letter)).road.index).toBe(1);
    const before = new FailoverTransport([new Failing(refused), memory]);
    expect((await before.send(withStream())).road.index).toBe(1);
    expect(
      await errorOf(() => roads.sendRaw('A: b\n\nc', { from: 'a@b.example', to: 'c@d.example' })),
    ).toMatchObject({
      code: 'OPTION_INVALID',
      message: "The transport 'failing' takes no raw messages; use send with MailMessage.parse",
    });
    const raw = new FailoverTransport([memory]);
    const { road } = await raw.sendRaw('A: b\n\nc', { from: 'a@b.example', to: 'c@d.example' });
    expect(road).toEqual({ index: 0, name: 'memory' });
  });

  it('leaves a dead road alone, then probes it', async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
    const dead = new Failing(refused);
    const transport = new FailoverTransport([dead, new MemoryTransport()], {
      breaker: { failures: 2, pauseMs: 1000, maxPauseMs: 1500 },
    });
    for (let n = 0; n < 5; n += 1) await transport.send(letter);
    expect(dead.calls).toBe(2);
    vi.setSystemTime(1_001_001);
    await transport.send(letter);
    await transport.send(letter);
    expect(dead.calls).toBe(3);
    vi.setSystemTime(1_002_400);
    await transport.send(letter);
    expect(dead.calls).toBe(3);
    vi.setSystemTime(1_002_600);
    dead.error = undefined;
    expect((await transport.send(letter)).road.index).toBe(0);
    expect((await transport.send(letter)).road.index).toBe(0);
    // All of them dead: one is tried all the same.
    const alone = new Failing(refused);
    const lonely = new FailoverTransport([alone], { breaker: { failures: 1 } });
    for (let n = 0; n < 3; n += 1) await expect(lonely.send(letter)).rejects.toBe(refused);
    expect(alone.calls).toBe(3);
  });

  it('stops when the caller says so', async () => {
    const end = new AbortController();
    const dead = new Failing(refused);
    const memory = new MemoryTransport();
    const transport = new FailoverTransport([dead, memory], {
      goesOn: () => {
        end.abort();
        return true;
      },
    });
    await expect(transport.send(letter, { signal: end.signal })).rejects.toBe(refused);
    expect(memory.messages).toEqual([]);
  });

  it('says what it needs', () => {
    expect(() => new FailoverTransport([])).toThrow('Give the transports in an array');
    const wrong = { breaker: { failures: 0 } };
    expect(() => new FailoverTransport([new MemoryTransport()], wrong)).toThrow(
      "Option 'breaker.failures' must be a number above 0",
    );
  });
});

describe('RoundRobinTransport', () => {
  it('takes the roads in turn, and passes over one that is out of order', async () => {
    const [one, two, three] = [new MemoryTransport(), new Failing(), new MemoryTransport()];
    await using transport = new RoundRobinTransport([one, two, three]);
    const taken: number[] = [];
    for (let n = 0; n < 6; n += 1) taken.push((await transport.send(letter)).road.index);
    expect(taken).toEqual([0, 1, 2, 0, 1, 2]);
    two.error = refused;
    for (let n = 0; n < 12; n += 1) taken.push((await transport.send(letter)).road.index);
    expect(taken.slice(6)).toEqual([0, 2, 2, 0, 2, 2, 0, 2, 2, 0, 2, 2]);
    expect(two.calls).toBe(5);
  });
});
