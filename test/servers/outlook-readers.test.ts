// What we write as MSG, read by others: Apache POI, olefile, libgsf, msgreader. Each is skipped where it is not installed.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { MapiAttachment, type MapiMessage, PidTag, propertySets, writeMsg } from 'posthorn/outlook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bagOf } from '../mapi/content.ts';
import { inner, mail, octets, otherItems } from '../mapi/items.ts';
import { required } from './support/peer.ts';

// CommonJS, and its types say otherwise.
const { default: MsgReader } = createRequire(import.meta.url)(
  '@kenjiuno/msgreader',
) as typeof import('@kenjiuno/msgreader');

const folder = mkdtempSync(join(tmpdir(), 'posthorn-msg-'));
const large = inner(0);
large.attachments.push(MapiAttachment.file('large.bin', octets(9_000_000)));
const items: readonly MapiMessage[] = [mail(), inner(3), large, ...otherItems()];
const files: readonly string[] = items.map((_, index) => join(folder, `${index}.msg`));
const ansi = join(folder, 'ansi.msg');

beforeAll(() => {
  for (const [index, item] of items.entries()) writeFileSync(files[index] ?? '', writeMsg(item));
  const western = inner(1);
  western.subject = 'Größe';
  writeFileSync(ansi, writeMsg(western, { encoding: 'ansi', codePage: 1252 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const digest = (content: Uint8Array): string =>
  `${content.length} ${createHash('sha1').update(content).digest('hex')}`;

/** Runs a program with lines as its input. */
function run(command: string, args: readonly string[], input: readonly string[] = []): string {
  const done = spawnSync(command, args, {
    input: input.join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done.stdout;
}

const jars = [
  'poi',
  'poi-scratchpad',
  'commons-codec',
  'commons-collections4',
  'commons-math3',
  'commons-compress',
].map((name) => `/usr/share/java/${name}.jar`);
const hasPoi = existsSync(jars[1] ?? '') && spawnSync('java', ['-version']).status === 0;
const hasOlefile = spawnSync('/usr/bin/python3', ['-c', 'import olefile']).status === 0;
const hasGsf = spawnSync('gsf', ['--version']).status === 0;

interface Found {
  readonly error?: string;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly to: string | null;
  readonly messageClass: string;
  readonly recipients: readonly (readonly [name: string, address: string])[];
  readonly attachments: readonly {
    readonly name: string | null;
    readonly content: string | null;
    readonly message: Found | null;
  }[];
  readonly names: Readonly<Record<string, string>>;
}

/** What POI is to find in an item. */
function expectFound(found: Found, item: MapiMessage): void {
  expect(found.error).toBeUndefined();
  expect(found.subject).toBe(item.subject);
  expect(found.text ?? undefined).toBe(item.text);
  // This version of POI takes the octets of HTML for Windows-1252, whatever the message says.
  const html = item.properties.get(PidTag.Html);
  expect(found.html ?? undefined).toBe(html && iconv.decode(Buffer.from(html), 'windows-1252'));
  expect(found.messageClass).toBe(item.messageClass);
  expect(found.recipients).toEqual(item.recipients.map(({ name, address }) => [name, address]));
  expect(found.attachments.length).toBe(item.attachments.length);
  for (const [index, attachment] of item.attachments.entries()) {
    const other = found.attachments[index];
    if (attachment.message) {
      expect(other?.message).not.toBeNull();
      if (other?.message) expectFound(other.message, attachment.message);
    } else if (attachment.storage === undefined) {
      expect(other?.name).toBe(attachment.fileName);
      expect(other?.content).toBe(digest(attachment.bytes()));
    }
  }
}

describe('MSG files that we write', () => {
  it.skipIf(!hasPoi && !required)(
    'Apache POI (apt-get install libapache-poi-java)',
    { timeout: 120_000 },
    () => {
      const program = fileURLToPath(new URL('./support/ReadMsg.java', import.meta.url));
      const lines = run('java', ['-cp', jars.join(':'), program], [...files, ansi])
        .trim()
        .split('\n');
      const found = lines.map((line) => JSON.parse(line) as Found);
      for (const [index, item] of items.entries()) {
        const reading = found[index];
        expect(reading).toBeDefined();
        if (reading) expectFound(reading, item);
      }
      expect(found[0]?.to).toBe('Bob Größe');
      // The streams of the mapping of names, which POI reads as octets.
      expect(Object.keys(found[0]?.names ?? {})).toContain('__substg1.0_00030102');
      expect(found.at(-1)).toMatchObject({ subject: 'Größe', text: 'Text 1' });
    },
  );

  it.skipIf(!hasOlefile && !required)('olefile (apt-get install python3-olefile)', () => {
    const script = fileURLToPath(new URL('../../tools/score/read-msg.py', import.meta.url));
    const lines = run('/usr/bin/python3', [script], files).trim().split('\n');
    const plain = (value: unknown): unknown => {
      if (typeof value === 'bigint') return String(value);
      if (typeof value !== 'string') return Array.isArray(value) ? value.map(plain) : value;
      // A binary, as bagOf shows it.
      const binary = /^(\d+) ([A-Za-z0-9+/=]*)$/.exec(value);
      const content = Buffer.from(binary?.[2] ?? '', 'base64');
      return binary && content.length === Number(binary[1]) ? digest(content) : value;
    };
    const plainBag = (bag: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(bag).map(([name, value]) => [name, plain(value)]));
    for (const [index, item] of items.entries()) {
      const found = JSON.parse(lines[index] ?? '{}');
      expect(found.error).toBeUndefined();
      expect(found.properties).toMatchObject(plainBag(bagOf(item.properties)));
      expect(found.attachments.length).toBe(item.attachments.length);
    }
  });

  it.skipIf(!hasGsf && !required)('libgsf (apt-get install libgsf-bin)', () => {
    for (const [index, item] of items.entries()) {
      const listed = run('gsf', ['list', files[index] ?? '']);
      expect(listed).toContain('__nameid_version1.0');
      for (let number = 0; number < item.recipients.length; number++) {
        expect(listed).toContain(`__recip_version1.0_#0000000${number}`);
      }
    }
    const content = spawnSync(
      'gsf',
      ['cat', files[2] ?? '', '__attach_version1.0_#00000001/__substg1.0_37010102'],
      { maxBuffer: 2 ** 26 },
    );
    expect(digest(content.stdout)).toBe(digest(octets(9_000_000)));
  });

  it('msgreader', () => {
    for (const item of items) {
      // It takes the names of an object, which is a message here, for those of the file.
      item.attachments = item.attachments.filter(({ storage }) => storage === undefined);
      const bytes = writeMsg(item);
      const reader = new MsgReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
      reader.parserConfig = { includeRawProps: true };
      const found = reader.getFileData();
      expect(found.error).toBeUndefined();
      expect(found.subject).toBe(item.subject);
      expect(found.body).toBe(item.text);
      expect(found.messageClass).toBe(item.messageClass);
      expect(found.recipients?.map(({ name }) => name)).toEqual(
        item.recipients.map(({ name }) => name),
      );
      for (const [at, attachment] of item.attachments.entries()) {
        const other = found.attachments?.[at];
        if (attachment.message)
          expect(other?.innerMsgContentFields?.subject).toBe(attachment.message.subject);
        else if (attachment.size > 0) {
          expect(other?.fileName).toBe(attachment.fileName);
          const { content } = reader.getAttachment(other ?? 0);
          expect(digest(content)).toBe(digest(attachment.bytes()));
        }
      }
      expectNamed(found.rawProps ?? [], item);
    }
  });

  it('msgreader finds the octets of HTML', () => {
    const bytes = writeMsg(mail());
    const { html } = new MsgReader(
      new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    ).getFileData();
    expect(Buffer.from(html ?? [])).toEqual(Buffer.from(mail().properties.get(PidTag.Html) ?? []));
  });
});

interface RawProperty {
  readonly propertySet?: string | undefined;
  readonly propertyLid?: string | undefined;
  readonly propertyName?: string | undefined;
}

/** Every named property of the item is under its name in what msgreader found: numbers with their set, strings without. */
function expectNamed(raw: readonly RawProperty[], item: MapiMessage): void {
  const found = new Set(
    raw.map(({ propertySet, propertyLid, propertyName }) =>
      propertyLid ? `${propertySet} ${Number.parseInt(propertyLid, 16)}` : propertyName,
    ),
  );
  for (const { key } of item.properties) {
    // It has another GUID for PS_MAPI.
    if ('set' in key && key.set === propertySets.mapi) continue;
    if ('lid' in key) expect(found).toContain(`${key.set.toLowerCase()} ${key.lid}`);
    else if ('name' in key) expect(found).toContain(key.name);
  }
}
