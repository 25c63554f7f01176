// SOCKS and HTTP proxies: what is asked, what each answer means, and that no byte of the server's is lost.
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PosthornError } from '../../src/base/index.ts';
import { type ProxyInput, proxySettings } from '../../src/net/index.ts';
import { Deadline, proxyDial } from '../../src/net/internal.ts';
import { fixture } from '../support/certificates.ts';
import { type ProxyAnswer, type ScriptedProxy, scriptedProxy } from '../support/scripted-proxy.ts';

const to = { host: 'mail.test', port: 587 };
const timeoutsMs = { dns: 1000, connect: 1000, tls: 1000 };
const ca = fixture('ca.pem');
const GREETING = '220 mail.test ESMTP\r\n';

interface DialChoice {
  readonly host?: string;
  readonly signal?: AbortSignal;
  readonly connectMs?: number;
}

async function dial(input: ProxyInput, choice: DialChoice = {}): Promise<Duplex> {
  const proxy = proxySettings(input);
  if (proxy === 'env') throw new Error('the environment is tested elsewhere');
  const options = {
    localAddress: undefined,
    timeoutsMs: { ...timeoutsMs, connect: choice.connectMs ?? timeoutsMs.connect },
  };
  const target = { ...to, host: choice.host ?? to.host };
  return await proxyDial(proxy, options)(target, new Deadline(choice.signal));
}

async function failure(work: Promise<unknown>): Promise<PosthornError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PosthornError) return error;
  throw new Error(`It was expected to fail, not ${String(error)}`);
}

/** The greeting, read only after a while: nothing may be lost until somebody listens. */
async function greeting(stream: Duplex): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  let text = '';
  await new Promise<void>((resolve) => {
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.length >= GREETING.length) resolve();
    });
    stream.once('close', resolve);
    stream.resume();
  });
  stream.destroy();
  return text;
}

const bytes = (...list: number[]): string => Buffer.from(list).toString('latin1');
const url = (kind: string, { port }: ScriptedProxy, login = ''): string =>
  `${kind}://${login}127.0.0.1:${port}`;
const OK_4 = bytes(0, 90, 0, 0, 0, 0, 0, 0);
const OK_5 = bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
const NO_LOGIN = bytes(5, 0);
const PASSWORD = bytes(5, 2);

describe('what is asked of a SOCKS proxy', () => {
  const MAIL_TEST = `${bytes(5, 1, 0, 3, 9)}mail.test${bytes(2, 75)}`;

  it.each([
    ['socks5', '', [NO_LOGIN, OK_5 + GREETING], `${bytes(5, 1, 0)}${MAIL_TEST}`],
    ['socks5h', '', [NO_LOGIN, OK_5 + GREETING], `${bytes(5, 1, 0)}${MAIL_TEST}`],
    [
      'socks5',
      'ann:p%40ss@',
      [PASSWORD, bytes(1, 0), OK_5 + GREETING],
      `${bytes(5, 2, 0, 2)}${bytes(1, 3)}ann${bytes(4)}p@ss${MAIL_TEST}`,
    ],
    ['socks4a', 'ann@', [OK_4 + GREETING], `${bytes(4, 1, 2, 75, 0, 0, 0, 1)}ann\0mail.test\0`],
  ] as const)('%s: the proxy resolves the name', async (kind, login, answers, asked) => {
    for (const cut of [undefined, 'byte', ...Array.from({ length: 12 }, (_, at) => at)] as const) {
      await using proxy = await scriptedProxy(answers, cut === undefined ? {} : { cut });
      expect(await greeting(await dial(url(kind, proxy, login)))).toBe(GREETING);
      expect(proxy.heard).toEqual([asked]);
    }
  });

  it('socks4: the name is resolved here', async () => {
    await using proxy = await scriptedProxy([OK_4 + GREETING]);
    const stream = await dial(url('socks4', proxy), { host: 'localhost' });
    expect(await greeting(stream)).toBe(GREETING);
    expect(proxy.heard).toEqual([bytes(4, 1, 2, 75, 127, 0, 0, 1, 0)]);
  });

  it('addresses go as addresses', async () => {
    await using five = await scriptedProxy([NO_LOGIN, OK_5]);
    (await dial(url('socks5', five), { host: '192.0.2.7' })).destroy();
    (await dial(url('socks5', five), { host: '2001:db8::7' })).destroy();
    expect(five.heard[0]?.slice(3)).toBe(bytes(5, 1, 0, 1, 192, 0, 2, 7, 2, 75));
    expect(five.heard[1]?.slice(3)).toBe(
      bytes(5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7, 2, 75),
    );
    await using four = await scriptedProxy([OK_4]);
    const error = await failure(dial(url('socks4', four), { host: '::1' }));
    expect(error).toMatchObject({ code: 'CONNECTION_UNREACHABLE' });
    expect(error.message).toBe(
      '::1 is an IPv6 address, but a SOCKS4 proxy (write socks4a:// or socks5:// if it can) needs an IPv4 address',
    );
    expect(four.heard).toEqual([]);
  });

  it('the address that the proxy answers with may be of any kind', async () => {
    const named = `${bytes(5, 0, 0, 3, 4)}here${bytes(1, 2)}`;
    const six = bytes(5, 0, 0, 4, ...Array<number>(16).fill(1), 1, 2);
    for (const answer of [named, six]) {
      await using proxy = await scriptedProxy([NO_LOGIN, answer + GREETING], { cut: 'byte' });
      expect(await greeting(await dial(url('socks5', proxy)))).toBe(GREETING);
    }
  });
});

describe('what a SOCKS proxy may answer', () => {
  const reply = (code: number): string => bytes(5, code, 0, 1, 0, 0, 0, 0, 0, 0);
  const four = (code: number): string => bytes(0, code, 0, 0, 0, 0, 0, 0);
  const cases: [kind: string, login: string, answers: ProxyAnswer[], code: string, what: string][] =
    [
      [
        'socks5',
        '',
        [NO_LOGIN, reply(1)],
        'CONNECTION_PROXY_REFUSED',
        'did not connect to the server (reply 1: general failure)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(2)],
        'CONNECTION_PROXY_REFUSED',
        'did not connect to the server (reply 2: not allowed by its rules; ask its operator to allow it)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(3)],
        'CONNECTION_UNREACHABLE',
        'did not connect to the server (reply 3: network unreachable)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(4)],
        'CONNECTION_UNREACHABLE',
        'did not connect to the server (reply 4: host unreachable, or its name is not known there)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(5)],
        'CONNECTION_REFUSED',
        "did not connect to the server (reply 5: nothing listens there; check 'host' and 'port')",
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(6)],
        'CONNECTION_UNREACHABLE',
        'did not connect to the server (reply 6: time to live expired)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(7)],
        'CONNECTION_PROXY_REFUSED',
        'did not connect to the server (reply 7: it does not know the CONNECT command)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(8)],
        'CONNECTION_PROXY_REFUSED',
        'did not connect to the server (reply 8: it takes no addresses of this kind)',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, reply(99)],
        'CONNECTION_PROXY_REFUSED',
        'did not connect to the server (reply 99: a reply that SOCKS does not know)',
      ],
      [
        'socks5',
        'ann:pass@',
        [PASSWORD, bytes(1, 0), reply(5)],
        'CONNECTION_REFUSED',
        "did not connect to the server (reply 5: nothing listens there; check 'host' and 'port')",
      ],
      [
        'socks5',
        '',
        [bytes(5, 255)],
        'CONNECTION_PROXY',
        "wants a login; write proxy: 'socks5://user:password@host:port'",
      ],
      [
        'socks5',
        'ann:pass@',
        [bytes(5, 255)],
        'CONNECTION_PROXY',
        "takes no user name and password, or no login at all; check option 'proxy'",
      ],
      [
        'socks5',
        'ann:pass@',
        [PASSWORD, bytes(1, 1)],
        'CONNECTION_PROXY',
        "refused the user name or password; check option 'proxy'",
      ],
      [
        'socks5',
        '',
        ['HTTP/1.1 400 Bad Request\r\n\r\n'],
        'CONNECTION_PROXY',
        'speaks HTTP, not SOCKS; write http:// in front of it',
      ],
      [
        'socks5',
        '',
        [four(91)],
        'CONNECTION_PROXY',
        "does not speak SOCKS5; check kind and port in option 'proxy'",
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, 'HTTP/1.1'],
        'CONNECTION_PROXY',
        "does not speak SOCKS5; check kind and port in option 'proxy'",
      ],
      [
        'socks5',
        '',
        [undefined],
        'CONNECTION_PROXY',
        'closed the connection without an answer; it may not reach the server, not serve this machine, or speak another protocol',
      ],
      [
        'socks5',
        '',
        [NO_LOGIN, undefined],
        'CONNECTION_PROXY_REFUSED',
        "closed the connection instead of answering; it may not reach the server: check 'host' and 'port'",
      ],
      [
        'socks4a',
        '',
        [four(91)],
        'CONNECTION_PROXY_REFUSED',
        "did not connect to the server (reply 91: rejected or failed; check 'host' and 'port')",
      ],
      [
        'socks4a',
        '',
        [four(92)],
        'CONNECTION_PROXY',
        'did not connect to the server (reply 92: it could not reach identd on this machine)',
      ],
      [
        'socks4a',
        '',
        [four(93)],
        'CONNECTION_PROXY',
        'did not connect to the server (reply 93: identd on this machine names another user)',
      ],
      [
        'socks4a',
        '',
        [`${bytes(5, 255)}......`],
        'CONNECTION_PROXY',
        'speaks SOCKS5, not SOCKS4; write socks5:// in front of it',
      ],
      [
        'socks4a',
        '',
        ['SSH-2.0-OpenSSH_9.2\r\n'],
        'CONNECTION_PROXY',
        "does not speak SOCKS4; check kind and port in option 'proxy'",
      ],
    ];
  it.each(cases)('%s %s%j', async (kind, login, answers, code, what) => {
    for (const cut of [undefined, 'byte'] as const) {
      await using proxy = await scriptedProxy(answers, cut === undefined ? {} : { cut });
      const error = await failure(dial(url(kind, proxy, login)));
      expect(error).toMatchObject({
        name: 'ConnectionError',
        code,
        stage: 'proxy',
        delivered: 'no',
        ...to,
      });
      expect(error.message).toBe(`The proxy ${url(kind, proxy)} ${what}`);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/pass@|"pass"|'pass'/);
      await closed(proxy);
    }
  });
});

describe('HTTP CONNECT', () => {
  const OK = 'HTTP/1.1 200 Connection established\r\n\r\n';
  const wants = (...ways: string[]): string =>
    `HTTP/1.1 407 Proxy Authentication Required\r\n${ways.map((way) => `Proxy-Authenticate: ${way}\r\n`).join('')}Content-Length: 9\r\n\r\ngo away!!`;

  it('asks for host and port, and loses nothing of the greeting', async () => {
    for (const cut of [undefined, 'byte', ...Array.from({ length: 45 }, (_, at) => at)] as const) {
      await using proxy = await scriptedProxy([OK + GREETING], cut === undefined ? {} : { cut });
      expect(await greeting(await dial(url('http', proxy)))).toBe(GREETING);
      expect(proxy.heard).toEqual([
        'CONNECT mail.test:587 HTTP/1.1\r\nHost: mail.test:587\r\nConnection: close\r\n\r\n',
      ]);
    }
  });

  it('puts IPv6 addresses in brackets', async () => {
    await using proxy = await scriptedProxy(['HTTP/1.0 200 OK\r\nVia: x\r\n\r\n']);
    (await dial(url('http', proxy), { host: '2001:db8::7' })).destroy();
    expect(proxy.heard[0]).toMatch(/^CONNECT \[2001:db8::7\]:587 /);
  });

  it('logs in by Basic when that is all there is, and from then on at once', async () => {
    await using proxy = await scriptedProxy([[wants('Basic realm="x"')], [OK + GREETING]]);
    const input = proxySettings(url('http', proxy, 'ann:p%C3%A4ss@'));
    if (input === 'env') throw new Error();
    const through = proxyDial(input, { localAddress: undefined, timeoutsMs });
    for (let times = 0; times < 2; times++) {
      expect(await greeting(await through(to, new Deadline()))).toBe(GREETING);
    }
    const login = `Proxy-Authorization: Basic ${Buffer.from('ann:päss').toString('base64')}`;
    expect(proxy.heard.map((said) => said.includes(login))).toEqual([false, true, true]);
    expect(proxy.heard[0]).not.toContain('Authorization');
  });

  it('prefers Digest, and shows no password then', async () => {
    const ways = ['Basic realm="x"', 'Digest realm="r", nonce="n\\"1", qop="auth", opaque="o"'];
    await using proxy = await scriptedProxy([[wants(...ways)], [OK + GREETING]]);
    expect(await greeting(await dial(url('http', proxy, 'ann:pass@')))).toBe(GREETING);
    expect(proxy.heard[1]).toMatch(
      /Proxy-Authorization: Digest username="ann", realm="r", nonce="n\\"1", uri="mail\.test:587", response="[0-9a-f]{32}", opaque="o", qop=auth, nc=00000001, cnonce="[0-9a-f]{32}"\r\n/,
    );
    expect(proxy.heard.join()).not.toContain(Buffer.from('ann:pass').toString('base64'));
  });

  it.each([
    [
      '',
      '407 Proxy Authentication Required',
      false,
      'CONNECTION_PROXY',
      "it wants a login: write proxy: 'http://user:password@host:port'",
    ],
    [
      'ann:pass@',
      '401 Unauthorized',
      false,
      'CONNECTION_PROXY',
      "it refused the user name or password in option 'proxy'",
    ],
    [
      '',
      '403 Forbidden',
      false,
      'CONNECTION_PROXY_REFUSED',
      'it allows no tunnel to that host or port: ask its operator to allow CONNECT to port 587',
    ],
    [
      '',
      '405 Method Not Allowed',
      false,
      'CONNECTION_PROXY_REFUSED',
      'it allows no tunnel to that host or port: ask its operator to allow CONNECT to port 587',
    ],
    [
      '',
      '302 Found',
      false,
      'CONNECTION_PROXY_REFUSED',
      'it allows no tunnel to that host or port: ask its operator to allow CONNECT to port 587',
    ],
    [
      '',
      '502 Bad Gateway',
      true,
      'CONNECTION_PROXY_REFUSED',
      "it could not reach the server: check 'host' and 'port'",
    ],
    [
      '',
      '504',
      true,
      'CONNECTION_PROXY_REFUSED',
      "it could not reach the server: check 'host' and 'port'",
    ],
  ] as const)('%s may be answered with %s', async (login, status, retryable, code, cure) => {
    for (const cut of [undefined, 'byte'] as const) {
      const answer = `HTTP/1.1 ${status}\r\nContent-Length: 4\r\n\r\nbody`;
      await using proxy = await scriptedProxy([answer], cut === undefined ? {} : { cut });
      const error = await failure(dial(url('http', proxy, login)));
      expect(error).toMatchObject({
        name: 'ConnectionError',
        code,
        retryable,
        stage: 'proxy',
        ...to,
      });
      expect(error.message).toBe(
        `The proxy ${url('http', proxy)} answered CONNECT mail.test:587 with '${status}'; ${cure}`,
      );
      await closed(proxy);
    }
  });

  it('refuses a login twice, and shows it to nobody', async () => {
    const echo = `HTTP/1.1 407 no ${Buffer.from('ann:pass').toString('base64')} pass\r\nProxy-Authenticate: Basic realm=x\r\n\r\n`;
    await using proxy = await scriptedProxy([echo]);
    const error = await failure(dial(url('http', proxy, 'ann:pass@')));
    expect(error).toMatchObject({ code: 'CONNECTION_PROXY', retryable: false });
    expect(error.message).toBe(
      `The proxy ${url('http', proxy)} answered CONNECT mail.test:587 with '407 no *** ***'; it refused the user name or password in option 'proxy'`,
    );
    expect(proxy.heard.length).toBe(2);
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    expect(shown).not.toMatch(/pass\b|YW5uOnBhc3M/);
  });

  it('says which ways to log in there are when none is known', async () => {
    await using proxy = await scriptedProxy([wants('Negotiate', 'NTLM')]);
    const error = await failure(dial(url('http', proxy, 'ann:pass@')));
    expect(error.message).toBe(
      `The proxy ${url('http', proxy)} wants a login by negotiate, ntlm; only Basic and Digest are spoken here`,
    );
  });

  it.each([
    [
      'SSH-2.0-OpenSSH_9.2\r\n',
      false,
      "does not speak HTTP; check kind and port in option 'proxy'",
    ],
    [bytes(5, 255), false, "does not speak HTTP; check kind and port in option 'proxy'"],
    [
      undefined,
      true,
      'closed the connection before it answered CONNECT; it may not serve this machine, or speak another protocol',
    ],
    [
      `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`,
      false,
      'answered CONNECT with endless headers',
    ],
  ] as const)('may be answered with no HTTP (%#)', async (answer, retryable, what) => {
    await using proxy = await scriptedProxy([answer]);
    const error = await failure(dial(url('http', proxy)));
    expect(error).toMatchObject({ code: 'CONNECTION_PROXY', stage: 'proxy', retryable });
    expect(error.message).toBe(`The proxy ${url('http', proxy)} ${what}`);
    await closed(proxy);
  });
});

describe('an https proxy', () => {
  const OK = 'HTTP/1.1 200 OK\r\n\r\n';

  it('is verified by its own name and options', async () => {
    await using proxy = await scriptedProxy([OK + GREETING], { tls: 'server' });
    const input = { url: `https://localhost:${proxy.port}`, tls: { ca } };
    expect(await greeting(await dial(input))).toBe(GREETING);
    expect(await greeting(await dial({ ...input, url: url('https', proxy) }))).toBe(GREETING);
  });

  it.each([
    [
      'wrong-name',
      { ca },
      /^The TLS connection to the proxy https:\/\/localhost:\d+ failed\. The certificate of the proxy localhost:\d+ is for 'mail\.example\.org', 'smtp\.example\.org', not for 'localhost'/,
    ],
    [
      'server',
      {},
      /which this machine does not trust; if you know that authority, write tls: \{ ca: /,
    ],
  ] as const)('is refused with a bad certificate (%s)', async (tls, options, message) => {
    await using proxy = await scriptedProxy([OK], { tls });
    const input = { url: `https://ann:pass@localhost:${proxy.port}`, tls: options };
    const error = await failure(dial(input));
    expect(error).toMatchObject({
      name: 'TlsError',
      code: 'TLS_CERTIFICATE',
      stage: 'proxy',
      ...to,
    });
    expect(error.message).toMatch(message);
    expect(proxy.heard.join()).toBe('');
  });

  it('that speaks no TLS is told apart', async () => {
    await using proxy = await scriptedProxy(['HTTP/1.1 400 Bad Request\r\n\r\n']);
    const error = await failure(dial(url('https', proxy)));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_WRONG_MODE' });
    expect(error.message).toContain("write http:// instead of https:// in option 'proxy'");
  });
});

describe('a proxy of any kind', () => {
  const kinds = ['socks4a', 'socks5', 'http', 'https'];

  it.each(kinds)('%s that is silent is given up in time', async (kind) => {
    await using proxy = await scriptedProxy(['']);
    const error = await failure(
      dial(url(kind, proxy, kind === 'socks4a' ? '' : 'ann:pass@'), { connectMs: 60 }),
    );
    expect(error).toMatchObject({
      name: 'TimeoutError',
      code: 'TIMEOUT',
      stage: 'proxy',
      retryable: true,
      ...to,
    });
    const story =
      kind === 'https' ? 'did not finish the TLS handshake in time; ' : 'did not answer in time.';
    expect(error.message).toContain(`The proxy ${url(kind, proxy)} ${story}`);
    await closed(proxy);
  });

  it.each(kinds)('%s is left when the caller says so', async (kind) => {
    await using proxy = await scriptedProxy(['']);
    const controller = new AbortController();
    const work = failure(dial(url(kind, proxy), { signal: controller.signal }));
    setTimeout(() => controller.abort(), 40);
    expect(await work).toMatchObject({ code: 'ABORTED', delivered: 'no' });
    await closed(proxy);
  });

  it.each(kinds)('%s that is not there is named', async (kind) => {
    const gone = await scriptedProxy(['']);
    await gone[Symbol.asyncDispose]();
    const error = await failure(dial(url(kind, gone)));
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_PROXY',
      stage: 'proxy',
      retryable: true,
      ...to,
    });
    expect(error.message).toBe(
      `The proxy ${url(kind, gone)} can't be reached: nothing listens; check option 'proxy', and that the proxy is running`,
    );
  });

  it.each([
    ['socks4a', [OK_4]],
    ['socks5', [NO_LOGIN, OK_5]],
    ['http', ['HTTP/1.1 200 OK\r\nVia: 1.1 x\r\n\r\n']],
  ] as const)('%s that leaves after any byte of its answer is named', async (kind, answers) => {
    const last = answers.at(-1) ?? '';
    for (let count = 0; count < last.length; count++) {
      const cutShort = (socket: Socket): void => void socket.end(last.slice(0, count), 'latin1');
      await using proxy = await scriptedProxy([...answers.slice(0, -1), cutShort]);
      const error = await failure(dial(url(kind, proxy)));
      expect(error).toMatchObject({ name: 'ConnectionError', stage: 'proxy', retryable: true });
      expect(['CONNECTION_PROXY', 'CONNECTION_PROXY_REFUSED']).toContain(error.code);
      await closed(proxy);
    }
  });

  it.each(kinds)('%s that breaks the connection is named', async (kind) => {
    await using proxy = await scriptedProxy([(socket) => void socket.resetAndDestroy()]);
    const error = await failure(dial(url(kind, proxy)));
    expect(error).toMatchObject({ stage: 'proxy', retryable: true, delivered: 'no' });
    expect(error.message).toContain(url(kind, proxy));
  });
});

async function closed(proxy: ScriptedProxy): Promise<void> {
  for (let tries = 0; proxy.open() > 0 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(proxy.open()).toBe(0);
}
