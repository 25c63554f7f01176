import { createServer } from 'node:net';
import { send } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { runCommand } from './fake-io.ts';

const anyPort = ['--smtp-port', '0', '--http-port', '0'];
const message = {
  from: 'ann@example.com',
  to: 'bob@example.com',
  subject: 'Hi \u001b[2J',
  text: '',
};

describe('posthorn inbox', () => {
  it('says where it is, tells what arrives, and ends with Ctrl-C', async () => {
    let isSent = false;
    const { code, stdout, stderr } = await runCommand(['inbox', ...anyPort], {
      onWrite: (soFar, interrupt) => {
        const server = /smtp:\/\/127\.0\.0\.1:\d+/.exec(soFar)?.[0];
        if (server && !isSent) {
          isSent = true;
          void send(
            { ...message, cc: ['x@example.com', 'y@example.com'] },
            `${server}?security=none`,
          );
        }
        if (soFar.includes('ann@example.com')) interrupt();
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Look at {3}http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toMatch(
      /\n\d\d:\d\d:\d\d {2}ann@example\.com → bob@example\.com \+2 {2}Hi \\u\{1b\}\[2J {2}\d+ B\n/,
    );
    expect(stdout).toMatch(/\nClosed: 1 message arrived, \d+ B\.\n$/);
  });

  it('tells the same as JSON, a line for each event', async () => {
    let isSent = false;
    const { code, stdout } = await runCommand(['inbox', ...anyPort, '--json'], {
      onWrite: (soFar, interrupt) => {
        const port = /"smtpPort":(\d+)/.exec(soFar)?.[1];
        if (port && !isSent) {
          isSent = true;
          void send(message, `smtp://127.0.0.1:${port}?security=none`);
        }
        if (soFar.includes('"message"')) interrupt();
      },
    });
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      { event: 'listening', url: expect.stringMatching(/^http:/) },
      { event: 'message', envelope: { from: 'ann@example.com', to: ['bob@example.com'] } },
      { event: 'closed', messages: 1 },
    ]);
  });

  it('takes the next port when one is taken, and says so', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const argv = ['inbox', '--smtp-port', String(port), '--http-port', '0'];
    const { code, stdout } = await runCommand(argv, { onWrite: (_, interrupt) => interrupt() });
    blocker.close();
    expect(code).toBe(0);
    expect(stdout).toContain(`(port ${port} was taken)`);
    expect(stdout).toContain('Closed: no message arrived.');
  });

  it.each([
    [['--smtp-port', '70000'], /whole number from 0 to 65535/],
    [['--smtp-port', '25x'], /whole number from 0 to 65535/],
    [['--host', '192.0.2.1'], /192\.0\.2\.1/],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await runCommand(['inbox', ...anyPort, ...argv]);
    expect(code).toBe(64);
    expect(stderr).toMatch(message);
  });
});
