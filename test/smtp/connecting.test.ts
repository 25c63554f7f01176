// The ways to a server as options name them: addresses, proxies, the own certificate authority, sessions and warnings.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../src/base/index.ts';
import { parseSmtpUrl, SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { raw } from '../support/faults.ts';
import {
  clientCertificate,
  type ScriptedServer,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { clear, deliver, ENVELOPE, failure, text } from './kit.ts';

const tls = { ca: testAuthority };

interface Relay extends AsyncDisposable {
  readonly port: number;
  /** What CONNECT asked for. */
  readonly targets: string[];
}

/** An HTTP proxy that leads everything to `server`. */
async function relay(server: ScriptedServer): Promise<Relay> {
  const targets: string[] = [];
  const http = createHttpServer();
  http.on('connect', ({ url = '' }, socket, head) => {
    targets.push(url);
    const onward = connect(server.port, server.host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const end of [onward, socket]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        onward.destroy();
        socket.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    port,
    targets,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function story(options: SmtpConnectionOptions): Promise<PosthornEvent[]> {
  const events: PosthornEvent[] = [];
  await deliver({ ...options, onEvent: (event) => events.push(event) });
  return events;
}

describe('an IPv6 address', () => {
  it('may be given with or without brackets, and in a URL', async ({ skip }) => {
    await using server = await scriptedServer();
    const six = createServer((socket) => {
      const onward = connect(server.port, server.host);
      socket.pipe(onward).pipe(socket);
      for (const end of [onward, socket]) end.on('error', () => undefined);
    });
    const isThere = await new Promise<boolean>((resolve) => {
      six.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true));
    });
    if (!isThere) return skip('this machine has no IPv6');
    const { port } = six.address() as AddressInfo;
    for (const host of ['::1', '[::1]', '[0:0::1]']) {
      const connection = await SmtpConnection.connect({ host, port, security: 'none' });
      expect(connection.server.host).toBe(host.replace(/[[\]]/g, ''));
      await connection.send(ENVELOPE, text());
      await connection.quit();
    }
    await deliver({ ...parseSmtpUrl(`smtp://[::1]:${port}`), security: 'none' });
    expect(server.messages.length).toBe(4);
    await new Promise((resolve) => six.close(resolve));
  });

  it.each([
    ['smtp://[fe80::1%25eth0]:25', 'fe80::1%eth0'],
    ['smtp://ann:pass@[fe80::1%eth0]', 'fe80::1%eth0'],
    ['smtps://[FE80::1%25en-1]', 'fe80::1%en-1'],
  ])('may carry its zone in a URL: %s', (url, host) => {
    expect(parseSmtpUrl(url)).toMatchObject({ host });
  });

  it.each(['[::1', '::1]', '[mail.test]', '[127.0.0.1]', '[]'])('is not %s', async (host) => {
    const error = await failure(SmtpConnection.connect({ host }));
    expect(error).toMatchObject({ code: 'OPTION_INVALID', option: 'host' });
  });
});

describe('a proxy', () => {
  it('is on the way of the connection, and of nothing in it', async () => {
    for (const mode of ['implicit', 'starttls'] as const) {
      await using server = await scriptedServer({}, { tls: mode });
      await using proxy = await relay(server);
      const events = await story({
        host: 'localhost',
        port: 587,
        security: mode,
        tls,
        username: 'ann',
        password: 'sesame',
        proxy: `http://me:secret@127.0.0.1:${proxy.port}`,
      });
      expect(proxy.targets).toEqual(['localhost:587']);
      expect(server.messages.length).toBe(1);
      expect(events[0]).toMatchObject({
        type: 'connect',
        host: 'localhost',
        port: 587,
        address: '127.0.0.1',
        proxy: `http://127.0.0.1:${proxy.port}`,
      });
      expect(inspect(events, { depth: 9 })).not.toContain('secret');
    }
  });

  it('may stand in the URL of the server', async () => {
    await using server = await scriptedServer();
    await using proxy = await relay(server);
    const url = `smtp://mail.test:2525?security=none&proxy=http://127.0.0.1:${proxy.port}`;
    await deliver(parseSmtpUrl(url));
    expect(proxy.targets).toEqual(['mail.test:2525']);
    expect(server.messages.length).toBe(1);
  });

  it('does not change whose certificate is expected', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit', certificate: 'wrong-name' });
    await using proxy = await relay(server);
    const error = await failure(
      deliver({
        host: 'mail.test',
        port: 465,
        security: 'implicit',
        tls,
        proxy: `http://127.0.0.1:${proxy.port}`,
      }),
    );
    expect(error).toMatchObject({
      code: 'TLS_CERTIFICATE',
      reason: 'name-mismatch',
      host: 'mail.test',
      port: 465,
    });
    expect(error.message).toContain("not for 'mail.test'");
  });

  it('on this machine makes no server local: no password in clear', async () => {
    await using server = await scriptedServer();
    await using proxy = await relay(server);
    const options: SmtpConnectionOptions = {
      ...clear(server),
      username: 'ann',
      password: 'sesame',
      authMechanisms: ['PLAIN'],
      proxy: `http://127.0.0.1:${proxy.port}`,
    };
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ code: 'AUTH_PLAINTEXT_REFUSED' });
    expect(server.clear()).not.toMatch(/AUTH|sesame|c2VzYW1l/);
  });

  it('makes localhost a far host: nothing in clear by itself', async () => {
    await using server = await scriptedServer();
    await using proxy = await relay(server);
    const error = await failure(
      deliver({ host: 'localhost', port: 587, proxy: `http://127.0.0.1:${proxy.port}` }),
    );
    expect(JSON.stringify(error)).toContain('TLS_NOT_OFFERED');
    expect(server.clear()).not.toContain('MAIL');
  });

  it('that is not there ends the search for a port', async () => {
    const gone = await scriptedServer();
    await gone.close();
    const proxy = `socks5://127.0.0.1:${gone.port}`;
    const error = await failure(deliver({ host: 'mail.test', proxy }));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_PROXY' });
  });

  it('is one way of several that exclude each other', async () => {
    const proxy = 'socks5://me:secret@127.0.0.1:1';
    const ways = { connect: () => connect(1), socketPath: '/nowhere' };
    for (const [name, value] of Object.entries(ways)) {
      const error = await failure(SmtpConnection.connect({ host: 'x', proxy, [name]: value }));
      expect(error).toMatchObject({ code: 'OPTION_INVALID', option: 'proxy' });
      expect(error.message).toBe(
        `Give 'proxy' or '${name}', not both: they are two ways to open the connection`,
      );
    }
    const wrong = await failure(SmtpConnection.connect({ host: 'x', proxy: 'ftp://me:secret@h' }));
    expect(wrong.message).toMatch(/^Option 'proxy' must be the URL of a proxy, such as /);
    expect(wrong.message).not.toContain('secret');
  });

  it('that is broken is told as such, with the server it was to lead to', async () => {
    await using server = await scriptedServer({ greeting: raw('HTTP/1.1 403 Forbidden\r\n\r\n') });
    const error = await failure(
      deliver({
        host: 'mail.test',
        port: 25,
        security: 'none',
        proxy: `http://127.0.0.1:${server.port}`,
      }),
    );
    expect(error).toMatchObject({
      code: 'CONNECTION_PROXY_REFUSED',
      stage: 'proxy',
      host: 'mail.test',
      port: 25,
    });
    expect(error.message).toContain("with '403 Forbidden'; it allows no tunnel");
  });
});

describe('TLS', () => {
  it('tells when a certificate was not verified, and warns', async () => {
    for (const mode of ['implicit', 'starttls'] as const) {
      await using server = await scriptedServer({}, { tls: mode });
      const options = { host: 'localhost', port: server.port, security: mode } as const;
      const open = await story({ ...options, tls: { rejectUnauthorized: false } });
      expect(open.find(({ type }) => type === 'tls')).toMatchObject({ authorized: false });
      expect(open.find(({ type }) => type === 'warning')).toMatchObject({
        message:
          "The certificate was not verified, because 'tls.rejectUnauthorized' is false: anybody on the way can read along. Give the issuer's certificate as 'tls.ca' instead",
      });
      const closed = await story({ ...options, tls });
      expect(closed.find(({ type }) => type === 'tls')).toMatchObject({ authorized: true });
      expect(closed.some(({ type }) => type === 'warning')).toBe(false);
    }
  });

  it('refuses options that do not exist when the options are checked', async () => {
    const error = await failure(
      SmtpConnection.connect({ host: 'x', tls: { rejectUnauthorised: false } as object }),
    );
    expect(error).toMatchObject({ code: 'OPTION_INVALID', option: 'tls.rejectUnauthorised' });
    expect(error.message).toMatch(/^There is no option 'tls\.rejectUnauthorised'; tls has ca, /);
  });

  it('resumes the session of an earlier connection', async () => {
    for (const mode of ['implicit', 'starttls'] as const) {
      // One context for all connections: tickets are encrypted with its keys.
      await using server = await scriptedServer({}, { tls: mode, sharedContext: true });
      const options = {
        host: 'localhost',
        port: server.port,
        security: mode,
        tls: { ...tls },
      } as const;
      const resumed: unknown[] = [];
      for (let times = 0; times < 3; times++) {
        const events = await story(options);
        resumed.push(events.find((event) => event.type === 'tls')?.resumed);
      }
      expect(resumed).toEqual([false, true, true]);
      const other = await story({ ...options, tls: { ...tls } });
      expect(other.find((event) => event.type === 'tls')?.resumed).toBe(false);
      expect(server.messages.length).toBe(4);
    }
  });

  it('says that a client certificate is missing, whenever the server says it', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      await using server = await scriptedServer(
        {},
        { tls: 'implicit', wantsClientCertificate: true },
      );
      const options = { host: 'localhost', port: server.port, security: 'implicit' } as const;
      await deliver({ ...options, tls: { ...tls, ...clientCertificate, maxVersion } });
      const error = await failure(deliver({ ...options, tls: { ...tls, maxVersion } }));
      expect(error.message).toMatch(/certificate|closed/);
      expect(error).toMatchObject({ delivered: 'no' });
    }
  });
});
