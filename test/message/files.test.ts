import { Buffer } from 'node:buffer';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { MailMessage } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, errorOf, people } from './kit.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const text = 'Subject: stored\r\nBcc: hidden@example.com\r\n\r\nbody\r\n';
const bytes = Buffer.from(text);

const formats = 'eml, emlx, msg, oft, tnef, mht, html, ics, vcf, json, text';

describe('loading', () => {
  it('from a path, a URL, bytes, a Blob and streams', async () => {
    const path = join(folder, 'in.eml');
    await writeFile(path, bytes);
    const sources = [
      path,
      pathToFileURL(path),
      bytes,
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
      new Blob([bytes]),
      new Blob([bytes]).stream(),
      Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]),
    ];
    for (const source of sources) {
      const message = await MailMessage.load(source);
      expect(message.subject).toBe('stored');
      expect(Buffer.from(await message.toBytes()).toString()).toBe(text);
    }
    expect((await MailMessage.load(path, { format: 'eml' })).subject).toBe('stored');
  });

  it.each<[string, () => Promise<unknown>, string, string | RegExp]>([
    [
      'a missing file',
      () => MailMessage.load(join(folder, 'no.eml')),
      'FILE_INACCESSIBLE',
      /^The file '.*no\.eml' can't be read \(ENOENT.*\); check the path and its permissions$/,
    ],
    [
      'a message as a path',
      () => MailMessage.load(text),
      'OPTION_INVALID',
      'A string is a path; read message text with MailMessage.parse(text)',
    ],
    [
      'a web address',
      () => MailMessage.load(new URL('https://example.com/a.eml')),
      'OPTION_INVALID',
      "A message is loaded from a file: URL, not https:; fetch it first and load the response's body",
    ],
    [
      'a format of its own',
      () => MailMessage.load(bytes, { format: 'doc' as never }),
      'OPTION_INVALID',
      `The format 'doc' is not supported; supported: ${formats}`,
    ],
    [
      'an option that is not known',
      () => MailMessage.load(bytes, { formt: 'eml' } as never),
      'OPTION_INVALID',
      "'formt' is not an option of loading; did you mean 'format'?",
    ],
    [
      'a function',
      () => MailMessage.load((() => bytes) as never),
      'OPTION_INVALID',
      'A message is loaded from a path, bytes or a stream; call the function and give what it returns',
    ],
    [
      'nothing',
      () => MailMessage.load(undefined as never),
      'MESSAGE_FIELD_INVALID',
      "the message has content that can't be read (undefined); give a string, Uint8Array, Blob, stream, or a function that opens a stream",
    ],
  ])('%s is refused', async (_, call, code, message) => {
    const error = await errorOf(call);
    expect(error.code).toBe(code);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

describe('saving', () => {
  it('writes the file whole, and what was there before is gone', async () => {
    const path = join(folder, 'out.EML');
    await writeFile(path, 'old');
    await MailMessage.parse(bytes).save(path);
    expect(await readFile(path, 'utf8')).toBe(text);
    await MailMessage.parse('Subject: x\n\n').save(pathToFileURL(path));
    expect(await readFile(path, 'utf8')).toBe('Subject: x\n\n');
    await MailMessage.parse(bytes).save(join(folder, 'other'), { format: 'eml' });
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe(text);
  });

  it('says what is wrong with the place', async () => {
    const message = new MailMessage({ ...people });
    const missing = await errorOf(() => message.save(join(folder, 'no', 'such.eml')));
    expect(missing.code).toBe('FILE_INACCESSIBLE');
    expect(missing.message).toMatch(
      /^The file '.*such\.eml' can't be written \(ENOENT.*\); check the path and its permissions$/,
    );
  });

  it('leaves the old file and no other when it fails', async () => {
    const path = join(folder, 'kept.eml');
    await writeFile(path, 'old');
    const before = await readdir(folder);
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw new Error('no more');
    };
    const message = new MailMessage({ ...people, attachments: [{ content }] });
    expect((await errorOf(() => message.save(path))).code).toBe('MESSAGE_CONTENT_FAILED');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(before);
  });

  it.each<[string, (message: MailMessage) => unknown, string]>([
    [
      'by extension',
      (m) => m.save(join(folder, 'a.doc')),
      `The format 'doc' is not supported; supported: ${formats}`,
    ],
    ['without one', (m) => m.save(join(folder, 'a')), "The file '"],
    [
      'by name',
      (m) => m.save(join(folder, 'a.eml'), { format: 'pst' as never }),
      `The format 'pst' is not supported; supported: ${formats}`,
    ],
    [
      'as bytes',
      (m) => m.toBytes('doc' as never),
      `The format 'doc' is not supported; supported: ${formats}`,
    ],
    [
      'as stream',
      (m) => m.toStream('' as never),
      `The format '' is not supported; supported: ${formats}`,
    ],
    [
      'with an unknown option',
      (m) => m.save(join(folder, 'a.eml'), { foo: 1 } as never),
      "'foo' is not an option of saving; known are format, resources, headerTable",
    ],
  ])('only in formats that are supported: %s', async (_, call, message) => {
    const error = await errorOf(() => call(new MailMessage(people)));
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.message.startsWith(message), error.message).toBe(true);
  });
});

describe('streaming', () => {
  it('gives the bytes, and stops the source when it is cancelled', async () => {
    let isStopped = false;
    const content = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(100_000);
      } finally {
        isStopped = true;
      }
    };
    const message = new MailMessage({ ...people, attachments: [{ content }], text: 'hi' });
    const reader = message.toStream().getReader();
    for (let n = 0; n < 5; n += 1) expect((await reader.read()).done).toBe(false);
    await reader.cancel();
    expect(isStopped).toBe(true);
    const small = new MailMessage({ ...people, text: 'hi' });
    expect(await collect(small.toStream('eml'))).toEqual(Buffer.from(await small.toBytes('eml')));
  });
});

it('opens nothing before a stream is read', async () => {
  let opened = 0;
  const content = async function* (): AsyncGenerator<Uint8Array> {
    opened += 1;
    yield new Uint8Array(10);
  };
  const message = new MailMessage({ ...people, attachments: [{ content }], text: 'hi' });
  const streams = [message.toStream(), message.attachments[0]?.stream()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(opened).toBe(0);
  for (const stream of streams) await collect(stream as ReadableStream<Uint8Array>);
  expect(opened).toBe(2);
});

describe('addresses that need SMTPUTF8', () => {
  const message = new MailMessage({ ...people, from: 'zoë@example.com', subject: 'ü' });

  it('are written into files, and on the wire only where the server takes them', async () => {
    expect(Buffer.from(await message.toBytes()).toString()).toContain('From: zoë@example.com\r\n');
    expect((await message.render({ utf8: true })).utf8).toBe(true);
    expect((await errorOf(() => message.render())).code).toBe('ADDRESS_NEEDS_SMTPUTF8');
  });

  it('are the only reason to use it', async () => {
    const other = new MailMessage({ ...people, from: 'Zoë <zoe@bücher.example>', subject: 'ü' });
    expect((await other.render({ utf8: true, eightBit: true })).utf8).toBe(false);
  });
});
