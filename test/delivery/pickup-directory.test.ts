import { Buffer } from 'node:buffer';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MailMessage } from 'posthorn';
import { PickupDirectory } from 'posthorn/delivery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, letter } from '../client/kit.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-pickup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bulk = { ...letter, bcc: 'hidden@example.com' };

describe('PickupDirectory', () => {
  it('writes the envelope before the message, as Windows reads it', async () => {
    const pickup = new PickupDirectory(folder);
    const receipt = await pickup.send(bulk);
    const names = await readdir(folder);
    expect(names).toEqual([receipt.queueId]);
    expect(names[0]).toMatch(/^\d{8}T\d{9}Z-000001-[\w-]+\.eml$/);
    const text = await readFile(join(folder, String(names[0])), 'latin1');
    expect(text).toMatch(
      /^X-Sender: ann@example\.com\r\nX-Receiver: bob@example\.org\r\nX-Receiver: hidden@example\.com\r\n(?!X-)/,
    );
    expect(text).not.toMatch(/bcc|(?<!\r)\n/i);
    expect((await stat(join(folder, String(names[0])))).mode & 0o777).toBe(0o600);
    expect(receipt).toMatchObject({
      accepted: ['bob@example.org', 'hidden@example.com'],
      rejected: [],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: [`Written as ${receipt.queueId}`] },
      server: { host: folder, port: 0, security: 'none' },
    });
    expect(receipt.messageId).toMatch(/^<.+@.+>$/);
  });

  for (const envelope of ['headers', 'json'] as const) {
    it(`reads back what it wrote, with ${envelope}`, async () => {
      await using pickup = new PickupDirectory(folder, { envelope });
      const raw = 'From: a@b.example\nX-Sender: not me\n\nGrüße\n.\n..dots\rend';
      await pickup.send(bulk);
      await pickup.sendRaw(raw, { from: '', to: 'zoë@exämple.org' });
      await pickup.sendRaw(Readable.from([raw.slice(0, 20), raw.slice(20)]), {
        from: 'x@y.example',
        to: ['c@d.example', 'e@f.example'],
      });
      const found = [];
      for await (const one of pickup.messages()) found.push(one);
      expect(found.map((one) => one.envelope)).toEqual([
        { from: 'ann@example.com', to: ['bob@example.org', 'hidden@example.com'] },
        { from: '', to: ['zoë@xn--exmple-cua.org'] },
        { from: 'x@y.example', to: ['c@d.example', 'e@f.example'] },
      ]);
      expect((await found[0]!.message()).subject).toBe('Hello');
      const crlf = 'From: a@b.example\r\nX-Sender: not me\r\n\r\nGrüße\r\n.\r\n..dots\r\nend\r\n';
      for (const one of found.slice(1)) {
        expect(Buffer.from(await one.bytes()).toString()).toBe(crlf);
      }
      for await (const one of pickup) await one.remove();
      expect(await readdir(folder)).toEqual([]);
    });
  }

  it('is a road for a large message, out and in', async () => {
    const pickup = new PickupDirectory(folder);
    const content = Buffer.alloc(6_000_000, 'posthorn ');
    await pickup.send({ ...letter, attachments: [{ filename: 'a.bin', content }] });
    for await (const one of pickup) {
      const message = await one.message();
      expect(Buffer.from(await message.attachments[0]!.bytes()).equals(content)).toBe(true);
      expect(message.problems).toEqual([]);
    }
  });

  it('leaves nothing behind when the content fails', async () => {
    const pickup = new PickupDirectory(folder, { envelope: 'json' });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('From: a@b.example\r\n\r\nfirst\r\n');
      throw new Error('disk\u001b[2J gone');
    }
    const options = { from: 'a@b.example', to: 'c@d.example' };
    expect(await errorOf(() => pickup.sendRaw(Readable.from(breaking()), options))).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_CONTENT_FAILED',
      message: expect.stringContaining('it was not handed over and nothing is delivered'),
      delivered: 'no',
    });
    expect(await readdir(folder)).toEqual([]);
    const end = new AbortController();
    async function* aborting(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('From: a@b.example\r\n\r\nfirst\r\n');
      end.abort();
      yield Buffer.from('more');
    }
    const call = () =>
      pickup.sendRaw(Readable.from(aborting()), { ...options, signal: end.signal });
    expect(await errorOf(call)).toMatchObject({ code: 'ABORTED', delivered: 'no' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('fails as a client does', async () => {
    const pickup = new PickupDirectory(folder);
    expect(await errorOf(() => pickup.send({ from: 'a@b.example', text: 'x' }))).toMatchObject({
      code: 'MESSAGE_NO_RECIPIENT',
    });
    expect(await errorOf(() => pickup.send(letter, { requireTls: true }))).toMatchObject({
      name: 'InvalidMessageError',
      code: 'FEATURE_NOT_OFFERED',
      message: `'requireTls' was asked for, and ${folder} does not offer REQUIRETLS; leave it out or use another server`,
    });
    expect(
      await errorOf(() => pickup.send(letter, { envelope: { dsn: { notify: 'never' } } })),
    ).toMatchObject({ code: 'FEATURE_NOT_OFFERED' });
    await pickup.send({ ...letter, deliveryReceipt: true });
    expect(
      await errorOf(() => pickup.sendRaw('x', { from: 'a@b', to: 'c@d\r\nX-Receiver: e@f' })),
    ).toMatchObject({ name: 'InvalidAddressError' });
    await pickup.close();
    expect(await errorOf(() => pickup.send(letter))).toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('tells what is wrong with the directory', async () => {
    const missing = new PickupDirectory(join(folder, 'none'));
    expect(await errorOf(() => missing.verify())).toMatchObject({
      code: 'FILE_INACCESSIBLE',
      message: expect.stringMatching(
        /^The pickup directory '.*none' can't be used \(ENOENT.*\); make it/,
      ),
    });
    expect(await errorOf(() => missing.send(letter))).toMatchObject({
      code: 'FILE_INACCESSIBLE',
      message: expect.stringMatching(
        /can't be written \(ENOENT.*check the directory, its permissions/,
      ),
      retryable: false,
      delivered: 'no',
    });
    await writeFile(join(folder, 'stray.eml'), 'Subject: no envelope\r\n\r\n');
    const pickup = new PickupDirectory(folder);
    await pickup.verify();
    expect(await errorOf(() => pickup.messages().next())).toMatchObject({
      name: 'FormatError',
      code: 'FORMAT_INVALID',
      format: 'pickup',
      message:
        "The envelope of 'stray.eml' can't be read: it does not begin with X-Sender and X-Receiver; read the file with MailMessage.load, or remove it",
    });
    const wrong = { envelop: 'json' } as object;
    expect(() => new PickupDirectory(folder, wrong)).toThrow(/envelop/);
    expect(() => new PickupDirectory('')).toThrow('made from its path');
  });

  it('keeps a message of an author who is not the sender', async () => {
    const pickup = new PickupDirectory(folder);
    const message = MailMessage.parse('From: a@b.example\nTo: c@d.example\n\nhi\n');
    await pickup.forward('me@example.com', ['x@example.org'], message, { resent: true });
    for await (const one of pickup) {
      expect(one.envelope).toEqual({ from: 'me@example.com', to: ['x@example.org'] });
      expect(Buffer.from(await one.bytes()).toString()).toMatch(
        /^Resent-.*\r\nFrom: a@b\.example\r\n/s,
      );
    }
  });
});
