import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reportOn } from '../../src/cli/check/report.ts';
import { plainPaint } from '../../src/cli/paint.ts';
import type { ServerInspection } from '../../src/smtp/index.ts';
import { silence } from '../support/faults.ts';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { runCommand } from './fake-io.ts';

const ca = fileURLToPath(new URL('../fixtures/tls/ca.pem', import.meta.url));
const ESCAPE = '\u001b';

describe('posthorn check', () => {
  it('shows a server as a table, with the settings that a send would use', async () => {
    const EHLO = [ehlo('STARTTLS', 'PIPELINING'), ehlo('SIZE 10485760', 'AUTH PLAIN LOGIN', 'DSN')];
    await using server = await scriptedServer({ EHLO }, { tls: 'starttls' });
    const argv = ['check', 'localhost', '--port', String(server.port), '--ca', ca];
    const { code, stdout, stderr } = await runCommand(argv);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^localhost {2}127\.0\.0\.1/);
    expect(stdout).toMatch(
      new RegExp(
        ` {2}port +encryption +time +result\\n {2}${server.port} +STARTTLS +\\d+ ms +works: TLSv1\\.3, TLS_\\w+, used\\n`,
      ),
    );
    expect(stdout).toContain(`
Certificate of port ${server.port}
  for         localhost, 127.0.0.1, 0:0:0:0:0:0:0:1
  issued by   Posthorn test authority
  valid       until 2055-12-31, `);
    expect(stdout).toContain(`
What it offers on port ${server.port}
  greeting    test.example.com ESMTP
  logins      PLAIN, LOGIN
  messages    up to 10 MB
  extensions  DSN

A send would use
  url         smtp://localhost:${server.port}?security=starttls
  options     { host: 'localhost', port: ${server.port}, security: 'starttls' }
`);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('has colours and progress for a terminal only', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const argv = ['check', `localhost:${server.port}`, '--ca', ca, '--security', 'implicit'];
    const { stdout, stderr, code } = await runCommand(argv, { terminal: true });
    expect(code).toBe(0);
    expect(stdout).toContain(`${ESCAPE}[32mworks: TLSv1.3`);
    expect(stderr).toContain('Looking at');
    expect(stderr.endsWith(`\r${ESCAPE}[K`)).toBe(true);
  });

  it('says so when the port works in another mode than the one asked for', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const argv = ['check', `localhost:${server.port}`, '--ca', ca, '--security', 'starttls'];
    const { code, stdout } = await runCommand(argv);
    expect(code).toBe(69);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `Port ${server.port} works, but not with security: 'starttls'; write security: 'implicit', or leave it out A send would fail: no port works in the mode asked for.`,
    );
  });

  it('logs in, and says what came of it', async () => {
    await using server = await scriptedServer({ AUTH: ['235 2.7.0 Welcome'] }, { tls: 'implicit' });
    const argv = ['check', `smtps://ann@localhost:${server.port}`, '--ca', ca];
    const env = { POSTHORN_PASSWORD: 'sesame' };
    const good = await runCommand(argv, { env });
    expect(good.stdout).toContain('\nLogin\n  accepted by AUTH PLAIN\n');
    expect(good.code).toBe(0);
    const asked = await runCommand(argv, { terminal: true, secret: 'sesame' });
    expect(asked.questions).toEqual(['Password for ann at localhost: ']);
    await using refusing = await scriptedServer({ AUTH: '535 5.7.8 no' }, { tls: 'implicit' });
    const bad = await runCommand(
      ['check', `smtps://localhost:${refusing.port}`, '--username', 'ann', '--ca', ca],
      { env },
    );
    expect(bad.code).toBe(77);
    expect(bad.stdout).toContain('\nLogin\n  refused\n');
    expect(bad.stdout).toContain('A send would fail: the login does not work.');
    expect(bad.stdout + good.stdout).not.toContain('sesame');
  });

  it('gives everything as one JSON object', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const argv = ['check', `smtps://localhost:${server.port}`, '--ca', ca, '--json'];
    const { stdout, code } = await runCommand(argv);
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      host: 'localhost',
      ports: [
        {
          port: server.port,
          security: 'implicit',
          certificate: { issuer: 'Posthorn test authority', validTo: '2055-12-31T00:00:00.000Z' },
          capabilities: { size: 10485760, auth: ['PLAIN', 'LOGIN'] },
        },
      ],
      use: { host: 'localhost', port: server.port, security: 'implicit' },
      warnings: [],
    });
  });

  it('tells what goes wrong, and exits as a script expects', async () => {
    await using expired = await scriptedServer({}, { tls: 'implicit', certificate: 'expired' });
    const bad = await runCommand(['check', `localhost:${expired.port}`, '--ca', ca]);
    expect(bad.code).toBe(69);
    expect(bad.stdout).toContain('certificate not good');
    expect(bad.stdout).toMatch(/ {2}valid {7}until 2021-01-01, expired \d+ days ago\n/);
    expect(bad.stdout).toMatch(/What goes wrong\n {2}\d+ {2}The certificate of localhost:/);
    expect(bad.stdout).toMatch(/A send would fail: no port can be used\.\n$/);

    const closed = await runCommand(['check', '127.0.0.1:9']);
    expect(closed.code).toBe(69);
    expect(closed.stdout).toContain('nothing listens');

    await using silent = await scriptedServer({ greeting: silence });
    const slow = await runCommand(['check', `127.0.0.1:${silent.port}`, '--timeout', '0.3']);
    expect(slow.code).toBe(75);
    expect(slow.stdout).toContain("no answer in stage 'greeting'");

    const nowhere = await runCommand(['check', 'nowhere.invalid', '--timeout', '3']);
    expect(nowhere.code).toBe(69);
    expect(nowhere.stderr).toContain("The host name 'nowhere.invalid' does not exist");
    expect(nowhere.stderr).toContain("Server nowhere.invalid, stage 'dns'.");
  });

  it.each([
    [
      ['check', 'localhost', '--port', '0'],
      "Option 'port' must be an integer from 1 to 65535, got 0",
    ],
    [['check', 'localhost', '--security', 'ssl'], "Option 'security' must be 'auto-tls', "],
    [
      ['check', 'localhost', '--timeout', 'soon'],
      "--timeout is a number of seconds above 0, not 'soon'",
    ],
    [
      ['check', 'localhost', '--username', 'ann'],
      'no password for ann at localhost; set POSTHORN_PASSWORD',
    ],
    [['check'], "missing required argument 'HOST'"],
    [['check', 'http://x'], 'The server URL must have the form '],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await runCommand(argv);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  it('ends with Ctrl-C', async () => {
    await using silent = await scriptedServer({ greeting: silence });
    let pressed = false;
    const { code } = await runCommand(['check', `127.0.0.1:${silent.port}`], {
      terminal: true,
      onWrite: (_, interrupt) => {
        if (pressed) return;
        pressed = true;
        setTimeout(interrupt, 50);
      },
    });
    expect(code).toBe(130);
  });
});

describe('the report', () => {
  const nothing: ServerInspection = {
    host: 'mail.example',
    addresses: ['192.0.2.1'],
    srv: [
      { service: '_submissions', target: 'evil\u001b[2J', port: 465, priority: 0, weight: 1 },
      { service: '_submission', target: '', port: 0, priority: 0, weight: 0 },
    ],
    ports: [],
    use: { host: '2001:db8::1', port: 465, security: 'implicit' },
    login: undefined,
    warnings: [{ code: 'no-login', message: `${'word '.repeat(30)}end` }],
  };

  it('shows nothing raw, wraps what is long, and writes addresses as URLs want them', () => {
    const look = { paint: plainPaint, width: 60, verbose: false };
    const text = reportOn(nothing, ['Found by chance.'], look);
    expect(text).toContain('Found by chance.\nmail.example  192.0.2.1\n');
    expect(text).toContain('  _submissions._tcp  evil\\u{1b}[2J:465  priority 0, weight 1\n');
    expect(text).toContain('  _submission._tcp  none  ');
    expect(text).toContain('  url         smtps://[2001:db8::1]:465\n');
    expect(text).toMatch(/ {2}! {2}word word .*\n {5}word /);
    expect(text.split('\n').every((line) => line.length <= 70)).toBe(true);
  });
});
