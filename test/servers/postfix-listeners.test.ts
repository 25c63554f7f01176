// What servers do, done by Postfix: each listener has a way of its own.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { type PosthornError, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { SmtpConnection } from 'posthorn/smtp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let postfix: Peer | undefined;
beforeAll(async () => {
  postfix = (await startPeer('dovecot')) && (await startPeer('postfix'));
}, 120_000);
afterAll(stopPeers);

const login = { username: 'alice@mail.test', password: 'secret-alice' };
const letter = { from: 'alice@mail.test', to: 'bob@mail.test', subject: 'Hello', text: 'Hi' };
type Skip = () => never;

function at(offset: number, skip: Skip): SmtpClientOptions & { readonly port: number } {
  if (!postfix) return skip();
  const port = Number(postfix.BASE) + offset;
  return { host: 'localhost', port, tls: { ca: readFileSync(String(postfix.CA)) } };
}

async function sent(options: SmtpClientOptions, message: object = letter) {
  await using client = new SmtpClient(options);
  return await client.send(message);
}

async function failed(
  options: SmtpClientOptions,
  message: object = letter,
): Promise<PosthornError> {
  return await sent(options, message).then(
    () => expect.unreachable('it was sent'),
    (error: PosthornError) => error,
  );
}

describe('Postfix', () => {
  it('that offers AUTH in clear gets it over loopback only when that is allowed', async ({
    skip,
  }) => {
    const options = { ...at(26, skip), ...login, security: 'none' } as const;
    expect(await sent(options)).toMatchObject({ accepted: ['bob@mail.test'] });
    const refused = await failed({
      ...options,
      authMechanisms: ['PLAIN'],
      dangerouslyAllowPlaintextAuth: false,
    });
    expect(refused).toMatchObject({ code: 'AUTH_PLAINTEXT_REFUSED', delivered: 'no' });
  });

  it('without extensions gets mail that needs none', async ({ skip }) => {
    const options = { ...at(27, skip), security: 'none' } as const;
    await sent({ ...options }, { ...letter, subject: 'Grüße', text: 'Grüße 日本' });
    expect(await failed(options, { ...letter, to: 'bücher@mail.test' })).toMatchObject({
      code: 'ADDRESS_NEEDS_SMTPUTF8',
      host: 'localhost',
    });
    expect(await failed({ ...at(27, skip), security: 'starttls' })).toMatchObject({
      code: 'TLS_NOT_OFFERED',
    });
  });

  it('that is strict says whom it takes and how much', async ({ skip }) => {
    const options = { ...at(28, skip), security: 'none' } as const;
    const to = ['bob', 'reject', 'defer', 'full', 'carol'].map((name) => `${name}@mail.test`);
    const { accepted, rejected } = await sent(options, { ...letter, to });
    expect(accepted).toEqual(['bob@mail.test', 'carol@mail.test']);
    expect(
      rejected.map(({ address, reply }) => [address.split('@')[0], reply.code, reply.enhanced]),
    ).toEqual([
      ['reject', 550, '5.1.1'],
      ['defer', 451, '4.7.1'],
      ['full', 452, '4.2.2'],
    ]);
    expect(await failed(options, { ...letter, text: 'x\n'.repeat(20_000) })).toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      stage: 'mail',
    });
    expect(await failed(options, { ...letter, to: 'drop@mail.test' })).toMatchObject({
      reply: { code: 421 },
      retryable: true,
      delivered: 'no',
    });
  });

  it('that takes five recipients at once gets the message as often as it takes', async ({
    skip,
  }) => {
    const options = { ...at(28, skip), security: 'none' } as const;
    const to = [...'abcdefghijklm'].map((name) => `bob+${name}@mail.test`);
    const receipt = await sent(options, { ...letter, to });
    expect(receipt).toMatchObject({ accepted: to, rejected: [], unsettled: [] });
  });

  it('that is too busy can be asked again', async ({ skip }) => {
    expect(await failed({ ...at(29, skip), security: 'none' })).toMatchObject({
      name: 'SmtpReplyError',
      retryable: true,
      delivered: 'no',
      reply: { code: 421 },
    });
  });

  it('that is slow is waited for, as long as that is allowed', async ({ skip }) => {
    const options = { ...at(30, skip), security: 'none' } as const;
    await sent(options);
    expect(await failed({ ...options, timeoutsMs: { command: 300 } })).toMatchObject({
      code: 'TIMEOUT',
      stage: 'mail',
      delivered: 'no',
    });
  });

  it('behind a proxy that says who is there', async ({ skip }) => {
    const { port } = at(31, skip);
    const options: SmtpClientOptions = {
      host: 'localhost',
      security: 'none',
      connect: async () => {
        const socket = connect(port, '127.0.0.1');
        socket.write('PROXY TCP4 203.0.113.7 127.0.0.1 4000 25\r\n');
        return socket;
      },
    };
    expect(await sent(options)).toMatchObject({ accepted: ['bob@mail.test'] });
  });

  it.each([
    [32, /other\.test/],
    [33, /expired/],
  ])('with a certificate that is not valid gets nothing (%i)', async (offset, said) => {
    if (!postfix) return;
    const options = {
      ...at(offset, () => expect.unreachable()),
      security: 'starttls',
      ...login,
    } as const;
    const error = await failed(options);
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_CERTIFICATE', delivered: 'no' });
    expect(error.message).toMatch(said);
  });

  it('that wants a client certificate gets it', async ({ skip }) => {
    const options = { ...at(34, skip), security: 'starttls' } as const;
    const certs = String(postfix?.CERTS);
    const cert = readFileSync(`${certs}/client.pem`);
    const key = readFileSync(`${certs}/client.key`);
    await sent({ ...options, tls: { ...options.tls, cert, key } });
    expect((await failed(options)).delivered).toBe('no');
  });

  it('that knows TLS 1.2 only is spoken to by it, unless that is too old', async ({ skip }) => {
    const options = { ...at(35, skip), security: 'starttls' } as const;
    expect((await sent(options)).server.tls?.protocol).toBe('TLSv1.2');
    const error = await failed({ ...options, tls: { ...options.tls, minVersion: 'TLSv1.3' } });
    expect(error).toMatchObject({ name: 'TlsError', delivered: 'no' });
  });

  it('takes commands of its own', async ({ skip }) => {
    const { host, port } = { host: 'localhost', ...at(36, skip) };
    await using connection = await SmtpConnection.greet({
      host: String(host),
      port,
      security: 'none',
    });
    await connection.ehlo('client.mail.test');
    expect(connection.capabilities.raw.get('XCLIENT')).toContain('ADDR');
    expect(await connection.command('XCLIENT ADDR=203.0.113.9 NAME=far.test')).toMatchObject({
      code: 220,
    });
    expect(await connection.ehlo('client.mail.test')).toMatchObject({ code: 250 });
    expect(await connection.vrfy('bob@mail.test')).toMatchObject({ code: 252 });
    expect((await connection.etrn('mail.test')).code).toBeGreaterThanOrEqual(250);
  });

  it('takes a message in pieces of every kind of line end', async ({ skip }) => {
    const options: SmtpClientOptions = {
      ...at(587, skip),
      security: 'starttls',
      ...login,
    };
    await using client = new SmtpClient(options);
    const text =
      'From: alice@mail.test\nTo: bob@mail.test\nSubject: smuggled\n\n.\nMAIL FROM:<evil@evil.test>\r.\r\n\n.\r\nend';
    const receipt = await client.forward('alice@mail.test', 'bob@mail.test', Buffer.from(text), {
      resent: true,
    });
    expect(receipt.accepted).toEqual(['bob@mail.test']);
    expect(receipt.queueId).toMatch(/^[0-9A-Za-z]+$/);
  });
});
