// convert and convertAll: every way between the formats, what is told, and what is left alone.
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MailMessage, MemoryTransport, type MessageFormat } from 'posthorn';
import { type ConvertOutcome, convert, convertAll, detectFormat } from 'posthorn/convert';
import { readMsg } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { errorOf, fullMessage, stored, temporaryFolder } from './kit.ts';

const { folder, put } = temporaryFolder();
const holding: readonly MessageFormat[] = ['eml', 'emlx', 'msg', 'oft', 'tnef', 'mht', 'json'];

async function all(...given: Parameters<typeof convertAll>): Promise<ConvertOutcome[]> {
  const outcomes: ConvertOutcome[] = [];
  for await (const outcome of convertAll(...given)) outcomes.push(outcome);
  return outcomes;
}

describe('any format to any other', () => {
  it('keeps subject, people, text, HTML and attachments', async () => {
    const mail = await stored(fullMessage());
    for (const from of holding) {
      const file = await mail.toBytes(from);
      for (const to of holding) {
        const way = `${from} to ${to}`;
        const report = await convert(file, undefined, { to });
        expect(report, way).toMatchObject({ from, to, messages: 1 });
        const back = await MailMessage.load(report.bytes ?? new Uint8Array());
        expect(back.subject, way).toBe('Größe – 1 < 2');
        expect(back.to.map(String), way).toEqual(['Bob <bob@example.org>']);
        expect(back.text?.trimEnd(), way).toBe('Hi ö');
        expect(back.html, way).toContain('cid:logo');
        const names = back.attachments.map(({ filename }) => filename);
        expect(names, way).toContain('Übersicht.txt');
        expect(names, way).toContain('logo.png');
      }
    }
  });

  it('copies a file of the same format', async () => {
    for (const format of holding) {
      const file = await fullMessage().toBytes(format);
      const { bytes } = await convert(file, undefined, { to: format });
      expect(Buffer.from(bytes ?? []), format).toEqual(Buffer.from(file));
    }
  });

  it('keeps every property between the formats of Outlook', async () => {
    const file = await fullMessage().toBytes('msg');
    const tnef = await convert(file, undefined, { to: 'tnef' });
    const { bytes } = await convert(tnef.bytes ?? new Uint8Array(), undefined, { to: 'msg' });
    const before = readMsg(file);
    const after = readMsg(bytes ?? new Uint8Array());
    for (const { key, value } of before.properties) {
      expect(
        [...after.properties].find((other) => JSON.stringify(other.key) === JSON.stringify(key))
          ?.value,
      ).toEqual(value);
    }
  });

  it('opens winmail.dat on the way', async () => {
    const tnef = Buffer.from(await fullMessage().toBytes('tnef')).toString('base64');
    const mail = Buffer.from(
      `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef}\r\n--b--\r\n`,
    );
    for (const to of ['html', 'mht', 'emlx'] as const) {
      const { bytes } = await convert(mail, undefined, { to });
      const back = await MailMessage.load(bytes ?? new Uint8Array());
      expect(back.html, to).toContain('<p>Hi ');
    }
  });
});

describe('one file', () => {
  it('goes where the path says, in the format that its extension says', async () => {
    const path = put('in/a.eml', await fullMessage().toBytes());
    const target = join(folder, 'deep/er/b.msg');
    const report = await convert(path, target);
    expect(report).toMatchObject({ from: 'eml', to: 'msg', messages: 1 });
    expect(report.bytes).toBeUndefined();
    expect(await detectFormat(target)).toBe('msg');
    await convert(pathToFileURL(path), pathToFileURL(join(folder, 'c.dat')));
    expect(await detectFormat(join(folder, 'c.dat'))).toBe('tnef');
  });

  it('replaces another only when it may', async () => {
    const path = put('once.eml', 'Subject: x\n\n');
    const target = put('once.mht', 'mine');
    const error = await errorOf(() => convert(path, target, { overwrite: false }));
    expect(error).toMatchObject({
      code: 'OPTION_INVALID',
      message: `The file '${target}' is there already; give another place, or allow it to be replaced (overwrite)`,
    });
    expect(readFileSync(target, 'utf8')).toBe('mine');
    await convert(path, target);
    expect(await detectFormat(target)).toBe('mht');
  });

  it('leaves nothing behind when it fails', async () => {
    const path = put('no-calendar.eml', 'Subject: x\n\n');
    const target = join(folder, 'fails/x.ics');
    const error = await errorOf(() => convert(path, target, { overwrite: false }));
    expect(error.code).toBe('MESSAGE_NOT_CONVERTIBLE');
    expect(readdirSync(join(folder, 'fails'))).toEqual([]);
  });

  it.each<[string, () => unknown, string, RegExp | string]>([
    [
      'no format',
      () => convert(Buffer.from('a: b\n\n'), undefined),
      'OPTION_INVALID',
      "A conversion to bytes has to name its format: { to: 'msg' }",
    ],
    [
      'a wrong format',
      () => convert(Buffer.from('Subject: b\n\n'), undefined, { to: 'doc' as never }),
      'OPTION_INVALID',
      /^The format 'doc' is not supported/,
    ],
    [
      'a wrong option',
      () => convert(Buffer.from('x'), undefined, { format: 'eml' } as never),
      'OPTION_INVALID',
      /^'format' is not an option of converting/,
    ],
    [
      'no mail',
      () => convert(Buffer.from('hello'), undefined, { to: 'eml' }),
      'FORMAT_INVALID',
      "This is no message in a format that is known; name its format: { from: 'eml' }",
    ],
    [
      'an archive',
      () => convert(Buffer.from('PK\u0003\u0004'), undefined, { to: 'eml' }),
      'FORMAT_INVALID',
      'This is not a message but a ZIP archive; unpack it first',
    ],
  ])('is refused: %s', async (_, call, code, message) => {
    const error = await errorOf(call);
    expect(error.code).toBe(code);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

describe('many files', () => {
  it('are converted with their folders; what fails stops no other', async () => {
    const root = 'many';
    put(`${root}/a.eml`, 'Subject: a\n\n1');
    put(
      `${root}/a.msg`,
      await new MailMessage({ from: 'a@b.test', subject: 'b', text: '2' }).toBytes('msg'),
    );
    put(`${root}/sub/10.eml`, 'Subject: 10\n\n');
    put(`${root}/sub/2.eml`, 'Subject: 2\n\n');
    put(`${root}/.hidden.eml`, 'Subject: h\n\n');
    put(`${root}/picture.png`, '\x89PNG');
    put(
      `${root}/broken.msg`,
      (await new MailMessage({ from: 'a@b.test' }).toBytes('msg')).subarray(0, 3000),
    );
    symlinkSync('/', join(folder, root, 'loop'));
    const out = join(folder, 'many-out');
    const outcomes = await all([join(folder, root), put('named.txt', 'no mail')], {
      to: 'emlx',
      out,
    });
    const inside = (path: string): string => path.slice(folder.length + 1);
    expect(
      outcomes.map(({ source, status, targets, index, total }) => [
        inside(source),
        status,
        targets.map(inside),
        index,
        total,
      ]),
    ).toEqual([
      ['many/a.eml', 'converted', ['many-out/a.emlx'], 0, 7],
      ['many/a.msg', 'converted', ['many-out/a-2.emlx'], 1, 7],
      ['many/broken.msg', 'failed', [], 2, 7],
      ['many/picture.png', 'skipped', [], 3, 7],
      ['many/sub/2.eml', 'converted', ['many-out/sub/2.emlx'], 4, 7],
      ['many/sub/10.eml', 'converted', ['many-out/sub/10.emlx'], 5, 7],
      ['named.txt', 'failed', [], 6, 7],
    ]);
    expect(outcomes[2]?.error?.code).toBe('FORMAT_INVALID');
    expect(outcomes[6]?.error?.message).toMatch(/^This is no message in a format that is known/);
  });

  it('stand beside their sources when nothing else is said, and replace nothing', async () => {
    const path = put('beside/x.eml', 'Subject: x\n\n');
    const first = await all([path], { to: 'mht' });
    expect(first[0]?.targets).toEqual([join(folder, 'beside/x.mht')]);
    const second = await all([path], { to: 'mht' });
    expect(second[0]).toMatchObject({ status: 'failed', error: { code: 'OPTION_INVALID' } });
    expect((await all([path], { to: 'mht', overwrite: true }))[0]?.status).toBe('converted');
    expect((await all([path], { to: 'eml' }))[0]?.status).toBe('failed');
  });

  it('are collected in one mbox file', async () => {
    const first = put('collect/a.eml', 'Subject: a\n\n1\n');
    const second = put(
      'collect/b.json',
      await new MailMessage({ from: 'a@b.test', subject: 'b' }).toBytes('json'),
    );
    const out = join(folder, 'collected.mbox');
    const outcomes = await all([first, put('collect/c.txt', 'x'), second], { to: 'mbox', out });
    expect(outcomes.map(({ status, targets }) => [status, targets])).toEqual([
      ['converted', [out]],
      ['failed', []],
      ['converted', [out]],
    ]);
    expect(readFileSync(out, 'utf8').match(/^From /gm)).toHaveLength(2);
    expect((await errorOf(() => all([first], { to: 'mbox', out }))).code).toBe('OPTION_INVALID');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('end where they are told to', async () => {
    const paths = ['1', '2', '3'].map((name) => put(`end/${name}.eml`, 'Subject: x\n\n'));
    const end = new AbortController();
    const out = join(folder, 'ended.mbox');
    for await (const { index } of convertAll(paths, { to: 'mbox', out, signal: end.signal })) {
      if (index === 1) end.abort();
    }
    expect(readFileSync(out, 'utf8').match(/^From /gm)).toHaveLength(2);
    const left = join(folder, 'left.mbox');
    for await (const _ of convertAll(paths, { to: 'mbox', out: left })) break;
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('have to be there', async () => {
    expect(await errorOf(() => all(['/nowhere/x'], { to: 'eml' }))).toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('sending', () => {
  it('attaches what was loaded from any format as a message', async () => {
    for (const format of holding) {
      const inner = await MailMessage.load(await fullMessage().toBytes(format));
      const outer = await stored(new MailMessage({ text: 'see', attachments: [inner] }));
      const [attached] = outer.attachments;
      expect(attached?.message?.subject, format).toBe('Größe – 1 < 2');
    }
  });

  it('takes what was loaded from any format', async () => {
    for (const format of holding) {
      const path = put(`send/x.${format}`, await fullMessage().toBytes(format));
      const transport = new MemoryTransport();
      await transport.send(await MailMessage.load(path), {
        envelope: { from: 'a@b.test', to: ['c@d.test'] },
      });
      const [sent] = transport.messages;
      expect(sent?.message.subject, format).toBe('Größe – 1 < 2');
    }
  });
});
