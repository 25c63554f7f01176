// A large file is read by ranges, as it is asked for: what was read is never garbage, and no file stays open.
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailMessage as RangedMessage } from '../../src/message/mail-message.ts';
import { StoredFile } from '../../src/message/stored-file.ts';
import { StoredMail } from '../../src/message/stored-mail.ts';
import {
  factsOf,
  joinFacts,
  messageSize,
  NO_FACTS,
  sourceFacts,
} from '../../src/message/wire-facts.ts';
import { collect, errorOf } from './kit.ts';

const MIB = 1_048_576;
let folder = '';
let path = '';
let bytes = Buffer.alloc(0);
const content = Buffer.alloc(4 * MIB, 'some content, again and again; ');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-'));
  path = join(folder, 'large.eml');
  bytes = Buffer.from(
    await new MailMessage({
      from: 'ann@example.com',
      to: 'bob@example.com',
      subject: 'A large file',
      text: 'See the file.',
      html: '<p>See the file.',
      attachments: [
        { filename: 'a.bin', content },
        { filename: 'b.txt', content: 'small' },
      ],
    }).toBytes(),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The file as new, and the message in it. */
async function load(): Promise<MailMessage> {
  await writeFile(path, bytes);
  return await MailMessage.load(path);
}

// Other tests run in this process: only files of this folder count. A descriptor may be closed while it is looked at.
const DESCRIPTORS = '/proc/self/fd';
const openFiles = (): number =>
  (existsSync(DESCRIPTORS) ? readdirSync(DESCRIPTORS) : []).filter((name) => {
    try {
      return readlinkSync(`${DESCRIPTORS}/${name}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;

describe('a large file', () => {
  it('has what the bytes have', async () => {
    const message = await load();
    const wanted = MailMessage.parse(bytes);
    expect([...message.headers]).toEqual([...wanted.headers]);
    expect([message.subject, message.text, message.html]).toEqual([
      'A large file',
      'See the file.',
      '<p>See the file.',
    ]);
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['a.bin', 'b.txt']);
    expect(Buffer.compare((await message.attachments[0]?.bytes()) ?? bytes, content)).toBe(0);
    expect(Buffer.compare(await collect(message.attachments[0]!.stream()), content)).toBe(0);
    expect(Buffer.from(message.root.parts[2]!.content()).toString()).toBe('small');
    expect(message.problems).toEqual(wanted.problems);
  });

  it('is written byte for byte: whole, as a stream, to a file, on the wire', async () => {
    const message = await load();
    expect(Buffer.compare(await message.toBytes(), bytes)).toBe(0);
    expect(Buffer.compare(await collect(message.toStream()), bytes)).toBe(0);
    const rendered = await message.render();
    expect(rendered.size).toBe(bytes.length);
    expect(rendered.eightBit).toBe(false);
    expect(Buffer.compare(await collect(rendered.chunks()), bytes)).toBe(0);
    let at = 0;
    for await (const piece of rendered.pass()) {
      expect(Buffer.compare(piece, bytes.subarray(at, at + piece.length))).toBe(0);
      at += piece.length;
    }
    expect(at).toBe(bytes.length);
    await message.save(join(folder, 'copy.eml'));
    expect(Buffer.compare(await readFile(join(folder, 'copy.eml')), bytes)).toBe(0);
  });

  it('with a changed header keeps all else', async () => {
    const message = await load();
    message.subject = 'Another';
    const changed = bytes.toString('latin1').replace('A large file', 'Another');
    expect(Buffer.from(await message.toBytes()).toString('latin1') === changed).toBe(true);
    expect((await message.render()).size).toBe(changed.length);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['longer', () => writeFile(path, Buffer.concat([bytes, Buffer.from('x')]))],
    ['shorter', () => writeFile(path, bytes.subarray(0, 5 * MIB))],
    ['touched', () => utimes(path, 1, 1)],
    ['gone', () => rm(path)],
    [
      'another',
      async () => {
        await writeFile(`${path}.new`, bytes);
        await rename(`${path}.new`, path);
      },
    ],
  ])('that became %s is an error', async (_, change) => {
    const message = await load();
    const { attachments } = message;
    const before = openFiles();
    await change();
    for (const use of [
      () => message.text,
      () => attachments[0]!.bytes(),
      () => collect(attachments[0]!.stream()),
      () => message.toBytes(),
      () => message.save(join(folder, 'never.eml')),
      () => message.render(),
    ]) {
      const error = await errorOf(use);
      expect(error).toMatchObject({
        code: 'FILE_CHANGED',
        message: `The file '${path}' is not the one that was loaded: it was changed or replaced meanwhile; load it again`,
        retryable: false,
        delivered: 'no',
      });
    }
    expect(existsSync(join(folder, 'never.eml'))).toBe(false);
    expect(openFiles()).toBe(before);
  });

  it.skipIf(!existsSync(DESCRIPTORS))('is closed, also when reading stops', async () => {
    const before = openFiles();
    const message = await load();
    expect(openFiles()).toBe(before);
    for await (const _ of message.attachments[0]!.stream()) break;
    for await (const _ of message.root.parts[1]!.pass()) break;
    const reader = message.toStream().getReader();
    await reader.read();
    await reader.cancel();
    void message.text;
    expect(openFiles()).toBe(before);
  });

  it('is read whole when it is small, so that it can go', async () => {
    const small = join(folder, 'small.eml');
    await writeFile(small, 'Subject: x\n\nbody');
    const message = await MailMessage.load(small);
    await rm(small);
    expect(message.text).toBe('body');
  });

  it('of another format is refused', async () => {
    const one = `From a@b.test Thu Jan  1 10:00:00 2026\nSubject: x\n\n${'x\n'.repeat(300_000)}\n`;
    const archive = join(folder, 'archive');
    await writeFile(archive, one.repeat(9));
    const error = await errorOf(() => MailMessage.load(archive));
    expect(error).toMatchObject({
      code: 'FORMAT_INVALID',
      message: 'This is not an internet message (EML) but mbox; give a message file',
    });
    // One message behind a separator line is a message.
    await writeFile(archive, one + 'x\n'.repeat(2 * MIB));
    expect((await MailMessage.load(archive)).subject).toBe('x');
  });
});

describe('unchanged', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '--b',
      '--b--',
      '',
      'Content-Type: multipart/mixed; boundary=b',
      'Bcc',
      'From x',
    ),
    fc.constantFrom(
      'Subject: =?x',
      ' folded',
      '\tfolded',
      'Content-Transfer-Encoding: base64',
      '.',
    ),
    fc.string({ maxLength: 80 }).map((text) => text.replace(/[\r\n]/g, '')),
    fc.constant('é'),
  );
  const mail = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 40 })
    .map((lines) => Buffer.from(lines.flat().join(''), 'latin1'))
    .filter((octets) => !/^BEGIN:VCAL/i.test(octets.toString('latin1')));

  it('is what came: from bytes, a stream and a file', async () => {
    const file = join(folder, 'any.eml');
    await fc.assert(
      fc.asyncProperty(mail, async (octets) => {
        await writeFile(file, octets);
        const sources = [octets, file, Readable.from([octets.subarray(0, 9), octets.subarray(9)])];
        for (const source of sources) {
          const message = await MailMessage.load(source);
          expect(Buffer.compare(await message.toBytes(), octets)).toBe(0);
          expect(Buffer.compare(await collect(message.toStream()), octets)).toBe(0);
        }
        // A small file is read whole: here it is read by ranges all the same.
        const stored = new StoredFile(file, statSync(file, { bigint: true }));
        const ranged = new RangedMessage(await StoredMail.read(stored));
        expect(Buffer.compare(await ranged.toBytes(), octets)).toBe(0);
        const plain = MailMessage.parse(octets);
        expect([...ranged.headers]).toEqual([...plain.headers]);
        expect([ranged.text, ranged.html]).toEqual([plain.text, plain.html]);
        const [a, b] = [await ranged.render(), await plain.render()];
        expect([a.size, a.eightBit, a.utf8]).toEqual([b.size, b.eightBit, b.utf8]);
        expect(Buffer.compare(await collect(a.chunks()), b.bytes())).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('has the size of what is not encoded, and does not read the rest for it', async () => {
    const file = join(folder, 'sizes.eml');
    const inner = 'Subject: inner\r\n\r\nHello';
    const parts = [
      'Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\neA==',
      `Content-Type: message/rfc822\r\n\r\n${inner}`,
    ].map((part) => `--b\r\n${part}\r\n`);
    await writeFile(
      file,
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}--b--`,
    );
    const source = new StoredFile(file, statSync(file, { bigint: true }));
    const { attachments } = new RangedMessage(await StoredMail.read(source));
    expect(attachments.map(({ size }) => size)).toEqual([undefined, inner.length]);
    const forward = new RangedMessage({ from: 'a@x.example', attachments: attachments.slice(1) });
    const written = Buffer.from(await forward.toBytes()).toString();
    expect(written).toContain(`\r\n\r\n${inner}\r\n`);
  });

  it('is counted for the wire by its ranges as at once', async () => {
    const file = join(folder, 'facts.bin');
    const pieces = fc.constantFrom('\r', '\n', '\r\n', 'é', 'line\r\n', 'x'.repeat(700_000));
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 8 }), fc.nat(), async (list, at) => {
        const octets = Buffer.from(list.join(''), 'latin1');
        await writeFile(file, octets);
        const cut = octets.length === 0 ? 0 : at % octets.length;
        const wanted = factsOf(octets);
        for (const measured of [true, false]) {
          const facts = sourceFacts(new StoredFile(file, statSync(file, { bigint: true })));
          if (measured) await facts.measure();
          const found = joinFacts(facts.of(0, cut), facts.of(cut, octets.length));
          expect(joinFacts(NO_FACTS, found)).toEqual(wanted);
        }
        const onTheWire = octets.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
        const isOpen = onTheWire !== '' && !onTheWire.endsWith('\n');
        expect(messageSize(wanted)).toBe(onTheWire.length + (isOpen ? 2 : 0));
      }),
      { numRuns: 40 },
    );
  });
});
