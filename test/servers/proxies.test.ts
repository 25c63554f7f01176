// Real proxies: microsocks, Dante, OpenSSH, Tinyproxy and Squid, each with STARTTLS and implicit TLS through the tunnel.
import { readFileSync } from 'node:fs';
import { type PosthornEvent, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedServer, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let proxies: Peer | undefined;
beforeAll(async () => {
  proxies = await startPeer('proxies');
});
afterAll(stopPeers);

const tls = { ca: testAuthority };
const message = { from: 'ann@mail.test', to: 'bob@mail.test', subject: 'through', text: 'x' };

function started(skip: () => never): Peer {
  return proxies ?? skip();
}

type Proxy = NonNullable<SmtpClientOptions['proxy']>;

/** Sends through `proxy` and tells the events; the server must have got the message. */
async function sendThrough(
  proxy: Proxy,
  mode: 'starttls' | 'implicit',
  host: string,
): Promise<PosthornEvent[]> {
  await using server = await scriptedServer({}, { tls: mode });
  const events: PosthornEvent[] = [];
  const client = new SmtpClient({
    host,
    port: server.port,
    security: mode,
    username: 'ann',
    password: 'of the mail server',
    tls,
    proxy,
    onEvent: (event) => events.push(event),
  });
  try {
    await client.send(message);
  } finally {
    await client.close();
  }
  expect(server.messages.length).toBe(1);
  return events;
}

async function refusal(proxy: Proxy, server: ScriptedServer, port?: number): Promise<Error> {
  const client = new SmtpClient({
    ...{ host: '127.0.0.1', port: port ?? server.port },
    security: 'none',
    proxy,
    timeoutsMs: { connect: 1000 },
  });
  try {
    await client.verify();
  } catch (error) {
    expect(server.connections()).toBe(0);
    return error as Error;
  } finally {
    await client.close();
  }
  throw new Error('It was expected to fail');
}

/** The proxies by name, as URLs; `login` is part of those that want one. */
function urls(peer: Peer): Record<string, Proxy> {
  const login = `${peer.PROXY_LOGIN}:${encodeURIComponent(String(peer.PROXY_PASSWORD))}@`;
  const at = (kind: string, key: string, who = ''): string =>
    `${kind}://${who}127.0.0.1:${peer[key]}`;
  return {
    'microsocks, SOCKS5': at('socks5', 'SOCKS5'),
    'microsocks, SOCKS5 with a login': at('socks5', 'SOCKS5_LOGIN', login),
    'Dante, SOCKS4': at('socks4', 'DANTE'),
    'Dante, SOCKS5': at('socks5h', 'DANTE'),
    'OpenSSH, SOCKS4': at('socks4', 'SSH'),
    'OpenSSH, SOCKS4a': at('socks4a', 'SSH'),
    'OpenSSH, SOCKS5': at('socks5', 'SSH'),
    'Tinyproxy, Basic': at('http', 'TINYPROXY', 'kit:pw1@'),
    'Squid, Basic': at('http', 'SQUID_BASIC', login),
    'Squid, Digest': at('http', 'SQUID_DIGEST', login),
    'Squid, Basic over TLS': {
      url: `https://${login}localhost:${peer.SQUID_TLS}`,
      tls: { ca: readFileSync(String(peer.CA)) },
    },
  };
}

describe('a message', () => {
  it('goes through every proxy, by name and by address, with TLS inside', async ({ skip }) => {
    const all = urls(started(skip));
    expect(Object.keys(all).length).toBe(11);
    for (const [name, proxy] of Object.entries(all)) {
      for (const mode of ['starttls', 'implicit'] as const) {
        for (const host of ['localhost', '127.0.0.1']) {
          const events = await sendThrough(proxy, mode, host);
          const connect = events.find((event) => event.type === 'connect');
          expect(connect, name).toMatchObject({ proxy: expect.stringMatching(/:\d+$/) });
          expect(JSON.stringify(events)).not.toMatch(/p:w@1|pw1|p%3Aw/);
        }
      }
    }
  });

  it('goes through the proxy that the environment names', async ({ skip }) => {
    const peer = started(skip);
    process.env.ALL_PROXY = `socks5://127.0.0.1:${peer.SOCKS5}`;
    try {
      const events = await sendThrough('env', 'starttls', 'localhost');
      expect(events.find(({ type }) => type === 'connect')).toMatchObject({
        proxy: process.env.ALL_PROXY,
      });
      process.env.NO_PROXY = 'localhost';
      const direct = await sendThrough('env', 'starttls', 'localhost');
      expect(direct.find(({ type }) => type === 'connect')).not.toHaveProperty('proxy');
    } finally {
      delete process.env.ALL_PROXY;
      delete process.env.NO_PROXY;
    }
  });
});

describe('a wrong login', () => {
  it('is refused by every proxy that has one, and never shown', async ({ skip }) => {
    const peer = started(skip);
    await using server = await scriptedServer();
    const wrong: Record<string, [Proxy, RegExp]> = {
      SOCKS5_LOGIN: ['socks5://kit:hidden@', /refused the user name or password/],
      TINYPROXY: ['http://kit:hidden@', /'40[17] .*it refused the user name or password/],
      SQUID_BASIC: ['http://kit:hidden@', /'407 .*it refused the user name or password/],
      SQUID_DIGEST: ['http://kit:hidden@', /'407 .*it refused the user name or password/],
    };
    for (const [key, [start, expected]] of Object.entries(wrong)) {
      const error = await refusal(`${start}127.0.0.1:${peer[key]}`, server);
      expect(error, key).toMatchObject({
        name: 'ConnectionError',
        code: 'CONNECTION_PROXY',
        stage: 'proxy',
        retryable: false,
      });
      expect(error.message).toMatch(expected);
      expect(error.message + JSON.stringify(error)).not.toContain('hidden');
      const none = await refusal(
        `${String(start).replace('kit:hidden@', '')}127.0.0.1:${peer[key]}`,
        server,
      );
      expect(none).toMatchObject({ code: 'CONNECTION_PROXY' });
      expect(none.message).toMatch(/wants a login|refused the user name/);
    }
  });
});

describe('a server that is not there', () => {
  it('is told apart from a proxy that is not there', async ({ skip }) => {
    const peer = started(skip);
    await using server = await scriptedServer();
    const gone = await scriptedServer();
    await gone.close();
    for (const [name, proxy] of Object.entries(urls(peer))) {
      const error = await refusal(proxy, server, gone.port);
      expect(error, name).toMatchObject({
        name: 'ConnectionError',
        stage: 'proxy',
        delivered: 'no',
      });
      expect(
        ['CONNECTION_REFUSED', 'CONNECTION_UNREACHABLE', 'CONNECTION_PROXY_REFUSED'],
        `${name}: ${error.message}`,
      ).toContain(Reflect.get(error, 'code'));
    }
    const error = await refusal(`socks5://127.0.0.1:${gone.port}`, server);
    expect(error).toMatchObject({ code: 'CONNECTION_PROXY' });
    expect(error.message).toContain("can't be reached: nothing listens");
  });

  it('is told when the kind of proxy is wrong', async ({ skip }) => {
    const peer = started(skip);
    await using server = await scriptedServer();
    const http = await refusal(`http://127.0.0.1:${peer.DANTE}`, server);
    expect(http).toMatchObject({ code: 'CONNECTION_PROXY' });
    const socks = await refusal(`socks5://127.0.0.1:${peer.SQUID_BASIC}`, server);
    expect(socks.message).toContain("check kind and port in option 'proxy'");
  });
});
