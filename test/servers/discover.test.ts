// Finding a server: SRV and MX records from dnsmasq, the ports and the login of Postfix.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { SmtpClient } from 'posthorn';
import { type DiscoverOptions, discover, inspectServer } from 'posthorn/smtp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/fake-io.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let dns: Peer | undefined;
let postfix: Peer | undefined;

beforeAll(async () => {
  dns = await startPeer('dns');
  postfix = (await startPeer('dovecot')) && (await startPeer('postfix'));
});
afterAll(stopPeers);

/** Every host is this machine. */
function options(skip: () => never): DiscoverOptions {
  if (!dns || !postfix) return skip();
  return {
    dnsServers: [`127.0.0.1:${dns.DNS_PORT}`],
    tls: { ca: readFileSync(String(postfix.CA)) },
    connect: ({ port }) => connect(port, '127.0.0.1'),
  };
}

describe('discover with dnsmasq and Postfix', () => {
  it('follows the SRV records of an address to a server that takes its login', async ({ skip }) => {
    const known = options(skip);
    const found = await discover('alice@mail.test', known);
    expect({ ...found }).toEqual({
      host: 'mail.test',
      port: Number(postfix?.SUBMISSIONS_PORT),
      security: 'implicit',
    });
    expect(found.source).toBe('srv');
    const { tls, connect: dial } = known;
    const client = new SmtpClient({
      ...found,
      ...(tls && { tls }),
      ...(dial && { connect: dial }),
      username: found.suggestedUsername ?? '',
      password: 'secret-alice',
    });
    try {
      await client.verify();
    } finally {
      await client.close();
    }
  });

  it('asks before it follows them into another domain', async ({ skip }) => {
    const known = options(skip);
    await expect(discover('bob@hosted.test', known)).rejects.toThrow(
      "An SRV record of hosted.test names mail.test, which is in another domain; if it is right, allow it with 'confirmHost'",
    );
    const found = await discover('bob@hosted.test', { ...known, confirmHost: () => true });
    expect(found.host).toBe('mail.test');
  });

  it('hears that there is no such service, and who hosts a domain', async ({ skip }) => {
    const known = options(skip);
    const nothing = { ...known, connect: () => Promise.reject(new Error('nothing')) };
    await expect(discover('closed.test', nothing)).rejects.toThrow(
      'The SRV records of closed.test say that it has no such server',
    );
    expect((await discover('ann@google.test', known)).provider).toBe('gmail');
  });
});

describe('an inspection of Postfix', () => {
  it('sees its ports, certificate and login', async ({ skip }) => {
    const { tls } = options(skip);
    const found = await inspectServer({
      host: 'localhost',
      port: Number(postfix?.SUBMISSION_PORT),
      username: 'alice@mail.test',
      password: 'secret-alice',
      ...(tls && { tls }),
    });
    expect(found).toMatchObject({
      use: { security: 'starttls' },
      login: { mechanism: 'SCRAM-SHA-256' },
      warnings: [{ code: 'certificate-expires' }],
    });
    expect(found.ports[0]).toMatchObject({
      greeting: 'mx.mail.test ESMTP Postfix',
      certificate: { names: ['localhost', 'mail.test', '127.0.0.1'] },
      authInClear: [],
      capabilities: { dsn: true, size: 104857600 },
    });
  });

  it('finds TLS from the first byte on a port of its own, by the command', async ({ skip }) => {
    options(skip);
    const argv = ['check', `localhost:${postfix?.SUBMISSIONS_PORT}`, '--ca', String(postfix?.CA)];
    const { code, stdout } = await runCommand(argv);
    expect(code).toBe(0);
    expect(stdout).toContain(`smtps://localhost:${postfix?.SUBMISSIONS_PORT}`);
    expect(stdout).toMatch(/Warnings\n {2}! {2}The certificate of port \d+ expires in \d+ days: /);
  });
});
