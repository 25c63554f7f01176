import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sink, type SinkOptions, startSink } from '../support/sink.ts';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';

let folder: string;
const path = (...names: string[]): string => join(folder, ...names);

const mail = (subject: number | string, to = `bob${subject}@example.org`): string =>
  `From: ann@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHi\r\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-many-'));
  mkdirSync(path('outbox'));
  for (let n = 0; n < 12; n += 1) writeFileSync(path('outbox', `${n}.eml`), mail(n));
  writeFileSync(path('outbox', 'notes.txt'), 'no mail');
  mkdirSync(path('maildir'));
  for (const name of ['cur', 'new', 'tmp']) {
    mkdirSync(path('maildir', name));
    writeFileSync(path('maildir', name, `1.host:2,S`), mail(name));
  }
  mkdirSync(path('empty'));
  writeFileSync(path('nobody.eml'), 'From: ann@example.com\r\nSubject: x\r\n\r\nHi\r\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function send(
  argv: readonly string[],
  options: SinkOptions & { readonly world?: FakeWorld } = {},
): Promise<RunResult & { readonly sink: Sink }> {
  const { world = {}, ...script } = options;
  await using sink = await startSink(script);
  const server = ['--server', `smtp://127.0.0.1:${sink.port}`];
  return { ...(await runCommand(['send', ...server, ...argv], world)), sink };
}

describe('posthorn send of several', () => {
  it('sends every .eml of a folder', async () => {
    const { code, stdout, stderr, sink } = await send([path('outbox')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Sent 12 of 12 messages in \d+ s \([\d,.]+\/s\)\n$/);
    expect(sink.taken).toHaveLength(12);
  });

  it('files and Maildirs together, over as many connections as it is told', async () => {
    const argv = [path('outbox', '3.eml'), path('maildir'), path('outbox', '4.eml')];
    const { code, sink } = await send([...argv, '--connections', '1', '--from', 'x@example.com']);
    expect(code).toBe(0);
    // Messages are built beside each other: which of two neighbours is ready first is not promised.
    expect(sink.taken.toSorted()).toEqual(['3', '4', 'cur', 'new']);
    expect(sink.mostOpen()).toBe(1);
  });

  it('lists what failed, and ends with the code of the worst', async () => {
    const rcpt = (address: string): string | undefined =>
      new Map([
        ['bob2@example.org', '450 4.2.2 Full'],
        ['bob7@example.org', '550 5.1.1 No such user'],
      ]).get(address);
    const argv = [path('outbox'), path('nobody.eml')];
    const { code, stdout, stderr } = await send(argv, { rcpt });
    expect({ code, stderr }).toEqual({ code: 69, stderr: '' });
    const [summary, ...table] = stdout.trimEnd().split('\n');
    expect(summary).toMatch(/^Sent 10 of 13 messages in .*, 3 failed$/);
    expect(table.sort()).toEqual(
      [
        `  ${path('nobody.eml')}                      The message names no recipient; set to: 'bob@example.com' (or cc, bcc), or give an envelope`,
        `  ${path('outbox', '2.eml')}  bob2@example.org  450 4.2.2 Full`,
        `  ${path('outbox', '7.eml')}  bob7@example.org  550 5.1.1 No such user`,
      ].map((line) => expect.stringMatching(new RegExp(`^${escaped(line)}$`))),
    );
    const later = await send([path('outbox')], {
      rcpt: (address) => (address.startsWith('bob2@') ? '450 4.2.2 Full' : undefined),
    });
    expect(later.code).toBe(75);
  });

  it('gives a line of JSON for each, and a summary', async () => {
    const final = (subject: string): string | undefined =>
      subject === '5' ? '554 5.6.0 Spam' : undefined;
    const { code, stdout } = await send([path('outbox'), '--json'], { final });
    expect(code).toBe(69);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toMatchObject({ summary: { sent: 11, failed: 1, notAttempted: 0 } });
    expect(lines.find(({ index }) => index === 5)).toMatchObject({
      file: path('outbox', '5.eml'),
      status: 'failed',
      error: { code: 'REPLY_NEGATIVE', reply: { code: 554 } },
    });
    expect(lines.find(({ index }) => index === 4)).toMatchObject({
      status: 'sent',
      receipt: { accepted: ['bob4@example.org'] },
    });
  });

  it('shows on a terminal how far it has come, and takes that away', async () => {
    const { code, stderr } = await send([path('outbox')], { world: { terminal: true } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/█{24}.*100 % {2}12 of 12 {2}[\d,.]+\/s {2}0 s left/);
    expect(stderr).toMatch(/\r\u001b\[K$/);
  });

  it('tells why nothing could be sent', async () => {
    const sink = await startSink();
    await sink.close();
    const server = ['--server', `smtp://127.0.0.1:${sink.port}`];
    const { code, stdout, stderr } = await runCommand(['send', ...server, path('outbox')]);
    expect(code).toBe(69);
    expect(stdout).toMatch(/^Sent 0 of 12 messages in .*, 12 not attempted\n$/);
    expect(stderr).toMatch(/^posthorn: .*nothing listens|refused/i);
  });

  it('ends after what is under way at Ctrl-C', async () => {
    let stop: (() => void) | undefined;
    const world: FakeWorld = {
      onWrite: (soFar, interrupt) => {
        if (soFar.split('\n').length === 2) stop = interrupt;
      },
    };
    const argv = [path('outbox'), '--json', '--connections', '1'];
    const { code, stdout, stderr, sink } = await send(argv, {
      world,
      final: () => {
        stop?.();
        stop = undefined;
        return undefined;
      },
    });
    expect(code).toBe(130);
    expect(stderr).toBe('Ending after what is under way; Ctrl-C again ends at once.\n');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { summary } = lines.at(-1);
    expect(summary).toMatchObject({ failed: 0, error: { code: 'ABORTED' } });
    expect(summary.sent).toBe(sink.taken.length);
    expect(summary.sent).toBeGreaterThan(0);
    expect(summary.sent + summary.notAttempted).toBe(12);
  });

  it('tells with --dry-run who each would go to', async () => {
    const argv = [path('outbox', '0.eml'), path('outbox', '1.eml'), '--dry-run'];
    const { code, stdout, stderr, sink } = await send([...argv, '--from', '<>']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Not sent: 2 messages.\n' });
    expect(stdout).toBe(
      [0, 1].map((n) => `${path('outbox', `${n}.eml`)}: from <> to bob${n}@example.org\n`).join(''),
    );
    expect(sink.connections()).toBe(0);
    const json = await send([...argv, '--json', '--to', 'x@example.org']);
    expect(JSON.parse(json.stdout.split('\n')[1] ?? '')).toEqual({
      dryRun: true,
      file: path('outbox', '1.eml'),
      messageId: '',
      envelope: { from: 'ann@example.com', to: ['x@example.org'] },
    });
  });

  it.each([
    [() => [path('empty')], 64, 'there is no message in the folder'],
    [() => [path('outbox'), '-'], 64, '- (standard input) is one message; it goes alone'],
    [() => [path('outbox'), '--subject', 'x'], 64, '--subject does not go with a stored message'],
    [() => [path('outbox'), path('missing.eml')], 66, 'there is no such file'],
    [() => [path('outbox'), '--connections', 'many'], 64, 'must be a whole number from 1 to 1000'],
  ])('refuses %#', async (argv, expected, message) => {
    const { code, stderr, sink } = await send(argv());
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
    expect(sink.connections()).toBe(0);
  });
});

const escaped = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ {3,}/g, ' +');
