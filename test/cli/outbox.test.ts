import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SinkOptions, startSink } from '../support/sink.ts';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';

let folder = '';
const path = (...names: string[]): string => join(folder, ...names);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-cli-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `posthorn outbox …` on the outbox of the test. */
async function outbox(argv: readonly string[], world: FakeWorld = {}): Promise<RunResult> {
  const env = { POSTHORN_OUTBOX: `sqlite:${path('outbox.db')}`, ...world.env };
  return await runCommand(['outbox', ...argv], { ...world, env });
}

const letter = (subject: string): string[] => [
  '--from',
  'ann@example.com',
  '--to',
  'bob@example.org',
  '--subject',
  subject,
  '--text',
  'Hi',
];

async function enqueue(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await outbox(['enqueue', '--json', ...argv]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { id: string }).id;
}

async function work(
  options: SinkOptions,
  argv: readonly string[] = [],
  world: FakeWorld = {},
): Promise<RunResult & { readonly taken: readonly string[] }> {
  await using sink = await startSink(options);
  const server = ['--server', `smtp://127.0.0.1:${sink.port}`];
  const result = await outbox(['work', ...server, '--until-idle', ...argv], world);
  return { ...result, taken: sink.taken };
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('posthorn outbox', () => {
  it('enqueues, works, lists and shows', async () => {
    const { stdout } = await outbox(['enqueue', ...letter('One')]);
    const [, id = ''] = /^([0-9a-f-]{36}) {2}enqueued {2}<.+@.+>\n$/.exec(stdout) ?? [];
    expect((await outbox(['list'])).stdout).toMatch(
      new RegExp(`^${id}  queued    bob@example.org  One  \\d+ B  due 20.*Z\n$`),
    );
    const { code, taken, stdout: told } = await work({});
    expect({ code, taken }).toEqual({ code: 0, taken: ['One'] });
    expect(lines(told).map(({ type }) => type)).toEqual(['attempt', 'sent']);
    const shown = await outbox(['show', id]);
    expect(shown.stdout).toMatch(/state +sent\n/);
    expect(shown.stdout).toMatch(/\n {2}sent +bob@example\.org\n/);
    expect(shown.stdout).toMatch(/\n {2}attempt +20.*Z 127\.0\.0\.1:\d+, \d+ ms by .+\n/);
    expect((await outbox(['show', id, '--content'])).stdout).toMatch(
      /^From: ann@.*\r\n\r\nHi\r\n$/s,
    );
    const [json] = lines((await outbox(['list', '--state', 'sent', '--json'])).stdout);
    expect(json).toMatchObject({ id, state: 'sent', subject: 'One' });
    expect((await outbox(['list', '--state', 'queued,deferred'])).stderr).toBe('0 messages.\n');
  });

  it('enqueues stored messages as they are, and says which could not be', async () => {
    mkdirSync(path('mail'));
    for (const name of ['1', '2']) {
      writeFileSync(
        path('mail', `${name}.eml`),
        `From: a@b.example\nTo: c@d.example\nSubject: ${name}\n\nx\n`,
      );
    }
    writeFileSync(path('mail', '3.eml'), 'Subject: nobody\n\nx\n');
    const { code, stdout, stderr } = await outbox(['enqueue', path('mail'), '--json']);
    expect(code).toBe(65);
    const told = lines(stdout);
    expect(told.map(({ file, isNew }) => [file, isNew])).toEqual([
      [path('mail', '1.eml'), true],
      [path('mail', '2.eml'), true],
      [undefined, undefined],
    ]);
    expect(told[2]).toMatchObject({ code: 'MESSAGE_NO_SENDER' });
    expect(stderr).toBe('');
    const piped = ['enqueue', '-', '--from', 'x@y.example', '--to', 'u@v.example', '--json'];
    await outbox(piped, { stdin: 'From: a@b.example\n\nstdin\n' });
    const listed = lines((await outbox(['list', '--json'])).stdout);
    expect(listed.at(-1)).toMatchObject({ envelope: { from: 'x@y.example', to: ['u@v.example'] } });
    const composed = await outbox(['enqueue', path('mail', '1.eml'), '--subject', 'x']);
    expect(composed.code).toBe(64);
    expect(composed.stderr).toContain('--subject does not go with a stored message');
  });

  it('knows keys, times and urgency', async () => {
    const id = await enqueue(
      ...letter('A'),
      '--key',
      'order 7',
      '--send-at',
      '2h',
      '--urgency',
      '4',
    );
    expect(await enqueue(...letter('A'), '--key', 'order 7')).toBe(id);
    const [message] = lines((await outbox(['list', '--key', 'order 7', '--json'])).stdout);
    expect(message).toMatchObject({ id, priority: 4, state: 'queued', idempotencyKey: 'order 7' });
    const wait = Date.parse(String(message?.['sendAt'])) - Date.now();
    expect(wait).toBeGreaterThan(7_000_000);
    expect((await work({})).taken).toEqual([]);
    const wrong = await outbox(['enqueue', ...letter('B'), '--send-at', 'tomorrow']);
    expect(wrong).toMatchObject({ code: 64 });
    expect(wrong.stderr).toContain(
      "--send-at is a date such as 2026-12-24T18:00Z, or a time from now such as 15m or 2h, not 'tomorrow'",
    );
  });

  it('retries and cancels; what fails stops no other', async () => {
    const [one, two] = [await enqueue(...letter('1')), await enqueue(...letter('2'))];
    const refused = await work({ rcpt: () => '550 5.1.1 No such user' });
    expect(refused.code).toBe(69);
    expect((await outbox(['show', one])).stdout).toContain('550 5.1.1 No such user');
    const retried = await outbox(['retry', one]);
    expect(retried).toMatchObject({ code: 0, stdout: `${one}  queued\n` });
    const cancelled = await outbox(['cancel', one, two, 'nonsense']);
    expect(cancelled.code).toBe(69);
    expect(cancelled.stdout).toBe(`${one}  failed\n`);
    expect(cancelled.stderr).toMatch(/There is nobody left to spare[\s\S]*no message "nonsense"/);
    expect((await work({})).taken).toEqual([]);
  });

  it('settles what nobody knows', async () => {
    const id = await enqueue(...letter('1'), '--at-most-once');
    const { code } = await work({ final: (_subject, cut) => void cut() });
    expect(code).toBe(74);
    const listed = await outbox(['list', '--state', 'unknown']);
    expect(listed.stdout).toContain(`${id}  unknown`);
    expect((await outbox(['resolve', 'maybe', id])).code).toBe(64);
    expect(await outbox(['resolve', 'retry', id])).toMatchObject({
      code: 0,
      stdout: `${id}  queued\n`,
    });
    expect((await work({})).taken).toEqual(['1']);
  });

  it('tells figures, once and until Ctrl-C', async () => {
    await enqueue(...letter('1'));
    const { stdout } = await outbox(['stats']);
    expect(stdout).toMatch(
      /^queued +1\nsending +0\ndeferred +0\nsent +0\nfailed +0\nexpired +0\nunknown +0\ntotal +1\nlag +\d s\n$/,
    );
    const [json] = lines((await outbox(['stats', '--json'])).stdout);
    expect(json).toMatchObject({ queued: 1, total: 1 });
    const watched = await outbox(['stats', '--watch', '--json'], {
      onWrite: (soFar, interrupt) => {
        if (soFar.split('\n').length > 2) interrupt();
      },
    });
    expect(watched.code).toBe(0);
    expect(lines(watched.stdout).length).toBeGreaterThan(1);
  });

  it('works until Ctrl-C, with a line on a terminal', async () => {
    await enqueue(...letter('1'), '--to', 'eve@example.org');
    await using sink = await startSink({
      rcpt: (to) => (to.startsWith('eve') ? '451 4.2.1 Later' : undefined),
    });
    let isPressed = false;
    const { code, stdout } = await outbox(['work', '--server', `smtp://127.0.0.1:${sink.port}`], {
      terminal: true,
      onWrite: (soFar, interrupt) => {
        if (isPressed || !soFar.includes('1 sent')) return;
        isPressed = true;
        interrupt();
      },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('Working as ');
    expect(stdout).toMatch(
      /\d\d:\d\d:\d\d {2}\u001b\[33mdeferred\u001b\[39m {2}eve@example\.org, again 20/,
    );
    expect(stdout).toContain('Ending after what is under way');
    expect(stdout.split('\n').at(-2)).toMatch(/queued.*1 deferred.*1 sent/);
  });

  it('delivers into a pickup directory as well', async () => {
    await enqueue(...letter('1'));
    mkdirSync(path('pickup'));
    expect((await outbox(['work', '--pickup', path('pickup'), '--until-idle'])).code).toBe(0);
    expect(readdirSync(path('pickup'))).toHaveLength(1);
    const both = await outbox(['work', '--pickup', 'x', '--sendmail', '--until-idle']);
    expect(both).toMatchObject({ code: 64 });
  });

  it('says what is missing', async () => {
    const none = await runCommand(['outbox', 'list']);
    expect(none).toMatchObject({ code: 64 });
    expect(none.stderr).toContain('no outbox is named; use --outbox sqlite:outbox.db');
    const unknown = await outbox(['show', '018f0000-0000-7000-8000-000000000000']);
    expect(unknown).toMatchObject({ code: 69 });
    expect(unknown.stderr).toContain("'posthorn outbox list' shows those it has");
    const scheme = await outbox(['list', '--outbox', 'mysql://x/y']);
    expect(scheme).toMatchObject({ code: 64 });
    const wrong = await outbox(['list', '--state', 'gone']);
    expect(wrong.stderr).toContain('--state is one of queued, sending, deferred, sent');
    const argv = await outbox(['list', '--outbox', 'redis://:secret@127.0.0.1:1']);
    expect(argv.stderr).toContain('a password on the command line can be seen');
    expect(argv.stderr).not.toContain('secret@');
  });
});
