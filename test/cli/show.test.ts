import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';

const mail = (...lines: string[]): string => lines.join('\r\n');

const sample = mail(
  'From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.org>',
  'To: Ann <ann@example.com>',
  'Subject: A =?utf-8?B?4pyJ?= for',
  ' you',
  'Received: by a',
  'Received: by b',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b1',
  '',
  '--b1',
  'Content-Type: multipart/alternative; boundary=b2',
  '',
  '--b2',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe =1B[2J',
  '--b2',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hello</p>',
  '--b2--',
  '--b1',
  'Content-Type: application/octet-stream',
  "Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.bin",
  'Content-Transfer-Encoding: base64',
  '',
  'AP8Q',
  '--b1',
  'Content-Type: message/rfc822',
  '',
  'Subject: inside',
  'Content-Type: multipart/mixed; boundary=b3',
  '',
  '--b3',
  '',
  'deep',
  '--b3--',
  '--b1--',
  '',
);

const show = (argv: string[], world: FakeWorld = {}): Promise<RunResult> =>
  runCommand(['show', '-', ...argv], { stdin: sample, ...world });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-show-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('posthorn show', () => {
  it('draws headers, tree and text', async () => {
    const { code, stdout, stderr } = await show([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'From:       Zoë <zoe@example.org>',
        'To:         Ann <ann@example.com>',
        'Subject:    A ✉ for you',
        '',
        'multipart/mixed  7bit, 538 B',
        '├─ 1  multipart/alternative  7bit, 188 B',
        '│  ├─ 1.1  text/plain  utf-8, quoted-printable, 12 B',
        '│  └─ 1.2  text/html  utf-8, 7bit, 12 B',
        "├─ 2  application/octet-stream 'résumé.bin'  base64, attachment, 3 B",
        '└─ 3  message/rfc822  7bit, 83 B',
        '   └─ 3.1  text/plain  7bit, 4 B',
        '',
        'Grüße \\u{1b}[2J',
        '',
      ].join('\n'),
    );
  });

  it('reads a file, and says so when there is none', async () => {
    const path = join(folder, 'a.eml');
    writeFileSync(path, sample);
    const [fromFile, fromStdin] = [await runCommand(['show', path]), await show([])];
    expect(fromFile).toEqual(fromStdin);
    const missing = await runCommand(['show', join(folder, 'none.eml')]);
    expect(missing.code).toBe(66);
    expect(missing.stderr).toContain("none.eml': there is no such file; check the path");
    expect((await runCommand(['show', folder])).code).toBe(66);
  });

  it('lists headers in their order, decoded', async () => {
    expect((await show(['--headers'])).stdout.split('\n')).toEqual([
      'From: Zoë <zoe@example.org>',
      'To: Ann <ann@example.com>',
      'Subject: A ✉ for you',
      'Received: by a',
      'Received: by b',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b1',
      '',
    ]);
  });

  it('gives octets as they are in a pipe, and safe text on a terminal', async () => {
    expect((await show(['--raw'])).stdout).toBe(sample);
    expect((await show(['--text'])).stdout).toBe('Grüße \u001b[2J');
    expect((await show(['--text'], { terminal: true })).stdout).toBe('Grüße \\u{1b}[2J\n');
    const latin1 = Buffer.from(
      'Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xfc',
      'latin1',
    );
    const onTerminal: FakeWorld = { stdin: latin1, terminal: true };
    expect((await show(['--part', '1'], onTerminal)).stdout).toBe('ü\n');
    expect((await show(['--raw'], onTerminal)).stdout).toMatch(/\n\n\ufffd\n$/);
    expect([...(await show(['--part', '1'], { stdin: latin1 })).bytes]).toEqual([0xfc]);
    expect((await show(['--html'])).stdout).toBe('<p>Hello</p>');
    expect([...(await show(['--part', '2'])).bytes]).toEqual([0x00, 0xff, 0x10]);
    expect((await show(['--part', '3.1'])).stdout).toBe('deep');
  });

  it('does not pour octets on a terminal', async () => {
    const { code, stdout, stderr } = await show(['--part', '2'], { terminal: true });
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(
      'this part is application/octet-stream, 3 B; use --out FILE, or a pipe',
    );
  });

  it('writes to a file', async () => {
    const path = join(folder, 'part.bin');
    const { code, stdout } = await show(['--part', '2', '--out', path], { terminal: true });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect([...readFileSync(path)]).toEqual([0x00, 0xff, 0x10]);
    const nowhere = await show(['--raw', '--out', join(folder, 'no', 'x')]);
    expect(nowhere.code).toBe(64);
    expect(nowhere.stderr).toContain('there is no such file; check the path');
  });

  it('names the parts there are when one is asked for that is not', async () => {
    const { code, stderr } = await show(['--part', '4']);
    expect(code).toBe(64);
    expect(stderr).toContain("there is no part '4'; there are: 1, 1.1, 1.2, 2, 3, 3.1");
  });

  it('takes one view at a time', async () => {
    const { code, stderr } = await show(['--raw', '--html']);
    expect(code).toBe(64);
    expect(stderr).toContain("option '--html' cannot be used with option '--raw'");
  });

  it('gives everything as JSON', async () => {
    const { code, stdout } = await show(['--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      headers: [{ name: 'From', value: 'Zoë <zoe@example.org>' }, {}, {}, {}, {}, {}, {}],
      text: 'Grüße \u001b[2J',
      html: '<p>Hello</p>',
      root: {
        part: '',
        contentType: 'multipart/mixed',
        parts: [
          { part: '1', parts: [{ charset: 'utf-8', encoding: 'quoted-printable' }, {}] },
          { part: '2', filename: 'résumé.bin', disposition: 'attachment', size: 3 },
          { part: '3', parts: [{ part: '3.1', size: 4 }] },
        ],
      },
      attachments: ['2', '3'],
      problems: [],
    });
  });

  it('gives JSON that a terminal can take', async () => {
    const { stdout } = await show(['--json'], { stdin: 'Subject: a\u009b2Jb\u202ec\r\n\r\n' });
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(stdout).headers).toEqual([{ name: 'Subject', value: 'a\u009b2Jb\u202ec' }]);
  });

  it('lists what is wrong, and still shows the rest', async () => {
    const broken = mail(
      'Subject: x',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'Hi',
    );
    const { code, stdout } = await show([], { stdin: broken });
    expect(code).toBe(0);
    expect(stdout).toContain('1 problem:\n  line ');
    expect(stdout).toContain('(boundary-not-closed)');
    expect(stdout).toContain('\nHi\n');
  });

  it('survives messages inside messages without end', async () => {
    const deep = 'Content-Type: message/rfc822\r\n\r\n'.repeat(400);
    const { code, stdout } = await show([], { stdin: deep });
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBeLessThan(120);
  });

  it('keeps control characters of file names off the terminal', async () => {
    const evil = mail(
      'Content-Type: application/pdf; name="=?utf-8?Q?=1B]0;x=07=E2=80=AEfdp.exe?="',
      '',
      'x',
    );
    const { stdout } = await show([], { stdin: evil, terminal: true, env: { NO_COLOR: '1' } });
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(stdout).toContain('\\u{1b}]0;x\\u{7}\\u{202e}fdp.exe');
  });
});
