// What Debian's readers of TNEF make of ours: tnef, ytnef and Apache POI (HMEF).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MailMessage } from 'posthorn';
import { packTnef } from 'posthorn/convert';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { required } from './support/peer.ts';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const jars = ['poi', 'poi-scratchpad', 'commons-collections4', 'commons-codec', 'commons-math3']
  .map((name) => `/usr/share/java/${name}.jar`)
  .filter((path) => existsSync(path));
const hasPoi = has('javac') && jars.length >= 3;

const files = [
  { filename: 'Übersicht März.pdf', content: Buffer.alloc(100_000, '%PDF-1.4 ') },
  { filename: 'отчёт.txt', content: Buffer.from('the report') },
];
let folder: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-tnef-'));
  file = join(folder, 'winmail.dat');
  const packed = await packTnef(
    new MailMessage({
      from: 'Ann <ann@example.com>',
      to: 'bob@example.org',
      subject: 'Grüße aus Zürich',
      text: 'Grüße',
      html: '<p>Grüße <b>aus</b> <img src="cid:logo"></p>',
      linkedResources: [{ cid: 'logo', filename: 'logo.png', content: 'PNG' }],
      attachments: [
        ...files,
        new MailMessage({
          from: 'eve@example.com',
          to: 'a@example.com',
          subject: 'Inside',
          text: 'inner',
        }),
      ],
    }),
  );
  writeFileSync(file, (await packed.attachments[0]?.bytes()) ?? new Uint8Array(0));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** The files in a folder, as what they hold: how names are spelt differs. */
const contents = (path: string): string[] =>
  readdirSync(path, { encoding: 'buffer' }).map((name) =>
    sha256(readFileSync(Buffer.concat([Buffer.from(`${path}/`), name]))),
  );

describe('our winmail.dat', () => {
  it.skipIf(!has('tnef') && !required)('is read by tnef (apt-get install tnef)', () => {
    // It gives up at the first wrong checksum.
    const listed = spawnSync('tnef', ['--list', '-v', '-f', file], { encoding: 'utf8' });
    expect([listed.status, listed.stderr]).toEqual([0, '']);
    const target = join(folder, 'tnef');
    mkdirSync(target);
    const saved = spawnSync('tnef', ['-C', target, '-f', file], { encoding: 'utf8' });
    expect(saved.status).toBe(0);
    expect(contents(target)).toEqual(
      expect.arrayContaining(files.map(({ content }) => sha256(content))),
    );
  });

  it.skipIf(!has('ytnef') && !required)('is read by ytnef (apt-get install ytnef-tools)', () => {
    const printed = spawnSync('ytnefprint', [file], { encoding: 'utf8' });
    const said = printed.stdout + printed.stderr;
    expect(said).not.toContain('ERROR');
    expect(said).toContain('Inside');
    const target = join(folder, 'ytnef');
    mkdirSync(target);
    spawnSync('ytnef', ['-F', '-f', target, file]);
    expect(contents(target)).toEqual(
      expect.arrayContaining(files.map(({ content }) => sha256(content))),
    );
  });

  it.skipIf(!hasPoi && !required)(
    'is read by Apache POI (apt-get install libapache-poi-java default-jdk-headless)',
    () => {
      const source = fileURLToPath(new URL('support/ReadTnef.java', import.meta.url));
      const { status, stdout, stderr } = spawnSync(
        'java',
        ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', jars.join(':'), source, file],
        { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
      );
      expect([status, stderr]).toEqual([0, '']);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t'));
      const of = (name: string): string[][] =>
        lines.filter(([first]) => first === name).map(([, ...rest]) => rest);
      expect(of('subject')).toEqual([['Grüße aus Zürich']]);
      expect(of('attachment').map(([name, hash]) => [name, hash])).toEqual(
        expect.arrayContaining(files.map(({ filename, content }) => [filename, sha256(content)])),
      );
      expect(of('attachment')).toHaveLength(4);
      // PidTagTnefCorrelationKey, PidTagHtml, PidTagInternetMessageId.
      const ids = of('property').map(([id]) => Number(id));
      expect(ids).toEqual(expect.arrayContaining([0x7f, 0x1013, 0x1035]));
    },
  );
});
