import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Inbox, startInbox } from 'posthorn/inbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { runCommand } from './fake-io.ts';

const STORED = 'From: a@example.com\r\nBcc: eve@example.com\r\nSubject: old\r\n\r\n.dot\r\n';
const folder = mkdtempSync(join(tmpdir(), 'posthorn-forward-'));
const stored = join(folder, 'stored.eml');
const addressed = [
  '--from',
  'Me <me@example.com>',
  '--to',
  'x@example.org',
  '--to',
  'y@example.org',
];
let inbox: Inbox;
let server: string[];

beforeAll(async () => {
  writeFileSync(stored, STORED);
  inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
  server = ['--server', `smtp://127.0.0.1:${inbox.smtpPort}`];
});
afterAll(async () => {
  await inbox.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => inbox.clear());

describe('posthorn forward', () => {
  it.each([
    ['a file', stored, {}],
    ['standard input', '-', { stdin: STORED }],
  ])('sends %s on as it is, without Bcc', async (_, file, world) => {
    const { code, stdout, stderr } = await runCommand(
      ['forward', file, ...server, ...addressed],
      world,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Sent to 2 recipients');
    const mail = await inbox.waitForMail({}, { timeoutMs: 3000 });
    expect(mail.envelope).toMatchObject({
      from: 'me@example.com',
      to: ['x@example.org', 'y@example.org'],
    });
    expect(Buffer.from(mail.raw).toString()).toContain(
      'From: a@example.com\r\nSubject: old\r\n\r\n.dot\r\n',
    );
    expect(Buffer.from(mail.raw).toString()).not.toContain('eve@');
  });

  it('says who did it with --resent, and prints JSON', async () => {
    const { code, stdout } = await runCommand([
      'forward',
      stored,
      ...server,
      ...addressed,
      '--resent',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accepted: ['x@example.org', 'y@example.org'],
      unsettled: [],
    });
    const mail = await inbox.waitForMail({}, { timeoutMs: 3000 });
    expect(Buffer.from(mail.raw).toString()).toMatch(
      /Resent-From: Me <me@example\.com>\r\nResent-To: x@example\.org, y@example\.org\r\n/,
    );
  });

  it.each([
    [
      ['forward', stored, '--to', 'x@example.org'],
      64,
      "required option '--from <ADDRESS>' not specified",
    ],
    [
      ['forward', '--from', 'a@x.example', '--to', 'b@x.example'],
      64,
      "missing required argument 'FILE'",
    ],
    [
      [
        'forward',
        'no-such.eml',
        '--server',
        'smtp://127.0.0.1:1',
        '--from',
        'a@x.example',
        '--to',
        'b@x.example',
      ],
      66,
      "can't be read",
    ],
  ])('%j is wrong', async (argv, code, said) => {
    const result = await runCommand(argv);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(said);
  });

  it('tells of whom nobody knows', async () => {
    await using lossy = await scriptedServer({
      EHLO: ehlo('LIMITS RCPTMAX=1'),
      content: ['250 ok', (link) => link.reset()],
    });
    const url = `smtp://127.0.0.1:${lossy.port}?security=none`;
    const { code, stdout } = await runCommand(['forward', stored, '--server', url, ...addressed]);
    expect(code).toBe(74);
    expect(stdout).toContain('accepted  x@example.org');
    expect(stdout).toMatch(/unknown {3}y@example\.org: .*may have been delivered/);
  });
});
