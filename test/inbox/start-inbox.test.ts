import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Inbox, startInbox } from '../../src/inbox/index.ts';
import { sendRaw } from '../support/raw-smtp.ts';
import { deliver, testInbox } from './support.ts';

const taken: Server[] = [];
afterEach(async () => {
  for (const server of taken.splice(0)) await new Promise((done) => server.close(done));
});

/** Listens on the given port, or on a free one whose two followers are free as well. */
async function occupy(port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  taken.push(server);
  return (server.address() as { port: number }).port;
}

describe('ports', () => {
  test('a taken port leads to one of those after it', async () => {
    const first = await occupy();
    const inbox = await testInbox({ smtpPort: first, httpPort: first });
    expect(inbox.smtpPort).toBeGreaterThan(first);
    expect(inbox.smtpPort).toBeLessThanOrEqual(first + 20);
    expect(inbox.httpPort).toBeGreaterThan(inbox.smtpPort);
    expect(inbox.url).toBe(`http://127.0.0.1:${inbox.httpPort}`);
    expect(await deliver(inbox, 'here')).toMatch(/^250 /);
  });

  test('an address that is not of this machine is refused by name', async () => {
    await expect(testInbox({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      option: 'smtpPort',
      message:
        "Can't listen on 192.0.2.1 port 0: this machine has no such address; set 'host' to one of its own, such as 127.0.0.1",
    });
  });

  test.each([
    [{ smtpPort: 70_000 }, "Option 'smtpPort' must be a whole number from 0 to 65535, got 70000"],
    [{ httpPort: -1 }, "Option 'httpPort' must be a whole number from 0 to 65535, got -1"],
    [{ maxMessages: 0 }, "Option 'maxMessages' must be a whole number of 1 or more, got 0"],
    [{ maxTotalBytes: 1.5 }, "Option 'maxTotalBytes' must be a whole number of 1 or more, got 1.5"],
    [{ host: '' }, "Option 'host' must be an address to listen on, got ''"],
  ])('%j is refused', async (options, message) => {
    await expect(startInbox(options)).rejects.toMatchObject({ code: 'OPTION_INVALID', message });
  });
});

describe('what is kept', () => {
  test('the newest messages, in the order they came', async () => {
    const inbox = await testInbox({ maxMessages: 2 });
    for (const subject of ['one', 'two', 'three']) await deliver(inbox, subject);
    expect(inbox.messages.map(({ subject }) => subject)).toEqual(['two', 'three']);
  });

  test('no more octets than allowed', async () => {
    const inbox = await testInbox({ maxTotalBytes: 3000 });
    const content = (subject: string) => `Subject: ${subject}\r\n\r\n${'x'.repeat(1400)}\r\n`;
    for (const subject of ['one', 'two', 'three']) {
      await sendRaw({ port: inbox.smtpPort, content: content(subject) });
    }
    expect(inbox.messages.map(({ subject }) => subject)).toEqual(['two', 'three']);
  });

  test('nothing after clear()', async () => {
    const inbox = await testInbox();
    await deliver(inbox, 'one');
    inbox.clear();
    expect(inbox.messages).toEqual([]);
  });
});

describe('close', () => {
  test('ends both servers and idle connections, and may be called twice', async () => {
    const inbox = await testInbox();
    const idle = await import('../support/raw-smtp.ts').then(({ RawSmtp }) =>
      RawSmtp.open(inbox.smtpPort),
    );
    const bye = idle.reply();
    await Promise.all([inbox.close(), inbox.close()]);
    expect(await bye).toMatch(/^421 /);
    await expect(fetch(inbox.url)).rejects.toThrow();
    await expect(deliver(inbox, 'late')).resolves.toMatch(/^000 closed/);
  });

  test('comes with the block', async () => {
    let kept: Inbox | undefined;
    {
      await using inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
      kept = inbox;
    }
    await expect(fetch(kept.url)).rejects.toThrow();
  });
});

test('an option that is not known is named, with the one that was meant', async () => {
  await expect(startInbox({ smtpport: 0 } as never)).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    option: 'smtpport',
    message: "'smtpport' is not among the options of startInbox; write 'smtpPort'",
  });
});
