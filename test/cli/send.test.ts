import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Inbox, type InboxMessage, startInbox } from 'posthorn/inbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';
import { type Answer, type StubServer, stubServer } from './stub-server.ts';

let folder: string;
let inbox: Inbox;
let server: string;

const path = (name: string): string => join(folder, name);
const addressed = ['--from', 'Ann <ann@example.com>', '--to', 'bob@example.com'];
const send = (argv: string[], world: FakeWorld = {}): Promise<RunResult> =>
  runCommand(['send', '--server', server, ...argv], world);
const next = (): Promise<InboxMessage> => inbox.waitForMail({}, { timeoutMs: 3000 });

const storedMail = [
  'from: Ann   <ann@example.com>',
  'To: bob@example.com',
  'Bcc: hidden@example.com',
  'Subject: stored',
  '',
  '.dot',
  '',
].join('\r\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-send-'));
  writeFileSync(path('stored.eml'), storedMail);
  writeFileSync(path('body.txt'), '\ufeffFrom a file: ü\n');
  writeFileSync(path('body.html'), '<p>From a file</p>');
  writeFileSync(path('report.pdf'), '%PDF-1.4');
  writeFileSync(path('logo.png'), 'PNG');
  writeFileSync(path('password'), 'from the file\r\nsecond line');
  inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
  server = `smtp://127.0.0.1:${inbox.smtpPort}`;
});
afterAll(async () => {
  await inbox.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => inbox.clear());

describe('posthorn send', () => {
  it('packs it for Outlook', async () => {
    const content = ['--text', 'Hi', '--attach', path('report.pdf')];
    expect(await send([...addressed, ...content, '--tnef'])).toMatchObject({ code: 0 });
    const mail = await next();
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['winmail.dat']);
    expect(mail.text?.trim()).toBe('Hi');
    const shown = await send([...addressed, ...content, '--tnef', '--dry-run']);
    expect(shown.stdout).toContain('application/ms-tnef');
    expect(shown.stdout).toContain('X-MS-TNEF-Correlator: <');
  });

  it('makes a message from every option', async () => {
    const { code, stderr } = await send([
      ...addressed,
      ...['--to', 'cleo@example.com, Dan <dan@example.com>', '--cc', 'eve@example.com'],
      ...['--bcc', 'hidden@example.com', '--reply-to', 'team@example.com'],
      ...['--subject', 'Grüße', '--text', 'The text', '--html', '<img src="cid:logo">'],
      ...['--attach', path('report.pdf'), '--inline', `logo=${path('logo.png')}`],
      ...['--header', 'X-One: 1', '--header', 'X-Two:2: and more', '--priority', 'high'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const mail = await next();
    expect(mail).toMatchObject({
      subject: 'Grüße',
      text: 'The text',
      html: '<img src="cid:logo">',
    });
    expect(mail.envelope).toEqual({
      from: 'ann@example.com',
      to: ['bob', 'cleo', 'dan', 'eve', 'hidden'].map((name) => `${name}@example.com`),
    });
    expect(mail.replyTo.map(String)).toEqual(['team@example.com']);
    expect(mail.attachments.map(({ filename, cid }) => [filename, cid])).toEqual([
      ['logo.png', 'logo'],
      ['report.pdf', undefined],
    ]);
    const headers = ['x-one', 'x-two', 'x-priority', 'bcc'].map((name) => mail.headers.get(name));
    expect(headers).toEqual(['1', '2: and more', '1', undefined]);
  });

  it('takes the text from standard input, and bodies from files', async () => {
    expect((await send([...addressed, '--text', '-'], { stdin: 'Grüße\n' })).code).toBe(0);
    expect((await next()).text).toBe('Grüße\n');
    const files = ['--text-file', path('body.txt'), '--html-file', path('body.html')];
    expect((await send([...addressed, ...files])).code).toBe(0);
    const { text, html } = await next();
    expect({ text, html }).toEqual({ text: 'From a file: ü\n', html: '<p>From a file</p>' });
  });

  it('tells what became of the message', async () => {
    const { stdout } = await send([...addressed, '--subject', 'x']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Sent to 1 recipient: \d+ B in \d+ ms$/);
    expect(lines[1]).toBe('  accepted  bob@example.com');
    expect(stdout).toContain(`server    127.0.0.1:${inbox.smtpPort} (not encrypted)\n`);
    expect(stdout).toMatch(/answer +250 /);
    expect(stdout).not.toContain('\u001b');
    const coloured = await send([...addressed, '--subject', 'x'], { terminal: true });
    expect(coloured.stdout).toContain('\u001b[32mSent\u001b[39m');
  });

  it('tells how far a large message has come, on a terminal only', async () => {
    writeFileSync(path('large.bin'), Buffer.alloc(3_000_000, 1));
    const argv = [...addressed, '--attach', path('large.bin')];
    const { code, stderr } = await send(argv, { terminal: true });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\r\u001b\[KSending: \d+ % of 4\.1 MB.*\r\u001b\[K$/s);
    expect(await send(argv)).toMatchObject({ code: 0, stderr: '' });
  });

  it('gives the receipt as JSON', async () => {
    const { code, stdout } = await send([...addressed, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      envelope: { from: 'ann@example.com', to: ['bob@example.com'] },
      accepted: ['bob@example.com'],
      rejected: [],
      reply: { code: 250 },
      server: { port: inbox.smtpPort, security: 'none' },
    });
    expect(stdout.trimEnd()).not.toContain('\n');
  });

  it('sends a stored message as it is, but for Bcc', async () => {
    const { code, stdout } = await send([path('stored.eml')]);
    expect(code).toBe(0);
    // It has no Message-ID, so none is shown.
    expect(stdout).toMatch(/answer {4}250 .*\n$/);
    const mail = await next();
    expect(Buffer.from(mail.raw).toString()).toBe(
      storedMail.replace('Bcc: hidden@example.com\r\n', ''),
    );
    expect(mail.envelope).toEqual({
      from: 'ann@example.com',
      to: ['bob@example.com', 'hidden@example.com'],
    });
    const again = ['-', '--from', 'bounces@example.com', '--to', 'x@example.org,y@example.org'];
    expect((await send(again, { stdin: storedMail })).code).toBe(0);
    const { envelope } = await next();
    expect(envelope).toEqual({
      from: 'bounces@example.com',
      to: ['x@example.org', 'y@example.org'],
    });
    expect((await send([path('stored.eml'), '--from', '<>'])).code).toBe(0);
    expect((await next()).envelope.from).toBe('');
    const two = await send([path('stored.eml'), '--from', 'a@example.com, b@example.com']);
    expect(two.code).toBe(64);
    expect(two.stderr).toContain('--from is one address on the wire');
  });

  it('does not change a stored message', async () => {
    const { code, stderr } = await send([path('stored.eml'), '--subject', 'new']);
    expect(code).toBe(64);
    expect(stderr).toContain('--subject does not go with a stored message');
    expect(inbox.messages).toEqual([]);
  });

  it('prints the message instead with --dry-run', async () => {
    const stored = await runCommand(['send', path('stored.eml'), '--dry-run']);
    expect(stored.stdout).toBe(storedMail.replace('Bcc: hidden@example.com\r\n', ''));
    expect(stored.stderr).toBe(
      `Not sent. From ann@example.com to bob@example.com, hidden@example.com, ${stored.bytes.length} B.\n`,
    );
    const json = await send([...addressed, '--text', 'x', '--dry-run', '--json']);
    const { message, ...rest } = JSON.parse(json.stdout);
    expect(rest).toMatchObject({ dryRun: true, envelope: { to: ['bob@example.com'] } });
    expect(Buffer.from(message, 'base64').toString()).toContain('\r\n\r\nx');
    const evil = storedMail.replace('stored', '\u001b[2J');
    const shown = await send(['-', '--dry-run'], { stdin: evil, terminal: true });
    expect(shown.stdout).toContain('Subject: \\u{1b}[2J\n');
    const utf8 = await send(['--from', 'grüße@example.com', '--to', 'b@example.com', '--dry-run']);
    expect(utf8.stdout).toContain('From: grüße@example.com\r\n');
    expect(inbox.messages).toEqual([]);
  });
});

describe('bad input of posthorn send', () => {
  it.each([
    [65, [], /names no sender/],
    [65, ['--from', 'ann@example.com'], /names no recipient/],
    [65, ['--to', 'bob@example.com'], /names no sender/],
    [65, ['--from', 'a b@example.com', '--to', 'bob@example.com'], /a b@example\.com/],
    [65, [...addressed, '--header', 'X\r\nBcc: 1'], /X/],
    [65, [...addressed, '--subject', 'a\r\nBcc: x@example.com'], /CR/],
    [64, [...addressed, '--header', 'no colon'], /--header is 'Name: value', not 'no colon'/],
    [64, [...addressed, '--inline', 'logo.png'], /--inline is CID=PATH/],
    [64, [...addressed, '--priority', 'urgent'], /--priority is high, normal or low/],
    [64, [...addressed, '--text', 'x', '--text-file', 'y'], /use --text or --text-file, not both/],
    [
      64,
      [...addressed, '--text', '-', '--html', '-'],
      /one of the text, the HTML and the invitation/,
    ],
    [66, [...addressed, '--attach', '/nowhere/a.pdf'], /nowhere\/a\.pdf/],
    [66, [...addressed, '--text-file', '/nowhere/a.txt'], /there is no such file/],
    [66, ['/nowhere/a.eml'], /'\/nowhere\/a\.eml': there is no such file; check the path/],
  ])('%i for %j', async (expected, argv, message) => {
    const { code, stdout, stderr } = await send(argv);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(inbox.messages).toEqual([]);
  });

  it('refuses a file of another format', async () => {
    const { code, stderr } = await send(['-'], { stdin: '%PDF-1.4\n' });
    expect(code).toBe(65);
    expect(stderr).toContain('PDF');
  });

  it('never repeats a password from a URL that can not be read', async () => {
    const url = 'smtp://ann:hunter2#1@127.0.0.1';
    const { code, stdout, stderr } = await send([...addressed, '--server', url, '--verbose']);
    expect(code).toBe(64);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('asks for a server', async () => {
    const { code, stderr } = await runCommand(['send', ...addressed]);
    expect(code).toBe(64);
    expect(stderr).toContain('no server is named; use --server smtp://host:587');
    const named = await runCommand(['send', ...addressed], { env: { POSTHORN_SERVER: server } });
    expect(named.code).toBe(0);
    expect((await send([...addressed, '--server', 'http://127.0.0.1'])).code).toBe(64);
  });

  it('tells when nothing listens there', async () => {
    const argv = ['send', '--server', 'smtp://127.0.0.1:1?security=none', ...addressed];
    const { code, stdout, stderr } = await runCommand(argv);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toMatch(/^posthorn: /);
    const json = await runCommand([...argv, '--json']);
    expect(json).toMatchObject({ code: 69, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ code: 'CONNECTION_REFUSED', delivered: 'no' });
  });
});

describe('passwords of posthorn send', () => {
  const logins: string[] = [];
  let stub: StubServer;
  beforeAll(async () => {
    stub = await stubServer((line) => {
      if (line.startsWith('AUTH PLAIN ')) {
        logins.push(Buffer.from(line.slice(11), 'base64').toString());
      }
      return undefined;
    });
  });
  afterAll(() => stub.close());
  afterEach(() => logins.splice(0));
  const login = (user: string, argv: string[] = [], world: FakeWorld = {}): Promise<RunResult> => {
    const url = stub.url.replace('//', `//${user}@`);
    return runCommand(['send', '--server', `${url}?security=none`, ...addressed, ...argv], world);
  };

  it.each<[string, string, string[], FakeWorld]>([
    ['from the environment', '%25p:@ü', [], { env: { POSTHORN_PASSWORD: '%25p:@ü' } }],
    ['from a file', 'from the file', ['--password-file', 'password'], {}],
    ['from the terminal', 'typed', [], { terminal: true, secret: 'typed' }],
  ])('come %s', async (_how, password, argv, world) => {
    const { code, stderr, questions } = await login(
      'ann',
      argv.map((word) => (word === 'password' ? path(word) : word)),
      world,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(logins).toEqual([`\0ann\0${password}`]);
    expect(questions).toEqual(world.terminal ? ['Password for ann at 127.0.0.1: '] : []);
  });

  it('may stand in the URL, with a warning', async () => {
    const { code, stderr } = await login('ann:secret');
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .* set POSTHORN_PASSWORD, use --password-file/);
    expect(stderr).not.toContain('secret');
    expect(logins).toEqual(['\0ann\0secret']);
    const url = stub.url.replace('//', '//ann:secret@');
    const quiet = await runCommand(['send', ...addressed], {
      env: { POSTHORN_SERVER: `${url}?security=none` },
    });
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
  });

  it('are not asked for where nobody can answer', async () => {
    const { code, stderr } = await login('ann');
    expect(code).toBe(64);
    expect(stderr).toContain(
      'no password for ann at 127.0.0.1; set POSTHORN_PASSWORD or use --password-file',
    );
    expect((await login('ann', ['--text', '-'], { terminal: true, stdin: 'x' })).code).toBe(64);
    const refused = await login('ann', [], { terminal: true });
    expect(refused.code).toBe(64);
    expect(logins).toEqual([]);
  });
});

describe('failures told by posthorn send', () => {
  const against = async (answer: Answer, argv: string[] = []): Promise<RunResult> => {
    const stub = await stubServer(answer);
    try {
      return await runCommand([
        'send',
        '--server',
        `${stub.url}?security=none`,
        ...addressed,
        ...argv,
      ]);
    } finally {
      await stub.close();
    }
  };

  it('some recipients refused: sent, and not a success', async () => {
    const { code, stdout } = await against(
      (line) => (line.includes('bad@') ? '550 5.1.1 no \u001b[2J such user' : undefined),
      ['--to', 'bad@example.com'],
    );
    expect(code).toBe(69);
    expect(stdout).toContain('Sent to 1 recipient, 1 refused: ');
    expect(stdout).toContain('refused   bad@example.com: 550 5.1.1 no \\u{1b}[2J such user\n');
  });

  it('every recipient refused', async () => {
    const { code, stderr } = await against((line) =>
      line.startsWith('RCPT') ? '550 5.1.1 no such user' : undefined,
    );
    expect(code).toBe(69);
    expect(stderr).toMatch(/no such user/);
    expect(stderr).toContain('--verbose shows the dialogue with the server.');
  });

  it('a temporary refusal', async () => {
    const { code, stderr } = await against((line) =>
      line.startsWith('MAIL') ? '451 4.3.0 later' : undefined,
    );
    expect(code).toBe(75);
    expect(stderr).toContain('Nothing was delivered; the same command may succeed later.');
  });

  it('a login refused, the dialogue with --verbose and without the password', async () => {
    const stub = await stubServer((line) =>
      line.startsWith('AUTH') ? '535 5.7.8 wrong' : undefined,
    );
    const server = `${stub.url.replace('//', '//ann@')}?security=none`;
    const argv = ['send', '--server', server, ...addressed, '--verbose'];
    const { code, stderr } = await runCommand(argv, { env: { POSTHORN_PASSWORD: 'hunter2' } });
    await stub.close();
    expect(code).toBe(77);
    expect(stderr).toContain('The dialogue:');
    expect(stderr).toMatch(/EHLO/);
    expect(stderr).not.toMatch(/hunter2|AGFubgBodW50ZXIy/);
  });

  it('a connection that breaks when the server may have the message', async () => {
    const { code, stderr } = await against((line) => (line === '.' ? 'hang up' : undefined));
    expect(code).toBe(74);
    expect(stderr).toContain('Nobody knows whether the server took the message');
  });
});
