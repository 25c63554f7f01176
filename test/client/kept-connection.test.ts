import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpClient } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { type Script, scriptedServer } from '../support/scripted-server.ts';
import { clear, clientOf, errorOf, letter } from './kit.ts';

describe('one connection is kept', () => {
  it('and used by one message at a time', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const subjects = Array.from({ length: 20 }, (_, n) => `Message ${n}`);
    const receipts = await Promise.all(
      subjects.map((subject) => client.send({ ...letter, subject })),
    );
    expect(receipts).toHaveLength(20);
    expect(server.connections()).toBe(1);
    const sent = server.messages.map(({ content }) => /^Subject: (.*)\r$/m.exec(content)?.[1]);
    expect(sent).toEqual(subjects);
    await client.close();
  });

  it('also after a message that failed', async () => {
    await using server = await scriptedServer({ MAIL: ['250 Ok', '550 5.7.1 No', '250 Ok'] });
    const { client } = clientOf(server);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => client.send(letter)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(server.connections()).toBe(1);
    await client.close();
  });

  it('and closed after the idle time', async () => {
    await using server = await scriptedServer();
    const { client, events } = clientOf(server, { timeoutsMs: { idle: 30 } });
    await client.send(letter);
    await expect.poll(() => server.lines.at(-1)).toBe('QUIT');
    await client.send(letter);
    expect(server.connections()).toBe(2);
    expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
    await client.close();
  });

  it('but never under a message, whatever failed before it', async () => {
    await using server = await scriptedServer({
      content: [
        '250 Ok',
        async (link) => {
          await sleep(150);
          await link.say('250 Ok');
        },
      ],
    });
    const { client } = clientOf(server, { timeoutsMs: { idle: 100 } });
    await client.send(letter);
    await sleep(30);
    // It fails before its turn, and must not leave the timer of the message before it running.
    const attachments = [{ path: '/no/such/file' }];
    expect(await errorOf(() => client.send({ ...letter, attachments }))).toMatchObject({
      code: 'MESSAGE_ATTACHMENT_UNREADABLE',
    });
    await client.send(letter);
    expect(server.messages).toHaveLength(2);
    await client.close();
  });

  it('not while messages come', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server, { timeoutsMs: { idle: 60 } });
    for (let n = 0; n < 6; n += 1) {
      await client.send(letter);
      await sleep(20);
    }
    expect(server.connections()).toBe(1);
    await client.close();
  });
});

describe('a connection that has gone', () => {
  const bye: Script['MAIL'] = [
    '250 Ok',
    async (link) => {
      await link.say('421 4.4.2 Timed out');
      link.socket.end();
    },
  ];

  it.each<[string, Script, number]>([
    ['with 421 to the next MAIL', { MAIL: bye }, 1],
    ['without a word', { MAIL: ['250 Ok', (link) => link.reset()] }, 1],
    ['by end at the next MAIL', { MAIL: ['250 Ok', (link) => void link.socket.end()] }, 1],
  ])('%s is made anew, once', async (_, script, retries) => {
    await using server = await scriptedServer(script);
    const { client, events } = clientOf(server);
    await client.send(letter);
    await client.send({ ...letter, subject: 'second' });
    expect(server.connections()).toBe(2);
    expect(server.messages).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(retries);
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
    await client.close();
  });

  it('in the middle of a word is not used again', async () => {
    await using server = await scriptedServer({
      content: async (link) => {
        await link.say('250 Ok');
        await link.write('42');
      },
    });
    const { client, events } = clientOf(server);
    for (let n = 0; n < 2; n += 1) {
      await client.send(letter);
      await sleep(30);
    }
    expect(server.connections()).toBe(2);
    expect(server.messages).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
    await client.close();
  });

  it('while nobody used it is noticed before use', async () => {
    await using server = await scriptedServer({
      content: async (link) => {
        await link.say('250 Ok');
        await link.say('421 4.4.2 Idle too long');
        link.socket.end();
      },
    });
    const { client, events } = clientOf(server);
    for (let n = 0; n < 3; n += 1) {
      await client.send(letter);
      await sleep(20);
    }
    expect(server.connections()).toBe(3);
    expect(server.messages).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
    await client.close();
  });

  it.each<[string, Script, string]>([
    ['at its first message', { MAIL: '421 4.3.2 Busy' }, 'mail'],
    ['after MAIL', { RCPT: ['250 Ok', '421 4.3.2 Busy'] }, 'rcpt'],
  ])('%s is an error, not sent again by itself', async (_, script, stage) => {
    await using server = await scriptedServer(script);
    const { client, events } = clientOf(server);
    if (stage === 'rcpt') await client.send(letter);
    expect(await errorOf(() => client.send(letter))).toMatchObject({
      stage,
      retryable: true,
      delivered: 'no',
    });
    expect(server.connections()).toBe(1);
    expect(events.filter(({ type }) => type === 'retry')).toEqual([]);
    await client.close();
  });

  it('after the final dot is never tried again', async () => {
    await using server = await scriptedServer({ content: ['250 Ok', (link) => link.reset()] });
    const { client } = clientOf(server);
    await client.send(letter);
    expect(await errorOf(() => client.send(letter))).toMatchObject({
      name: 'ConnectionError',
      delivered: 'unknown',
      retryable: false,
    });
    expect(server.connections()).toBe(1);
    expect(server.messages).toHaveLength(2);
    await client.send(letter);
    expect(server.connections()).toBe(2);
    await client.close();
  });
});

describe('closing', () => {
  it('waits for what is under way, and refuses what comes later', async () => {
    await using server = await scriptedServer();
    const client = new SmtpClient(clear(server));
    const sent = Promise.all([client.send(letter), client.send(letter)]);
    const closed = client.close();
    expect(await errorOf(() => client.send(letter))).toMatchObject({
      name: 'ConnectionError',
      code: 'CLIENT_CLOSED',
      message:
        'The client has been closed by this program; make a new one, or close it after the last message',
      delivered: 'no',
    });
    await Promise.all([sent, closed]);
    expect(server.messages).toHaveLength(2);
    expect(server.lines.at(-1)).toBe('QUIT');
    await client.close();
  });

  it('twice at once says one goodbye', async () => {
    await using server = await scriptedServer();
    const client = new SmtpClient(clear(server));
    await client.send(letter);
    await Promise.all([client.close(), client.close()]);
    expect(server.lines.at(-1)).toBe('QUIT');
  });

  it('comes at the end of the block', async () => {
    await using server = await scriptedServer();
    {
      await using client = new SmtpClient(clear(server));
      await client.send(letter);
    }
    expect(server.lines.at(-1)).toBe('QUIT');
  });
});

describe('the caller’s signal', () => {
  it('ends a call before it begins', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await errorOf(() => client.send(letter, { signal }))).toMatchObject({
      code: 'ABORTED',
      message: "The caller's signal ended the call before a connection was ready; nothing was sent",
      delivered: 'no',
      cause: { message: 'enough' },
    });
    await client.close();
    expect(server.connections()).toBe(0);
  });

  it('that was aborted before ends a call that would have to wait, at once', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await using server = await scriptedServer({
      content: async (link) => {
        await held;
        await link.say('250 Ok');
      },
    });
    const { client } = clientOf(server);
    const first = client.send(letter);
    const second = errorOf(() => client.send(letter, { signal: AbortSignal.abort() }));
    const outcome = await Promise.race([second, sleep(2000, 'still waiting')]);
    expect(outcome).toMatchObject({ code: 'ABORTED', delivered: 'no' });
    finish();
    await first;
    await client.close();
  });

  it('ends a call that waits its turn, at once, and no other', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await using server = await scriptedServer({
      content: async (link) => {
        await held;
        await link.say('250 Ok');
      },
    });
    const { client } = clientOf(server);
    const first = client.send(letter);
    const controller = new AbortController();
    const second = errorOf(() => client.send(letter, { signal: controller.signal }));
    const third = client.send(letter);
    await expect.poll(() => server.messages.length).toBe(1);
    controller.abort();
    expect(await second).toMatchObject({ code: 'ABORTED', delivered: 'no' });
    expect(server.messages).toHaveLength(1);
    finish();
    await Promise.all([first, third]);
    expect(server.messages).toHaveLength(2);
    await client.close();
  });

  it('ends a call under way, and the next message gets a new connection', async () => {
    await using server = await scriptedServer({
      RCPT: [() => sleep(60_000, undefined, { ref: false })],
    });
    const { client } = clientOf(server);
    const signal = AbortSignal.timeout(50);
    expect(await errorOf(() => client.send(letter, { signal }))).toMatchObject({
      code: 'ABORTED',
      stage: 'rcpt',
      delivered: 'no',
    });
    const later = errorOf(() => client.send(letter, { signal: AbortSignal.timeout(50) }));
    expect(await later).toMatchObject({ code: 'ABORTED' });
    expect(server.connections()).toBe(2);
    await client.close();
  });
});
