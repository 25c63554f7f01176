// Mbox files in the form mboxrd: what is put in comes out.
import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { convert, convertAll } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/base/internal.ts';
import { readMbox } from '../../../src/convert/mbox/read-mbox.ts';
import { mboxEntry } from '../../../src/convert/mbox/write-mbox.ts';
import { temporaryFolder } from './kit.ts';

const { folder, put } = temporaryFolder();

async function mbox(...messages: MailMessage[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (const message of messages) for await (const chunk of mboxEntry(message)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function messagesIn(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for await (const message of readMbox(memorySource(bytes), {})) {
    found.push(Buffer.from(await message.toBytes()).toString('latin1'));
  }
  return found;
}

describe('mbox', () => {
  it('has a separator line, and marks what looks like one', async () => {
    const mail = MailMessage.parse(
      'Return-Path: <bounce@example.com>\nFrom: a@b.test\nDate: Sun, 1 Mar 2026 11:00:00 +0100\n\nFrom here\n>From there\nnot From\n>>From\n',
    );
    expect((await mbox(mail)).toString()).toBe(
      'From bounce@example.com Sun Mar  1 10:00:00 2026\nReturn-Path: <bounce@example.com>\nFrom: a@b.test\nDate: Sun, 1 Mar 2026 11:00:00 +0100\n\n' +
        '>From here\n>>From there\nnot From\n>>From\n\n',
    );
  });

  it('names somebody when nobody is named', async () => {
    expect((await mbox(MailMessage.parse('Subject: x\n\n'))).toString()).toBe(
      'From MAILER-DAEMON Thu Jan  1 00:00:00 1970\nSubject: x\n\n\n',
    );
    const strange = MailMessage.parse('From: a b@c\nDate: Sun, 1 Mar 99999 00:00:00 +0000\n\nx');
    expect((await mbox(strange)).toString()).toMatch(/^From \S+ Thu Jan {2}1 00:00:00 1970\n/);
  });

  it('gives back every message that ends in a line end, octet for octet', async () => {
    const line = fc.constantFrom(
      'From a@b.test Thu Jan  1 10:00:00 2026',
      '>From x',
      'From ',
      '',
      'x',
      '>>>From y',
    );
    const body = fc.array(line, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('\n', '\r\n'),
        async (bodies, end) => {
          const texts = bodies.map((lines) => ['Subject: x', '', ...lines, ''].join(end));
          const file = await mbox(...texts.map((text) => MailMessage.parse(text)));
          expect(await messagesIn(file)).toEqual(texts);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('marks lines that are cut between chunks', async () => {
    const text = `Subject: x\n\n${'From one\n'.repeat(40_000)}${'y'.repeat(3000)}From two\n${'>'.repeat(2000)}From\n`;
    const path = put('cut.eml', text);
    const mail = await MailMessage.load(path);
    const file = (await mbox(mail)).toString();
    expect(file.match(/^>From one$/gm)).toHaveLength(40_000);
    expect(await messagesIn(Buffer.from(file))).toEqual([text]);
  });

  it('reads separators that stand across its windows', async () => {
    const entry = 'From a@b.test Thu Jan  1 10:00:00 2026\nSubject: x\n\n';
    const filler = 'y'.repeat(99);
    for (const shift of [0, 1, 20, 48, 49, 50]) {
      const first = `${entry}${`${filler}\n`.repeat(41_943)}${'z'.repeat(shift)}\n\n`;
      expect(await messagesIn(Buffer.from(first + entry + entry))).toHaveLength(3);
    }
  });

  it('takes no line inside a text for a separator', async () => {
    const text =
      'From a@b.test Thu Jan  1 10:00:00 2026\nSubject: x\n\nand\nFrom a@b.test Thu Jan  1 10:00:00 2026\n';
    expect(await messagesIn(Buffer.from(text))).toHaveLength(1);
  });
});

describe('converting mbox', () => {
  const two =
    'From a@b.test Thu Jan  1 10:00:00 2026\nSubject: one\n\n1\n\nFrom a@b.test Thu Jan  1 10:00:00 2026\nSubject: two / x\n\n2\n\n';

  it('of many gives a folder of files', async () => {
    const path = put('archive.mbox', two);
    const outcomes = [];
    for await (const outcome of convertAll([path], { to: 'eml', out: join(folder, 'out') }))
      outcomes.push(outcome);
    expect(outcomes).toMatchObject([{ status: 'converted', from: 'mbox', messages: 2 }]);
    expect(outcomes[0]?.targets).toEqual([
      join(folder, 'out/archive/0001 one.eml'),
      join(folder, 'out/archive/0002 two x.eml'),
    ]);
    expect((await MailMessage.load(outcomes[0]?.targets[1] ?? '')).text).toBe('2\n');
  });

  it('to one file is refused when it holds several', async () => {
    await expect(convert(Buffer.from(two), undefined, { to: 'eml' })).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
      message:
        "This mbox file holds several messages; convert each with convertAll(…), or to 'mbox'",
    });
    const one = Buffer.from(two.slice(0, two.indexOf('\nFrom ') + 1));
    const { bytes } = await convert(one, undefined, { from: 'mbox', to: 'eml' });
    expect(Buffer.from(bytes ?? []).toString()).toBe('Subject: one\n\n1\n');
    const copy = await convert(Buffer.from(two), undefined, { to: 'mbox' });
    expect(copy).toMatchObject({ from: 'mbox', to: 'mbox', messages: 2, losses: [] });
  });
});
