// The roads beside SMTP, with what they lead to: Postfix's sendmail program and Dovecot's LMTP.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { LmtpTransport, SendmailTransport } from 'posthorn/delivery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchInbox, waitForInbox } from './support/imap-fetch.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let dovecot: Peer | undefined;
let postfix: Peer | undefined;

beforeAll(async () => {
  dovecot = await startPeer('dovecot');
  postfix = dovecot && (await startPeer('postfix'));
});
afterAll(stopPeers);

const raw = 'From: ann@mail.test\nTo: bob@mail.test\nSubject: by road\n\n.\n..dots\nGrüße\nend';
const bob = ['bob@mail.test', 'secret-bob'] as const;

describe('other roads', () => {
  it('by Postfix’s sendmail, with dots and line ends as they were', async ({ skip }) => {
    if (!postfix || !dovecot) return skip();
    const config = join(dirname(dirname(String(postfix.CA))), 'postfix', 'etc');
    const imap = Number(dovecot.IMAP_PORT);
    const before = (await fetchInbox(imap, ...bob)).length;
    await using sendmail = new SendmailTransport({ args: ['-C', config], dsn: true });
    await sendmail.verify();
    await sendmail.sendRaw(raw, { from: 'ann@mail.test', to: 'bob@mail.test' });
    await sendmail.sendRaw(raw, { from: '', to: 'bob@mail.test' });
    const attachments = [{ filename: 'big.bin', content: Buffer.alloc(3_000_000, 'x') }];
    await sendmail.send(
      { from: 'ann@mail.test', to: 'bob@mail.test', subject: 'large', text: 'x', attachments },
      { envelope: { dsn: { notify: 'never', envid: 'a+b' } } },
    );
    const all = await waitForInbox(imap, ...bob, before + 3);
    const texts = all.slice(before).map((bytes) => bytes.toString());
    const plain = texts.filter((text) => text.includes('Subject: by road'));
    expect(plain).toHaveLength(2);
    for (const text of plain) {
      expect(text).toMatch(/\r\n\r\n\.\r\n\.\.dots\r\nGrüße\r\nend\r\n$/);
    }
    expect(plain.map((text) => /^Return-Path: (.*)\r$/m.exec(text)?.[1]).sort()).toEqual([
      '<>',
      '<ann@mail.test>',
    ]);
    expect(texts.some((text) => text.includes('Subject: large'))).toBe(true);
  });

  it('tells what Postfix’s sendmail does not take', async ({ skip }) => {
    if (!postfix) return skip();
    const config = join(dirname(dirname(String(postfix.CA))), 'postfix', 'etc');
    const queue = join(dirname(config), 'queue', 'maildrop');
    const nowhere = new SendmailTransport({ args: ['-C', '/nowhere'] });
    const message = { from: 'ann@mail.test', to: 'bob@mail.test' };
    await expect(nowhere.sendRaw(raw, message)).rejects.toMatchObject({
      code: 'REPLY_NEGATIVE',
      delivered: 'no',
    });
    const sendmail = new SendmailTransport({ args: ['-C', config] });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('From: ann@mail.test\n\nhalf a message\n');
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new Error('gone');
    }
    await expect(sendmail.sendRaw(Readable.from(breaking()), message)).rejects.toMatchObject({
      code: 'MESSAGE_CONTENT_FAILED',
      delivered: 'no',
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What is left is a file that Postfix takes for one being written: it has no leave to be run.
    for (const name of readdirSync(queue)) {
      expect(statSync(join(queue, name)).mode & 0o100).toBe(0);
    }
  });

  it('by Dovecot’s LMTP, with an answer for each recipient', async ({ skip }) => {
    if (!dovecot) return skip();
    const imap = Number(dovecot.IMAP_PORT);
    const before = (await fetchInbox(imap, ...bob)).length;
    await using lmtp = new LmtpTransport(`lmtp://127.0.0.1:${dovecot.LMTP_PORT}?security=none`);
    await lmtp.verify();
    const receipt = await lmtp.sendRaw(raw, {
      from: 'ann@mail.test',
      to: ['bob@mail.test', 'nobody@mail.test'],
    });
    expect(receipt.accepted).toEqual(['bob@mail.test']);
    expect(receipt.rejected).toMatchObject([{ address: 'nobody@mail.test', reply: { code: 550 } }]);
    const [arrived] = (await waitForInbox(imap, ...bob, before + 1)).slice(before);
    expect(arrived?.toString()).toMatch(/\r\n\r\n\.\r\n\.\.dots\r\nGrüße\r\nend\r\n$/);
  });
});
