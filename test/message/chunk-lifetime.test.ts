// Chunks that were given out never change afterwards, whoever keeps them; those of `pass` hold until the next is asked for.
import { Buffer } from 'node:buffer';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttachmentOptions, MailMessage } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from './kit.ts';

// Several blocks of reading and of encoding, each different from the one before.
const data = Buffer.alloc(2_500_000);
for (let at = 0; at + 4 <= data.length; at += 4)
  data.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);

let folder = '';
let path = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunks-'));
  path = join(folder, 'large.bin');
  await writeFile(path, data);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A stream that reads into one block again and again, as file readers do. */
async function* reusing(): AsyncGenerator<Uint8Array> {
  const block = Buffer.alloc(100_000);
  for (let at = 0; at < data.length; at += block.length) {
    yield block.subarray(0, data.copy(block, 0, at, at + block.length));
  }
}

const sources: [string, () => AttachmentOptions][] = [
  ['a file', () => ({ path })],
  ['bytes', () => ({ content: data, filename: 'large.bin' })],
  ['a stream that uses its memory again', () => ({ content: reusing, filename: 'large.bin' })],
];

const composed = (attachment: AttachmentOptions): MailMessage =>
  new MailMessage({ ...people, text: 'hi', deterministic: 'seed', attachments: [attachment] });

interface Passage {
  readonly chunks: readonly Uint8Array[];
  readonly copies: readonly Uint8Array[];
}

async function passage(source: AsyncIterable<Uint8Array>): Promise<Passage> {
  const chunks: Uint8Array[] = [];
  const copies: Uint8Array[] = [];
  for await (const chunk of source) {
    chunks.push(chunk);
    copies.push(Uint8Array.from(chunk));
  }
  return { chunks, copies };
}

const areSame = ({ chunks, copies }: Passage): boolean =>
  Buffer.concat(chunks).equals(Buffer.concat(copies));

describe.each(sources)('%s', (_, attachment) => {
  it('chunks() gives memory that stays as it is', async () => {
    const rendered = await composed(attachment()).render();
    const given = await passage(rendered.chunks());
    expect(given.chunks.length).toBeGreaterThan(10);
    await passage(rendered.pass());
    await passage(rendered.chunks());
    expect(areSame(given)).toBe(true);
    const [part] = MailMessage.parse(Buffer.concat(given.chunks)).attachments;
    expect(data.equals((await part?.bytes()) ?? Buffer.alloc(0))).toBe(true);
  });

  it('toStream() too', async () => {
    expect(areSame(await passage(composed(attachment()).toStream()))).toBe(true);
  });

  it('pass() gives the same octets, in memory that it uses again', async () => {
    const rendered = await composed(attachment()).render();
    const { chunks } = await passage(rendered.chunks());
    const passed = await passage(rendered.pass());
    expect(Buffer.concat(passed.copies).equals(Buffer.concat(chunks))).toBe(true);
    expect(areSame(passed)).toBe(false);
  });

  it('two readings at once do not disturb each other', async () => {
    const rendered = await composed(attachment()).render();
    const [one, other] = await Promise.all([passage(rendered.pass()), passage(rendered.pass())]);
    expect(Buffer.concat(one.copies).equals(Buffer.concat(other.copies))).toBe(true);
  });

  it('save() writes what toBytes() gives', async () => {
    const file = join(folder, 'saved.eml');
    await composed(attachment()).save(file);
    expect((await readFile(file)).equals(await composed(attachment()).toBytes())).toBe(true);
  });
});

it('the content of an attached file can be kept chunk by chunk', async () => {
  const [attachment] = composed({ path }).attachments;
  const given = await passage(attachment?.stream() ?? reusing());
  expect(areSame(given)).toBe(true);
  expect(Buffer.concat(given.chunks).equals(data)).toBe(true);
});
