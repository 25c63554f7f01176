import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { AlternateView, Attachment, type AttachmentOptions, MailMessage } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, errorOf, people, reread } from './kit.ts';

const data = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attachments-'));
  file = join(folder, 'Übersicht.PDF');
  await writeFile(file, data);
  await mkdir(join(folder, 'directory'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield data.subarray(0, 10);
  yield data.subarray(10);
}

/** What the reader gets for one attachment. */
async function sent(attachment: AttachmentOptions): Promise<Attachment> {
  const message = await reread({ text: 'hi', attachments: [attachment] });
  expect(message.attachments).toHaveLength(1);
  return message.attachments[0]!;
}

describe('content comes from', () => {
  it('a path, read when the message is written; name and type follow from it', async () => {
    const attachment = await sent({ path: file });
    expect(attachment).toMatchObject({ filename: 'Übersicht.PDF', contentType: 'application/pdf' });
    expect(await attachment.bytes()).toEqual(Buffer.from(data));
    expect(attachment.size).toBe(1000);
  });

  it('a file: URL', async () => {
    const attachment = await sent({ path: pathToFileURL(file), filename: 'other.txt' });
    expect(attachment).toMatchObject({ filename: 'other.txt', contentType: 'text/plain' });
    expect(await attachment.bytes()).toEqual(Buffer.from(data));
  });

  it.each<[string, () => AttachmentOptions['content']]>([
    ['bytes', () => data],
    ['an ArrayBuffer', () => data.buffer as ArrayBuffer],
    ['a Blob', () => new Blob([data])],
    ['a Node stream', () => Readable.from(chunks())],
    ['a file stream', () => createReadStream(file)],
    ['a web stream', () => new Blob([data]).stream()],
    ['an async generator', () => chunks()],
    ['a function that opens a stream', () => () => createReadStream(file)],
    ['a function that opens a stream later', () => async () => chunks()],
  ])('%s', async (_, content) => {
    const attachment = await sent({ content: content(), filename: 'a.bin' });
    expect(await attachment.bytes()).toEqual(Buffer.from(data));
  });

  it('a web stream of another make, without an iterator', async () => {
    const stream = new Blob([data]).stream();
    const plain = { getReader: () => stream.getReader() } as ReadableStream<Uint8Array>;
    expect(await (await sent({ content: plain })).bytes()).toEqual(Buffer.from(data));
  });

  it('text, written as UTF-8 and said to be', async () => {
    const attachment = await sent({ content: 'a,ü\nb', filename: 'x.csv' });
    expect(attachment.contentType).toBe('text/csv');
    expect(attachment.contentTypeParameters.get('charset')).toBe('utf-8');
    expect(Buffer.from(await attachment.bytes()).toString()).toBe('a,ü\nb');
    expect((await sent({ content: 'x' })).contentType).toBe('text/plain');
    expect((await sent({ content: '{}', filename: 'a.json' })).contentType).toBe(
      'application/json',
    );
  });

  it('a stream of text', async () => {
    const attachment = await sent({ content: Readable.from(['ü', 'x']), filename: 'a.txt' });
    expect(Buffer.from(await attachment.bytes()).toString()).toBe('üx');
  });

  it('an attachment of another message', async () => {
    const first = await reread({ attachments: [{ content: data, filename: 'a.zip' }] });
    const second = await reread({ text: 'see below', attachments: first.attachments });
    expect(second.attachments[0]).toMatchObject({
      filename: 'a.zip',
      contentType: 'application/zip',
    });
    expect(await second.attachments[0]!.bytes()).toEqual(Buffer.from(data));
  });
});

describe('whole messages', () => {
  const inner = (): MailMessage =>
    new MailMessage({
      ...people,
      bcc: 'hidden@example.com',
      subject: 'In: "here"/',
      text: 'inside',
    });

  it.each([undefined, 'seed'])('can be attached to what they are a copy of (%s)', async (seed) => {
    const message = new MailMessage({
      ...people,
      text: 'hi',
      html: '<p>hi</p>',
      attachments: [{ filename: 'a.txt', content: 'a' }],
      ...(seed && { deterministic: seed }),
    });
    const before = await message.toBytes();
    expect(Buffer.compare(await message.toBytes(), before)).toBe(0);
    message.attachments.push(new Attachment(MailMessage.parse(before)));
    const [file, copy, ...more] = MailMessage.parse(await message.toBytes()).attachments;
    expect(file?.filename).toBe('a.txt');
    expect(Buffer.from((await copy?.bytes()) ?? []).toString()).toBe(
      Buffer.from(before).toString(),
    );
    expect(more).toEqual([]);
  });

  it.each(['text', 'html', 'view'] as const)('can be quoted in their own %s', async (place) => {
    const message = new MailMessage({ ...people, text: 'hi', html: '<p>hi</p>' });
    const before = Buffer.from(await message.toBytes()).toString();
    if (place === 'view') message.alternateViews = [new AlternateView(before, 'text/plain')];
    else message[place] = before;
    const leaves = [...MailMessage.parse(await message.toBytes()).leaves()];
    expect(leaves).toHaveLength(place === 'view' ? 3 : 2);
    expect(leaves.some((leaf) => leaf.text() === before.replaceAll('\r\n', '\n'))).toBe(true);
  });

  it('that hold themselves are refused, directly or by another', async () => {
    const [outer, middle, shared] = [inner(), inner(), inner()];
    middle.attachments = [outer, shared];
    outer.attachments = [middle, shared];
    const error = await errorOf(() => outer.toBytes());
    expect(error.code).toBe('MESSAGE_FIELD_INVALID');
    expect(error.message).toMatch(
      /is a message that holds itself; attach a copy: MailMessage\.parse\(await message\.toBytes\(\)\)$/,
    );
    // The same message twice is no circle, nor is sending at the same time.
    outer.attachments = [shared, shared];
    const [one, two] = await Promise.all([outer.toBytes(), outer.toBytes()]);
    expect(Buffer.compare(one, two)).toBe(0);
  });

  it('are attached as message/rfc822 without encoding, and can be opened', async () => {
    const message = await reread({ text: 'hi', attachments: [inner()] });
    const [attachment] = message.attachments;
    expect(attachment).toMatchObject({ contentType: 'message/rfc822', filename: 'In here.eml' });
    expect(attachment?.message?.subject).toBe('In: "here"/');
    expect(attachment?.message?.text).toBe('inside\n');
    expect(attachment?.message).toBe(attachment?.message);
    expect(attachment?.message?.bcc).toEqual([]);
  });

  it('that were read lose their Bcc, and nothing else', async () => {
    const stored = MailMessage.parse('Bcc: hidden@example.com\r\nSubject: x\r\n\r\nhi');
    const message = await reread({ attachments: [stored, stored] });
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['x.eml', 'x.eml']);
    const bytes = await message.attachments[0]!.bytes();
    expect(Buffer.from(bytes).toString()).toBe('Subject: x\r\n\r\nhi');
  });

  it('are written as they are when the outer one is', async () => {
    const attached = inner();
    const message = new MailMessage({ ...people, attachments: [attached] });
    attached.subject = 'changed';
    const back = MailMessage.parse(await message.toBytes());
    expect(back.attachments[0]?.message?.subject).toBe('changed');
    attached.subject = 'changed again';
    const again = MailMessage.parse(await message.toBytes());
    expect(again.attachments[0]?.message?.subject).toBe('changed again');
    expect(message.attachments[0]?.message).toBe(attached);
  });

  it('from a file are read into memory, so that they stay readable', async () => {
    const path = join(folder, 'stored.eml');
    await inner().save(path);
    const message = await reread({ text: 'hi', attachments: [{ path }] });
    expect(message.attachments[0]?.message?.subject).toBe('In: "here"/');
    expect(Buffer.from(await message.toBytes()).toString()).toContain('\r\n\r\ninside\r\n');
  });

  it('given as bytes can be opened before they are sent', () => {
    const attachment = new Attachment({
      content: Buffer.from('Subject: x\n\n'),
      contentType: 'message/rfc822',
    });
    expect(attachment.message?.subject).toBe('x');
    expect(new Attachment({ content: 'x' }).message).toBeUndefined();
  });
});

describe('an attachment', () => {
  it('gives its content before it is sent', async () => {
    const attachment = new Attachment({ path: file });
    expect(attachment.size).toBeUndefined();
    expect(await attachment.bytes()).toEqual(Buffer.from(data));
    expect(attachment.size).toBe(1000);
    expect(await collect(attachment.stream())).toEqual(Buffer.from(data));
    expect(new Attachment({ content: new Blob([data]) }).size).toBe(1000);
    expect(new Attachment({ content: 'ü' }).size).toBe(2);
  });

  it('carries cid and description', async () => {
    const attachment = await sent({ content: 'x', cid: '<a@b>', description: 'Ein Bärchen' });
    expect(attachment).toMatchObject({ cid: 'a@b', description: 'Ein Bärchen' });
  });

  it('keeps the parameters of its type', async () => {
    const contentType = 'Text/Plain; Charset="utf-8"; format=flowed; x="a;\\"b"';
    const attachment = await sent({ content: 'x', contentType, filename: 'a.txt' });
    expect(Object.fromEntries(attachment.contentTypeParameters)).toEqual({
      charset: 'utf-8',
      format: 'flowed',
      x: 'a;"b',
      name: 'a.txt',
    });
  });

  it.each<[AttachmentOptions, string]>([
    [{}, 'attachments[0] has no content; give path or content'],
    [
      { path: 'x', content: 'y' },
      "attachments[0] ('x') has both path and content; give one of them",
    ],
    [
      { content: 'x', contentType: 'pdf' },
      "attachments[0].contentType must be a media type such as 'text/csv' or 'text/csv; charset=utf-8' (RFC 2045), got 'pdf'",
    ],
    [
      { content: 'x', contentType: 'multipart/mixed' },
      "attachments[0].contentType can't be multipart/mixed: a multipart is built from the message's parts",
    ],
    [
      { content: 'ü', contentType: 'text/plain; charset=iso-8859-1' },
      'attachments[0].contentType says charset=iso-8859-1, but a string is written as UTF-8; give the bytes in that charset as content',
    ],
    [
      { content: 'x', cid: 'a b' },
      "attachments[0].cid must be printable ASCII without spaces or angle brackets, such as 'logo', got 'a b'",
    ],
    [
      { content: 'x', disposition: 'form-data' as never },
      "attachments[0].disposition must be one of 'attachment', 'inline', got 'form-data'",
    ],
  ])('is refused: %j', async (attachment, message) => {
    expect(await errorOf(() => new MailMessage({ attachments: [attachment] }))).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_FIELD_INVALID',
      message,
    });
  });

  it.each<[object, string]>([
    [{ content: 'x', size: -1 }, "'size' must be a whole number of octets from 0, got -1"],
    [
      { content: 'x', fileName: 'y' },
      "'fileName' is not an option of an attachment; write filename: '…'",
    ],
    [
      { content: 'x', contnt: 'y' },
      "'contnt' is not an option of an attachment; did you mean 'content'?",
    ],
  ])('has options that are known: %j', async (attachment, message) => {
    expect(await errorOf(() => new Attachment(attachment))).toMatchObject({
      name: 'OptionError',
      code: 'OPTION_INVALID',
      message,
    });
  });
});

describe('content that can not be read', () => {
  it.each([
    [
      'missing.pdf',
      /^The attachment file '.*missing\.pdf' can't be read \(ENOENT: .*\); check the path and its permissions$/,
    ],
    ['directory', /^The attachment file '.*directory' is a directory; attach the files in it$/],
  ])('%s is found out before anything is written', async (name, message) => {
    const composed = new MailMessage({ ...people, attachments: [{ path: join(folder, name) }] });
    for (const use of [() => composed.render(), () => composed.attachments[0]!.bytes()]) {
      const error = await errorOf(use);
      expect(error.code).toBe('MESSAGE_ATTACHMENT_UNREADABLE');
      expect(error.message).toMatch(message);
    }
  });

  it('with a missing file beside a stream, nothing is left that fails later', async () => {
    const composed = new MailMessage({
      ...people,
      attachments: [
        { path: join(folder, 'a') },
        { path: join(folder, 'b') },
        { content: chunks() },
      ],
      html: '<p>',
      textFromHtml: true,
    });
    expect((await errorOf(() => composed.toBytes())).code).toBe('MESSAGE_ATTACHMENT_UNREADABLE');
  });

  it.each<[string, () => NonNullable<AttachmentOptions['content']>]>([
    ['a Node stream', () => Readable.from(chunks())],
    ['a web stream', () => new Blob([data]).stream()],
    ['an async generator', () => chunks()],
  ])('%s is read once only', async (_, content) => {
    const composed = new MailMessage({
      ...people,
      attachments: [{ content: content(), filename: 'a.bin' }],
    });
    await composed.toBytes();
    const error = await errorOf(() => composed.render());
    expect(error.code).toBe('MESSAGE_ATTACHMENT_UNREADABLE');
    expect(error.message).toBe(
      "The stream of attachments[0] ('a.bin') was read before and can't be read again; give a path, bytes, or a function that opens a fresh stream",
    );
  });

  it('a function opens a fresh stream each time', async () => {
    const composed = new MailMessage({ ...people, attachments: [{ content: chunks }] });
    expect(await composed.toBytes()).toEqual(await composed.toBytes());
  });

  it('a stream that was used elsewhere is found out', async () => {
    const used = Readable.from(chunks());
    await used.toArray();
    const composed = new MailMessage({ ...people, attachments: [{ content: used }] });
    expect((await errorOf(() => composed.render())).code).toBe('MESSAGE_ATTACHMENT_UNREADABLE');
  });

  it('a file stream that breaks before it is read ends the message, not the process', async () => {
    const content = createReadStream(join(folder, 'missing.bin'));
    const composed = new MailMessage({ ...people, attachments: [{ content, filename: 'm' }] });
    await new Promise<void>((resolve) => content.once('close', () => resolve()));
    const error = await errorOf(() => composed.render());
    expect(error.code).toBe('MESSAGE_ATTACHMENT_UNREADABLE');
    expect(error.message).toMatch(
      /^The stream of attachments\[0\] \('m'\) can't be read \(ENOENT: .*\); open it again$/,
    );
  });

  it('a path is printed so that a terminal can take it', async () => {
    const path = '/nowhere/\u001b[31m\n';
    const composed = new MailMessage({ ...people, attachments: [{ path, filename: 'a.bin' }] });
    const { message } = await errorOf(() => composed.render());
    expect(message).toContain(
      "The attachment file '/nowhere/\\u{1b}[31m\\u{a}' can't be read (ENOENT",
    );
    expect(message).not.toMatch(/[\u001b\n]/);
  });

  it('a stream that fails midway fails the message', async () => {
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield data;
      throw new Error('disk on fire');
    };
    const composed = new MailMessage({ ...people, attachments: [{ content, filename: 'a.bin' }] });
    const error = await errorOf(() => composed.toBytes());
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_CONTENT_FAILED',
      message:
        "Reading attachments[0] ('a.bin') failed (disk on fire), so the message is not complete",
    });
  });

  it.each([
    [999, 'a stream of 999 octets gave 1000'],
    [1001, 'a stream of 1001 octets gave 1000'],
  ])('a size of %d that is not true fails the message', async (size, message) => {
    const composed = new MailMessage({ ...people, attachments: [{ content: chunks, size }] });
    const error = await errorOf(() => composed.toBytes());
    expect(error.code).toBe('MESSAGE_CONTENT_FAILED');
    expect(error.message).toContain(message);
  });

  it('a stream of things that are no bytes fails the message', async () => {
    const content = async function* (): AsyncGenerator<never> {
      yield 5 as never;
    };
    const composed = new MailMessage({ ...people, attachments: [{ content }] });
    expect((await errorOf(() => composed.toBytes())).message).toBe(
      'Reading attachments[0] failed (The stream yielded 5 instead of bytes), so the message is not complete',
    );
  });

  it('the size is known beforehand when the parts are', async () => {
    const rendered = await new MailMessage({ ...people, attachments: [{ path: file }] }).render();
    expect(rendered.size).toBe((await collect(rendered.chunks())).length);
    const unknown = await new MailMessage({
      ...people,
      attachments: [{ content: chunks }],
    }).render();
    expect(unknown.size).toBeUndefined();
  });
});
