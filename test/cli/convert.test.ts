// `posthorn convert`: files and folders, what it prints, and its exit codes.
import { Buffer } from 'node:buffer';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MailMessage } from 'posthorn';
import { detectFormat } from 'posthorn/convert';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'posthorn-convert-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const mail = 'From: ann@example.com\nTo: bob@example.org\nSubject: Hi\n\nHello\n';

describe('posthorn convert', () => {
  it('converts one file', async () => {
    const path = put('one/a.eml', mail);
    const done = await runCommand(['convert', path, '--to', 'msg']);
    expect(done).toMatchObject({ code: 0, stdout: 'Converted 1 of 1 file\n', stderr: '' });
    expect(await detectFormat(join(folder, 'one/a.msg'))).toBe('msg');
    const shown = await runCommand(['show', join(folder, 'one/a.msg')]);
    expect(shown.stdout).toContain('Subject:    Hi\n');
    expect(shown.stdout).toContain('\nHello\n');
  });

  it('packs mail for Outlook and makes it normal again', async () => {
    const path = put('packed/a.eml', mail);
    const to = ['--to', 'eml', '--out'];
    const packed = join(folder, 'packed/out');
    await runCommand(['convert', path, '--tnef', 'pack', ...to, packed]);
    const named = async (file: string): Promise<unknown> =>
      (await MailMessage.load(file, { tnef: 'keep' })).attachments.map(({ filename }) => filename);
    expect(await named(join(packed, 'a.eml'))).toEqual(['winmail.dat']);
    const opened = join(folder, 'packed/opened');
    await runCommand(['convert', join(packed, 'a.eml'), ...to, opened]);
    expect(await named(join(opened, 'a.eml'))).toEqual([]);
  });

  it('replaces nothing unless told', async () => {
    const path = put('kept/a.eml', mail);
    const target = put('kept/a.html', 'mine');
    const refused = await runCommand(['convert', path, '--to', 'html']);
    expect(refused).toMatchObject({ code: 64, stdout: 'Converted 0 of 1 file; 1 failed\n' });
    expect(refused.stderr).toBe(
      `${path}: The file '${target}' is there already; give another place, or allow it to be replaced (overwrite)\n`,
    );
    expect(readFileSync(target, 'utf8')).toBe('mine');
    const done = await runCommand(['convert', path, '--to', 'html', '--overwrite']);
    expect(done).toMatchObject({
      code: 0,
      stdout: 'Converted 1 of 1 file; of 1 not everything has a place in the new format\n',
    });
  });

  it('converts folders, tells what is lost, and writes a report', async () => {
    put('tree/a.eml', mail.replace('\n\n', '\nX-A: b\n\n'));
    put('tree/sub/b.eml', mail.replace('Hi', 'Ho'));
    put('tree/sub/logo.png', '\x89PNG');
    put('tree/bad.msg', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(9)]));
    const report = join(folder, 'report.json');
    const done = await runCommand([
      ...['convert', join(folder, 'tree'), join(folder, 'tree/bad.msg'), '--to', 'text'],
      ...['--out', join(folder, 'tree-out'), '--report', report, '--verbose'],
    ]);
    expect(done.code).toBe(65);
    expect(done.stdout).toBe(
      'Converted 2 of 4 files; of 1 not everything has a place in the new format; 1 skipped; 2 failed\n',
    );
    expect(done.stderr).toContain(`${join(folder, 'tree/sub/logo.png')}: skipped, no mail\n`);
    expect(done.stderr).toContain('  There is no place for the header fields');
    expect(readFileSync(join(folder, 'tree-out/sub/b.txt'), 'utf8')).toContain('Subject: Ho\n');
    const told = JSON.parse(readFileSync(report, 'utf8')) as {
      files: { source: string; status: string; losses: unknown[]; error?: { code: string } }[];
      summary: object;
    };
    expect(told.summary).toEqual({ converted: 2, failed: 2, skipped: 1, messages: 2, lossy: 1 });
    expect(told.files.map(({ status }) => status)).toEqual([
      'converted',
      'failed',
      'converted',
      'skipped',
      'failed',
    ]);
    expect(told.files[4]?.error?.code).toBe('FORMAT_INVALID');
  });

  it('prints a line of JSON for each file', async () => {
    const path = put('json/a.eml', mail);
    const done = await runCommand([
      'convert',
      path,
      '--to',
      'eml',
      '--out',
      join(folder, 'j'),
      '--json',
    ]);
    const [line, summary] = done.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown);
    expect(line).toEqual({
      index: 0,
      source: path,
      status: 'converted',
      from: 'eml',
      targets: [join(folder, 'j/a.eml')],
      messages: 1,
      losses: [],
    });
    expect(summary).toEqual({
      summary: { converted: 1, failed: 0, skipped: 0, messages: 1, lossy: 0 },
    });
    expect(readFileSync(join(folder, 'j/a.eml'), 'utf8')).toBe(mail);
  });

  it('collects messages in one mbox file, and takes it apart again', async () => {
    put('box/1.eml', mail);
    put('box/2.eml', mail);
    const out = join(folder, 'all.mbox');
    const done = await runCommand(['convert', join(folder, 'box'), '--to', 'mbox', '--out', out]);
    expect(done.stdout).toBe('Converted 2 of 2 files\n');
    const apart = await runCommand([
      'convert',
      out,
      '--to',
      'emlx',
      '--out',
      join(folder, 'apart'),
    ]);
    expect(apart.stdout).toBe('Converted 1 of 1 file, 2 messages\n');
    expect(existsSync(join(folder, 'apart/all/0002 Hi.emlx'))).toBe(true);
  });

  it('reads standard input and writes standard output', async () => {
    const done = await runCommand(['convert', '-', '--to', 'mht'], { stdin: mail });
    expect(done.code).toBe(0);
    expect((await MailMessage.load(done.bytes)).subject).toBe('Hi');
    const wrong = await runCommand(['convert', '-', '--to', 'ics'], { stdin: mail });
    expect(wrong).toMatchObject({ code: 65, stdout: '' });
    expect(wrong.stderr).toBe(
      'posthorn: The message holds no part that is a calendar; choose another format, such as eml\n',
    );
    const both = await runCommand(['convert', '-', 'x.eml', '--to', 'eml'], { stdin: mail });
    expect(both).toMatchObject({ code: 64 });
    expect(both.stderr).toBe('posthorn: - (standard input) is one message; it goes alone\n');
  });

  it('shows how far it has come on a terminal', async () => {
    put('far/1.eml', mail);
    put('far/2.eml', mail);
    const done = await runCommand(['convert', join(folder, 'far'), '--to', 'msg'], {
      terminal: true,
    });
    expect(done.stderr).toContain('50 %  1 of 2');
    expect(done.stderr.endsWith('\u001b[K')).toBe(true);
  });

  it('ends at Ctrl-C after the file that is under way', async () => {
    for (const name of ['1', '2', '3']) put(`ctrl/${name}.eml`, mail);
    const done = await runCommand(['convert', join(folder, 'ctrl'), '--to', 'mht', '--json'], {
      onWrite: (_, interrupt) => interrupt(),
    });
    expect(done.code).toBe(130);
    expect(existsSync(join(folder, 'ctrl/3.mht'))).toBe(false);
  });

  it.each([
    [['convert', 'x.eml'], 64, /required option '--to <FORMAT>' not specified/],
    [['convert', 'x.eml', '--to', 'doc'], 64, /option '--to <FORMAT>' argument 'doc' is invalid/],
    [
      ['convert', '/nowhere/x.eml', '--to', 'eml'],
      66,
      /^posthorn: '\/nowhere\/x\.eml': there is no such file/,
    ],
    [
      ['convert', '.', '--to', 'eml', '--report', '/nowhere/x.json'],
      64,
      /^posthorn: --report '\/nowhere\/x\.json'/,
    ],
  ])('says what is wrong: %j', async (argv, code, message) => {
    const done = await runCommand(argv as string[]);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(message as RegExp);
  });
});

describe('other verbs', () => {
  it('show and dry runs take other formats', async () => {
    const msg = put('verbs/a.msg', await MailMessage.parse(mail).toBytes('msg'));
    const json = await runCommand(['show', msg, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ text: expect.stringContaining('Hello') });
    const sent = await runCommand(['send', msg, '--dry-run']);
    expect(sent.code).toBe(0);
    expect(sent.stdout).toContain('Subject: Hi\r\n');
    const many = await runCommand(['send', join(folder, 'verbs'), '--dry-run']);
    expect(many.stdout).toBe(`${msg}: from ann@example.com to bob@example.org\n`);
  });

  it('show tells what is wrong with the file', async () => {
    const emlx = put('verbs2/a.emlx', `5\n${mail}<plist></plist>\n`);
    const shown = await runCommand(['show', emlx]);
    expect(shown.stdout).toContain(
      'line 1: The length in the first line is not that of the message (file-damaged)',
    );
  });
});
