// Postfix submission with TLS and AUTH, LMTP to Dovecot, read back by IMAP: the bytes are intact but for the trace headers.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { MailMessage, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letters } from '../interop/family.ts';
import { fetchInbox, waitForInbox } from './support/imap-fetch.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let dovecot: Peer | undefined;
let postfix: Peer | undefined;

beforeAll(async () => {
  dovecot = await startPeer('dovecot');
  postfix = dovecot && (await startPeer('postfix'));
});
afterAll(stopPeers);

function servers(skip: () => never): { options: SmtpClientOptions; imap: number; smtps: number } {
  if (!postfix || !dovecot) return skip();
  return {
    options: {
      host: 'localhost',
      port: Number(postfix.SUBMISSION_PORT),
      security: 'starttls',
      username: 'alice@mail.test',
      password: 'secret-alice',
      tls: { ca: readFileSync(String(postfix.CA)) },
    },
    imap: Number(dovecot.IMAP_PORT),
    smtps: Number(postfix.SUBMISSIONS_PORT),
  };
}

/** What was sent, out of what arrived: the trace fields that the servers put on top are cut off. */
function withoutTrace(arrived: Buffer, sent: Uint8Array): Buffer {
  return arrived.subarray(Math.max(0, arrived.length - sent.length));
}

describe('Postfix and Dovecot', () => {
  it('delivers a generated family byte for byte over STARTTLS with AUTH', async ({ skip }) => {
    const { options, imap } = servers(skip);
    const family = fc.sample(letters, { numRuns: 40, seed: 7 });
    const before = (await fetchInbox(imap, 'bob@mail.test', 'secret-bob')).length;
    const sent: Uint8Array[] = [];
    const client = new SmtpClient(options);
    try {
      for (const [index, letter] of family.entries()) {
        const { linkedResources, html, ...fields } = letter;
        const message = new MailMessage({
          ...fields,
          ...(html === undefined ? {} : { html, linkedResources: [...linkedResources] }),
          to: ['bob@mail.test'],
          attachments: [...letter.attachments],
          headers: { 'X-Number': String(index) },
        });
        const receipt = await client.send(message);
        expect(receipt.accepted).toEqual(['bob@mail.test']);
        expect(receipt.server).toMatchObject({
          security: 'starttls',
          tls: { protocol: 'TLSv1.3' },
        });
        expect(receipt.queueId).toMatch(/^[0-9A-Za-z]+$/);
        const { eightBitMime } = await client.capabilities();
        sent.push((await message.render({ eightBit: eightBitMime })).bytes());
      }
    } finally {
      await client.close();
    }
    const all = await waitForInbox(imap, 'bob@mail.test', 'secret-bob', before + sent.length);
    const arrived = all.slice(before);
    const number = (bytes: Uint8Array): number =>
      Number(/^X-Number: (\d+)/m.exec(Buffer.from(bytes).toString('latin1'))?.[1]);
    for (const message of arrived) {
      const original = sent[number(message)]!;
      expect(withoutTrace(message, original).equals(original), `message ${number(message)}`).toBe(
        true,
      );
      const trace = message.subarray(0, message.length - original.length).toString('latin1');
      expect(
        trace
          .replace(/\r\n[ \t]/g, ' ')
          .trimEnd()
          .split('\r\n'),
      ).toSatisfy((lines: string[]) =>
        lines.every((line) => /^(Return-Path|Delivered-To|Received):/.test(line)),
      );
    }
  });

  it('delivers raw bytes as given over implicit TLS, dots and long lines intact', async ({
    skip,
  }) => {
    const { options, imap, smtps } = servers(skip);
    const before = (await fetchInbox(imap, 'carol@mail.test', 'secret-carol')).length;
    const raw = `From: alice@mail.test\r\nTo: carol@mail.test\r\nSubject: raw\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <raw@mail.test>\r\n\r\n.\r\n..\r\n.x\r\n${'y'.repeat(998)}\r\nend\r\n`;
    const client = new SmtpClient({ ...options, port: smtps, security: 'implicit' });
    try {
      await client.sendRaw(raw, { from: 'alice@mail.test', to: ['carol@mail.test'] });
    } finally {
      await client.close();
    }
    const arrived = (await waitForInbox(imap, 'carol@mail.test', 'secret-carol', before + 1)).at(
      -1,
    )!;
    expect(withoutTrace(arrived, Buffer.from(raw)).toString('latin1')).toBe(raw);
  });

  it('says which recipients were refused and delivers to the others', async ({ skip }) => {
    const { options } = servers(skip);
    const client = new SmtpClient(options);
    try {
      const receipt = await client.send({
        from: 'alice@mail.test',
        to: ['bob@mail.test', 'nobody@mail.test'],
        subject: 'partly',
        text: 'x',
      });
      expect(receipt.accepted).toEqual(['bob@mail.test']);
      expect(receipt.rejected).toMatchObject([
        { address: 'nobody@mail.test', reply: { code: 550, enhanced: '5.1.1' } },
      ]);
    } finally {
      await client.close();
    }
  });

  it('tells a wrong password from a server that is not there', async ({ skip }) => {
    const { options } = servers(skip);
    const wrong = new SmtpClient({ ...options, password: 'not-it' });
    await expect(wrong.verify()).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_FAILED',
      reply: { code: 535 },
    });
    await wrong.close();
  });

  it('refuses a certificate that it does not know', async ({ skip }) => {
    const { options } = servers(skip);
    const client = new SmtpClient({ ...options, tls: {} });
    await expect(client.verify()).rejects.toMatchObject({
      name: 'TlsError',
      code: 'TLS_CERTIFICATE',
    });
    await client.close();
  });
});
