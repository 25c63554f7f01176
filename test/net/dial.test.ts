import { connect, createServer, type Server } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { PosthornError } from '../../src/base/index.ts';
import { customDial, Deadline, dialError, tcpDial, unixDial } from '../../src/net/internal.ts';

const addresses = vi.hoisted(() => vi.fn());
vi.mock('node:dns/promises', async (original) => {
  const dns = await original<typeof import('node:dns/promises')>();
  return { ...dns, lookup: addresses.mockImplementation(dns.lookup) };
});

const timeoutsMs = { dns: 5000, connect: 5000 };
const dial = tcpDial({ localAddress: undefined, timeoutsMs });

async function thrown(work: Promise<unknown>): Promise<PosthornError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PosthornError) return error;
  throw new Error(`It was expected to fail, not ${String(error)}`);
}

async function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

describe('TCP', () => {
  it('connects by address and by name, whichever family answers', async () => {
    const { server, port } = await listen('127.0.0.1');
    for (const host of ['127.0.0.1', 'localhost']) {
      const socket = await dial({ host, port }, new Deadline());
      expect(Reflect.get(socket, 'remoteAddress')).toMatch(/127\.0\.0\.1$/);
      socket.destroy();
    }
    server.close();
  });

  it('connects from the address it is told', async () => {
    const { server, port } = await listen('127.0.0.1');
    const from = tcpDial({ localAddress: '127.0.0.9', timeoutsMs });
    const socket = await from({ host: 'localhost', port }, new Deadline());
    expect(Reflect.get(socket, 'localAddress')).toBe('127.0.0.9');
    socket.destroy();
    server.close();
    const notOurs = tcpDial({ localAddress: '192.0.2.77', timeoutsMs });
    const error = await thrown(notOurs({ host: '127.0.0.1', port }, new Deadline()));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_UNREACHABLE' });
    expect(error.message).toBe(
      `Can't connect to 127.0.0.1:${port} from the given 'localAddress'; it must be an address of this machine`,
    );
  });

  it('tells which family the local address wants', async () => {
    const from = tcpDial({ localAddress: '127.0.0.1', timeoutsMs });
    const literal = await thrown(from({ host: '::1', port: 25 }, new Deadline()));
    expect(literal).toMatchObject({ code: 'CONNECTION_UNREACHABLE', stage: 'dns' });
    expect(literal.message).toBe(
      "::1 is an IPv6 address, but 'localAddress' 127.0.0.1 needs an IPv4 address",
    );
  });

  it('says that nothing listens', async () => {
    const { server, port } = await listen('127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    const error = await thrown(dial({ host: '127.0.0.1', port }, new Deadline()));
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_REFUSED',
      stage: 'connect',
      host: '127.0.0.1',
      port,
      retryable: true,
      delivered: 'no',
    });
    expect(error.message).toBe(
      `Nothing listens on 127.0.0.1:${port}; check 'host' and 'port', and that the server is running`,
    );
  });

  it('says that a name can not be found', async () => {
    const error = await thrown(dial({ host: 'no-such-host.invalid', port: 25 }, new Deadline()));
    expect(error).toMatchObject({ code: 'CONNECTION_DNS', stage: 'dns' });
    // Which of the two depends on whether the machine has a name server.
    expect([
      "The host name 'no-such-host.invalid' does not exist; check the spelling of 'host'",
      "The name server gave no answer for 'no-such-host.invalid'; check the network and the name server of this machine, then try again",
    ]).toContain(error.message);
  });

  it('gives up when told to', async () => {
    // TEST-NET-1 (RFC 5737): nobody answers; some networks say so at once.
    const bounded = tcpDial({ localAddress: undefined, timeoutsMs: { dns: 50, connect: 50 } });
    const error = await thrown(bounded({ host: '192.0.2.1', port: 25 }, new Deadline()));
    expect(['TIMEOUT', 'CONNECTION_UNREACHABLE', 'CONNECTION_REFUSED']).toContain(error.code);
    expect(error.stage).toBe('connect');
    const aborted = await thrown(
      dial({ host: '192.0.2.1', port: 25 }, new Deadline(AbortSignal.abort())),
    );
    expect(aborted.code).toBe('ABORTED');
  });
});

describe('several addresses', () => {
  it('of which one answers are one connection', async () => {
    const { server, port } = await listen('127.0.0.1');
    addresses.mockResolvedValueOnce([
      { address: '127.0.0.77', family: 4 },
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]);
    const socket = await dial({ host: 'three.test', port }, new Deadline());
    expect(Reflect.get(socket, 'remoteAddress')).toBe('127.0.0.1');
    socket.destroy();
    server.close();
  });

  it('of which none answers are one error with the story of each', async () => {
    const { server, port } = await listen('127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    addresses.mockResolvedValueOnce([
      { address: '127.0.0.77', family: 4 },
      { address: '127.0.0.78', family: 4 },
    ]);
    const error = await thrown(dial({ host: 'two.test', port }, new Deadline()));
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED', host: 'two.test', port });
    expect(error.message).toMatch(/ \(tried 127\.0\.0\.77, 127\.0\.0\.78\)$/);
  });

  it('that stay silent are named when the time is over', async () => {
    // TEST-NET-1 (RFC 5737): nobody answers; some networks say so at once.
    addresses.mockResolvedValueOnce([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
    ]);
    const bounded = tcpDial({ localAddress: undefined, timeoutsMs: { dns: 50, connect: 300 } });
    const error = await thrown(bounded({ host: 'silent.test', port: 25 }, new Deadline()));
    expect(error.message).toMatch(/192\.0\.2\.1.*192\.0\.2\.2/);
  });
});

describe('a Unix socket', () => {
  it('that is not there is named', async () => {
    const error = await thrown(
      unixDial('/nowhere/smtp.sock', 1000)({ host: 'localhost', port: 0 }, new Deadline()),
    );
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_REFUSED' });
    expect(error.message).toBe(
      "There is no socket at '/nowhere/smtp.sock'; check 'socketPath', and that the server is running",
    );
  });
});

describe("a caller's own way", () => {
  const to = { host: 'mail.example', port: 587 };

  it('is asked with host and port, and may take a while', async () => {
    const stream = new PassThrough();
    const asked: unknown[] = [];
    const { signal } = new AbortController();
    const own = customDial(async (...args) => {
      asked.push(args);
      return stream;
    }, 1000);
    expect(await own(to, new Deadline(signal))).toBe(stream);
    expect(asked).toEqual([[to, signal]]);
  });

  it('must lead to a stream', async () => {
    const own = customDial(() => ({}) as PassThrough, 1000);
    const error = await thrown(own(to, new Deadline()));
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    expect(error.message).toBe("Option 'connect' must return a Duplex stream");
  });

  it('may fail like any other', async () => {
    const refusal = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const own = customDial(() => Promise.reject(refusal), 1000);
    expect(await thrown(own(to, new Deadline()))).toMatchObject({
      code: 'CONNECTION_REFUSED',
      cause: refusal,
    });
    const odd = customDial(() => {
      throw new Error('the tunnel\r\nis closed');
    }, 1000);
    expect((await thrown(odd(to, new Deadline()))).message).toBe(
      'The connection to mail.example:587 failed: the tunnel\\u{d}\\u{a}is closed',
    );
  });

  it('may be a socket that is still connecting', async () => {
    const { server, port } = await listen('127.0.0.1');
    const own = customDial(() => connect(port, '127.0.0.1'), 1000);
    const socket = await own(to, new Deadline());
    expect(Reflect.get(socket, 'connecting')).toBe(false);
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    const error = await thrown(own(to, new Deadline()));
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED', host: 'mail.example', port: 587 });
  });

  it('that returns a stream which has ended is told so, not left to time out', async () => {
    const destroyed = new PassThrough();
    destroyed.destroy();
    const ended = new PassThrough();
    ended.end();
    ended.resume();
    await new Promise((resolve) => ended.once('end', resolve));
    for (const stream of [destroyed, ended]) {
      const own = customDial(() => stream, 1000);
      const error = await thrown(own({ host: 'own.test', port: 25 }, new Deadline()));
      expect(error).toMatchObject({
        code: 'CONNECTION_CLOSED',
        stage: 'connect',
        host: 'own.test',
      });
      expect(error.message).toBe(
        "The stream that option 'connect' returned has ended already; return a fresh one for each call",
      );
    }
  });

  it('that takes too long is closed when it comes after all', async () => {
    const late = new PassThrough();
    const own = customDial(() => new Promise((resolve) => setTimeout(resolve, 400, late)), 20);
    const error = await thrown(own(to, new Deadline()));
    expect(error).toMatchObject({ name: 'TimeoutError', stage: 'connect' });
    await new Promise((resolve) => late.once('close', resolve));
    expect(late.destroyed).toBe(true);
  });
});

describe("Node's errors", () => {
  it.each([
    ['ECONNRESET', 'ConnectionError', 'CONNECTION_CLOSED', true, 'was reset by the other side'],
    [
      'EHOSTUNREACH',
      'ConnectionError',
      'CONNECTION_UNREACHABLE',
      true,
      'The network does not lead to mail.example:25',
    ],
    [
      'ENETUNREACH',
      'ConnectionError',
      'CONNECTION_UNREACHABLE',
      true,
      'The network does not lead to',
    ],
    [
      'ENOTFOUND',
      'ConnectionError',
      'CONNECTION_DNS',
      false,
      "The host name 'mail.example' does not exist",
    ],
    ['EAI_AGAIN', 'ConnectionError', 'CONNECTION_DNS', true, 'The name server gave no answer'],
    ['EACCES', 'ConnectionError', 'CONNECTION_REFUSED', false, 'This process may not connect'],
    ['ETIMEDOUT', 'TimeoutError', 'TIMEOUT', true, 'a firewall may drop packets'],
    [
      'EWHATEVER',
      'ConnectionError',
      'CONNECTION_CLOSED',
      true,
      'The connection to mail.example:25 failed: boom',
    ],
  ])('%s is a %s', (code, name, ours, retryable, message) => {
    const cause = Object.assign(new Error('boom'), { code });
    const error = dialError(cause, { stage: 'connect', host: 'mail.example', port: 25 });
    expect(error).toMatchObject({ name, code: ours, retryable, cause, stage: 'connect' });
    expect(error.message).toContain(message);
  });

  it('name every address that was tried', async () => {
    const refusals = ['::1', '127.0.0.1'].map((address) =>
      Object.assign(new Error('no'), { code: 'ECONNREFUSED', address }),
    );
    const error = dialError(new AggregateError(refusals), { host: 'localhost', port: 25 });
    expect(error.message).toBe(
      "Nothing listens on localhost:25; check 'host' and 'port', and that the server is running (tried ::1, 127.0.0.1)",
    );
  });

  it('tell what each address said when they differ, and judge by the most telling', () => {
    const failures = [
      { address: '2001:db8::1', code: 'ENETUNREACH' },
      { address: '192.0.2.1', code: 'ECONNREFUSED' },
    ].map((facts) => Object.assign(new Error('no'), facts));
    const error = dialError(new AggregateError(failures), { host: 'mail.example', port: 25 });
    expect(error.code).toBe('CONNECTION_REFUSED');
    expect(error.message).toBe(
      "Nothing listens on mail.example:25; check 'host' and 'port', and that the server is running (tried 2001:db8::1: no route, 192.0.2.1: nothing listens)",
    );
  });

  it('come from real connections too', async () => {
    const { server, port } = await listen('127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    const socket = connect({ host: 'localhost', port, autoSelectFamily: true });
    const cause = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(dialError(cause, { host: 'localhost', port }).code).toBe('CONNECTION_REFUSED');
  });
});
