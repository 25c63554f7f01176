import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeWorld, runCommand } from './fake-io.ts';

const lines = (...all: string[]): string => all.join('\r\n');

const sample = lines(
  'Subject: outside',
  'Content-Type: multipart/mixed; boundary=b1',
  '',
  '--b1',
  'Content-Type: text/plain; charset=utf-8',
  'Content-ID: <one>',
  '',
  'first',
  '--b1',
  'Content-Type: message/rfc822',
  '',
  'Subject: inside',
  'Content-Type: multipart/mixed; boundary=b2',
  '',
  '--b2',
  '',
  'deep',
  '--b2--',
  '--b1--',
  '',
);

const part = async (number: string, world: FakeWorld = {}): Promise<string> =>
  (await runCommand(['show', '-', '--part', number], { stdin: sample, ...world })).stdout;

describe('posthorn show --part', () => {
  it('takes the part specifiers of IMAP', async () => {
    expect(await part('1')).toBe('first');
    expect(await part('1.MIME')).toBe(
      'Content-Type: text/plain; charset=utf-8\r\nContent-ID: <one>\r\n\r\n',
    );
    expect(await part('2.mime')).toBe('Content-Type: message/rfc822\r\n\r\n');
    expect(await part('2.1')).toBe('deep');
    expect(await part('2.HEADER')).toBe(
      'Subject: inside\r\nContent-Type: multipart/mixed; boundary=b2\r\n\r\n',
    );
    expect(await part('2.TEXT')).toBe('--b2\r\n\r\ndeep\r\n--b2--');
    expect(await part('HEADER')).toMatch(/^Subject: outside\r\n.*\r\n\r\n$/);
    expect(await part('text')).toMatch(/^--b1\r\n[\s\S]*--b1--\r\n$/);
  });

  it('says what there is when there is no such part', async () => {
    for (const number of ['0', '1.', 'x', '3', '01', '1.1', 'MIME', '2.TEXT.1', '']) {
      const { code, stdout, stderr } = await runCommand(['show', '-', '--part', number], {
        stdin: sample,
      });
      expect({ number, code, stdout }).toEqual({ number, code: 64, stdout: '' });
      expect(stderr).toContain(`there is no part '${number}'; there are: 1, 2, 2.1; each`);
    }
    const { code, stderr } = await runCommand(['show', '-', '--part', '1.HEADER'], {
      stdin: sample,
    });
    expect(code).toBe(64);
    expect(stderr).toContain("part '1' is no message, so it has no HEADER; try '1.MIME' or '1'");
  });

  it('shows headers and bodies on a terminal', async () => {
    expect(await part('1.MIME', { terminal: true })).toBe(
      'Content-Type: text/plain; charset=utf-8\nContent-ID: <one>\n\n',
    );
    expect(await part('2.TEXT', { terminal: true })).toBe('--b2\n\ndeep\n--b2--\n');
  });
});

describe('posthorn show of a large message', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-show-'));
    path = join(folder, 'large.eml');
    // One octet more than a piece that is read at once, so that a CRLF is cut.
    const text = `${'x'.repeat(999)}\r\n`.repeat(3000);
    writeFileSync(
      path,
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        `y${text}`,
        '--b',
        'Content-Type: application/zip',
        'Content-Transfer-Encoding: base64',
        '',
        `${Buffer.alloc(57, 1).toString('base64')}\r\n`.repeat(250_000),
        '--b--',
        '',
      ),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const show = (argv: string[], terminal = false) =>
    runCommand(['show', path, ...argv], { terminal });

  it('shows the beginning of the text, and about how large parts are', async () => {
    const { code, stdout } = await show([]);
    expect(code).toBe(0);
    expect(stdout).toContain('2  application/zip  base64, about 14 MB\n');
    expect(stdout.length).toBeLessThan(110_000);
    expect(stdout).toContain('(… there is more; --text shows all)\n');
  });

  it('knows sizes to the octet in JSON', async () => {
    const { stdout } = await show(['--json']);
    expect(JSON.parse(stdout).root.parts[1].size).toBe(57 * 250_000);
  });

  it('gives parts and source whole', async () => {
    expect((await show(['--part', '2'])).bytes.length).toBe(57 * 250_000);
    const raw = (await show(['--raw'], true)).stdout;
    expect(raw).not.toContain('\\u{');
    expect(raw).toMatch(/--b--\n$/);
  });
});
