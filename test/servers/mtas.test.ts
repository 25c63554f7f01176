// The servers beside Postfix: Exim, OpenSMTPD, Dovecot's submission and LMTP, aiosmtpd, smtp-server.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SendReceipt, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { SmtpConnection } from 'posthorn/smtp';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchInbox } from './support/imap-fetch.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let dovecot: Peer | undefined;
const peers = new Map<string, Peer>();

beforeAll(async () => {
  dovecot = await startPeer('dovecot');
  for (const name of ['exim', 'opensmtpd', 'dovecot-submission', 'aiosmtpd'] as const) {
    const peer = dovecot && (await startPeer(name));
    if (peer) peers.set(name, peer);
  }
}, 240_000);
afterAll(stopPeers);

const login = { username: 'alice@mail.test', password: 'secret-alice' };
const letter = { from: 'alice@mail.test', subject: 'Hello', text: 'Hi' };
// What servers like to change: dots, long lines, blank ends, octets over 127, bare line ends.
const ODD = `From: alice@mail.test\r\nTo: bob@mail.test\r\nSubject: odd\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nMessage-ID: <odd@mail.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n.\r\n..two\r\n.three \r\n${'x'.repeat(990)}\r\nGrüße 日本\r\n\r\n.\r\nend\r\n`;

type Skip = () => never;
const peerOf = (name: string, skip: Skip): Peer => peers.get(name) ?? skip();

/** The message with this mark, once it has come to bob: others may come in between. */
async function arrived(mark: string): Promise<Buffer> {
  const imap = Number(dovecot?.IMAP_PORT);
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) {
    const all = await fetchInbox(imap, 'bob@mail.test', 'secret-bob');
    const found = all.find((message) => message.includes(mark));
    if (found) return found;
  }
  return expect.unreachable(`${mark} did not come`);
}

let marks = 0;

async function sendOdd(options: SmtpClientOptions): Promise<SendReceipt> {
  marks += 1;
  const mark = `odd-${marks}@mail.test`;
  const bytes = Buffer.from(ODD.replace('odd@mail.test', mark));
  await using client = new SmtpClient(options);
  const receipt = await client.forward('alice@mail.test', 'bob@mail.test', bytes);
  const message = await arrived(mark);
  expect(message.subarray(message.length - bytes.length).equals(bytes)).toBe(true);
  return receipt;
}

describe('Exim', () => {
  const submission = (peer: Peer): SmtpClientOptions => ({
    host: 'localhost',
    port: Number(peer.EXIM_SUBMISSION_PORT),
    security: 'starttls',
    tls: { ca: readFileSync(String(peer.CA)) },
    ...login,
  });

  it('takes mail after every AUTH it has, byte for byte', async ({ skip }) => {
    const peer = peerOf('exim', skip);
    for (const mechanism of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
      const receipt = await sendOdd({ ...submission(peer), authMechanisms: [mechanism] });
      expect(receipt).toMatchObject({
        accepted: ['bob@mail.test'],
        server: { security: 'starttls' },
      });
      expect(receipt.queueId).toMatch(/^\w{6}-\w+-\w{2,4}$/);
    }
  });

  it('takes mail with TLS from the first byte, and says what it offers', async ({ skip }) => {
    const peer = peerOf('exim', skip);
    const options = {
      ...submission(peer),
      port: Number(peer.EXIM_SUBMISSIONS_PORT),
      security: 'implicit',
    } as const;
    await sendOdd(options);
    await using client = new SmtpClient(options);
    expect(await client.capabilities()).toMatchObject({
      size: 52_428_800,
      pipelining: true,
      chunking: true,
      eightBitMime: true,
      smtputf8: true,
      dsn: true,
    });
  });

  it('refuses some recipients, and has more of them than it takes at once', async ({ skip }) => {
    const peer = peerOf('exim', skip);
    await using client = new SmtpClient(submission(peer));
    const to = [...'abcdefghijkl'].map((name) => `${name}@elsewhere.test`);
    const receipt = await client.send({
      ...letter,
      to: ['reject@mail.test', ...to, 'defer@mail.test'],
    });
    expect([...receipt.accepted].sort()).toEqual(to);
    expect(receipt.rejected.map(({ address, reply }) => [address, reply.code])).toEqual([
      ['reject@mail.test', 550],
      ['defer@mail.test', 451],
    ]);
    expect(receipt.unsettled).toEqual([]);
  });

  it('is told what to report', async ({ skip }) => {
    const peer = peerOf('exim', skip);
    await using client = new SmtpClient(submission(peer));
    const dsn = {
      ret: 'headers',
      envid: 'a b+c',
      notify: ['success', 'delay'],
      orcpt: true,
    } as const;
    const receipt = await client.send({ ...letter, to: 'bob@mail.test' }, { envelope: { dsn } });
    expect(receipt.accepted).toEqual(['bob@mail.test']);
  });

  it('refuses a wrong password', async ({ skip }) => {
    const peer = peerOf('exim', skip);
    await using client = new SmtpClient({ ...submission(peer), password: 'wrong' });
    await expect(client.verify()).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      reply: { code: 535 },
    });
  });
});

describe('OpenSMTPD', () => {
  it('takes mail byte for byte', async ({ skip }) => {
    const peer = peerOf('opensmtpd', skip);
    const options = {
      host: 'localhost',
      port: Number(peer.OPENSMTPD_PORT),
      security: 'none',
    } as const;
    const receipt = await sendOdd(options);
    expect(receipt.queueId).toMatch(/^[0-9a-f]{8}$/);
    await using client = new SmtpClient(options);
    await expect(client.send({ ...letter, to: 'x@elsewhere.test' })).rejects.toMatchObject({
      code: 'RECIPIENTS_REJECTED',
      delivered: 'no',
    });
  });
});

describe('Dovecot', () => {
  it('stores mail by LMTP, and answers for each recipient', async ({ skip }) => {
    if (!dovecot) return skip();
    const options: SmtpClientOptions = {
      host: 'localhost',
      port: Number(dovecot.LMTP_PORT),
      protocol: 'lmtp',
      security: 'none',
    };
    await sendOdd(options);
    await using client = new SmtpClient(options);
    const to = ['bob@mail.test', 'nobody@mail.test', 'carol@mail.test'];
    const receipt = await client.send({ ...letter, to });
    expect(receipt.accepted).toEqual(['bob@mail.test', 'carol@mail.test']);
    expect(
      receipt.rejected.map(({ address, reply }) => [address, reply.code, reply.enhanced]),
    ).toEqual([['nobody@mail.test', 550, '5.1.1']]);
  });

  it('takes mail by its submission service', async ({ skip }) => {
    const peer = peerOf('dovecot-submission', skip);
    const receipt = await sendOdd({
      host: 'localhost',
      port: Number(peer.DOVECOT_SUBMISSION_PORT),
      security: 'starttls',
      tls: { ca: readFileSync(String(peer.CA)) },
      ...login,
    });
    expect(receipt.accepted).toEqual(['bob@mail.test']);
  });
});

describe('aiosmtpd', () => {
  const messages = (peer: Peer): Record<string, unknown>[] =>
    readFileSync(String(peer.AIOSMTPD_MESSAGES), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('takes mail with SMTPUTF8 after AUTH, with every line end CRLF', async ({ skip }) => {
    const peer = peerOf('aiosmtpd', skip);
    await using client = new SmtpClient({
      host: 'localhost',
      port: Number(peer.AIOSMTPD_PORT),
      security: 'starttls',
      tls: { ca: readFileSync(String(peer.CA)) },
      ...login,
    });
    await client.send({ ...letter, to: 'bücher@mail.test', subject: 'Grüße' });
    expect(messages(peer).at(-1)).toMatchObject({ to: ['bücher@mail.test'], utf8: true });
    await client.forward('', 'bob@mail.test', Buffer.from(ODD.replaceAll('\r\n', '\n')));
    expect(messages(peer).at(-1)).toMatchObject({
      from: '<>',
      sha256: createHash('sha256').update(ODD).digest('hex'),
    });
  });

  it('refuses one of three by LMTP after the dot', async ({ skip }) => {
    const peer = peerOf('aiosmtpd', skip);
    await using client = new SmtpClient({
      host: 'localhost',
      port: Number(peer.AIOSMTPD_LMTP_PORT),
      protocol: 'lmtp',
      security: 'none',
    });
    const to = ['a@mail.test', 'nobody@mail.test', 'c@mail.test'];
    const receipt = await client.send({ ...letter, to });
    expect(receipt.accepted).toEqual(['a@mail.test', 'c@mail.test']);
    expect(receipt.rejected).toMatchObject([{ address: 'nobody@mail.test', reply: { code: 550 } }]);
  });

  it('answers each command', async ({ skip }) => {
    const peer = peerOf('aiosmtpd', skip);
    await using connection = await SmtpConnection.greet({
      host: 'localhost',
      port: Number(peer.AIOSMTPD_PORT),
      security: 'none',
    });
    expect(await connection.ehlo('client.mail.test')).toMatchObject({ code: 250 });
    expect(await connection.vrfy('bob@mail.test')).toMatchObject({ code: 252 });
    expect(await connection.expn('staff')).toMatchObject({ code: 502 });
    expect((await connection.help()).lines.join(' ')).toContain('EHLO');
    expect(await connection.noop()).toMatchObject({ code: 250 });
    expect(await connection.rset()).toMatchObject({ code: 250 });
    expect(await connection.command('XNOTHING')).toMatchObject({ code: 500 });
  });
});

describe('smtp-server', () => {
  it('takes mail after STARTTLS and AUTH', async () => {
    const seen: Buffer[] = [];
    const fixture = (name: string): Buffer =>
      readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
    const server = new SMTPServer({
      cert: fixture('server.pem'),
      key: fixture('server.key.pem'),
      size: 100_000,
      onAuth: ({ password }, _session, done) =>
        password === login.password ? done(null, { user: 'alice' }) : done(new Error('no')),
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          seen.push(Buffer.concat(chunks));
          done(stream.sizeExceeded ? new Error('too large') : null);
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    const tls = { ca: fixture('ca.pem') };
    try {
      await using client = new SmtpClient({
        host: 'localhost',
        port,
        security: 'starttls',
        tls,
        ...login,
      });
      await client.forward('alice@mail.test', 'bob@mail.test', Buffer.from(ODD));
      expect(seen[0]?.equals(Buffer.from(ODD))).toBe(true);
      const large = { ...letter, to: 'bob@mail.test', text: 'x\n'.repeat(60_000) };
      await expect(client.send(large)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
      expect(seen).toHaveLength(1);
    } finally {
      await new Promise<void>((resolve) => server.close(resolve));
    }
  });
});
