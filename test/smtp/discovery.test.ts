import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { DiscoveryError, PosthornEvent } from '../../src/base/index.ts';
import { SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { connectionSettings } from '../../src/smtp/settings.ts';
import { silence, stopReading } from '../support/faults.ts';
import {
  type Answer,
  ehlo,
  type ScriptedServer,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { failure } from './kit.ts';

// Ports nobody may bind in a test lead to servers that stand somewhere else.
function ports(map: Record<number, ScriptedServer>, tried: number[] = []): SmtpConnectionOptions {
  return {
    host: 'localhost',
    clientName: 'client.test',
    tls: { ca: testAuthority },
    connect: ({ port }) => {
      tried.push(port);
      const server = map[port];
      if (!server) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return connect(server.port, '127.0.0.1');
    },
  };
}

const login = { username: 'ann', password: 'sesame' };

describe('without a port', () => {
  it('takes the first candidate that works, best first', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit' });
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const tried: number[] = [];
    const first = await SmtpConnection.connect(ports({ 465: implicit, 587: submission }, tried));
    expect(first.server).toMatchObject({ port: 465, security: 'implicit' });
    await first.quit();
    const second = await SmtpConnection.connect(ports({ 587: submission }, tried));
    expect(second.server).toMatchObject({ port: 587, security: 'starttls' });
    await second.quit();
    expect(tried).toEqual([465, 465, 587]);
  });

  it('tells each port its story when none works', async () => {
    await using clear = await scriptedServer();
    const events: PosthornEvent[] = [];
    const error = (await failure(
      SmtpConnection.connect({
        ...ports({ 465: clear }),
        host: '127.1.2.3',
        onEvent: (event) => events.push(event),
        timeoutsMs: { tls: 2000 },
      }),
    )) as DiscoveryError;
    expect(error).toMatchObject({
      name: 'DiscoveryError',
      code: 'DISCOVERY_FAILED',
      host: '127.1.2.3',
      retryable: true,
    });
    expect(
      error.attempts.map(({ port, security, error: { code } }) => [port, security, code]),
    ).toEqual([
      [465, 'implicit', 'TLS_WRONG_MODE'],
      [587, 'starttls', 'CONNECTION_REFUSED'],
      [25, 'starttls', 'CONNECTION_REFUSED'],
      [2525, 'starttls', 'CONNECTION_REFUSED'],
    ]);
    expect(error.message).toContain(
      "No way to 127.1.2.3 works; give 'port' and 'security' if you know them. Port 465 (implicit): 127.1.2.3:465 does not speak TLS from the first byte",
    );
    expect(error.message).toMatch(/\. Nothing listens on ports 587, 25, 2525$/);
    expect(error.attempts.every(({ durationMs }) => durationMs >= 0)).toBe(true);
    expect(events.filter(({ type }) => type === 'discovery').length).toBe(4);
  });

  it('does not try a refused password anywhere else', async () => {
    await using implicit = await scriptedServer({ AUTH: '535 5.7.8 no' }, { tls: 'implicit' });
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const tried: number[] = [];
    const error = await failure(
      SmtpConnection.connect({ ...ports({ 465: implicit, 587: submission }, tried), ...login }),
    );
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'AUTH_FAILED', port: 465 });
    expect(tried).toEqual([465]);
  });

  it('does not try less when a certificate fails', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit', certificate: 'expired' });
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const tried: number[] = [];
    const error = await failure(
      SmtpConnection.connect(ports({ 465: implicit, 587: submission }, tried)),
    );
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_CERTIFICATE', port: 465 });
    expect(tried).toEqual([465]);
  });

  it('goes on when a port takes no logins, and names that as the cause in the end', async () => {
    await using relay = await scriptedServer(
      { EHLO: [ehlo('STARTTLS'), ehlo('SIZE 5')] },
      { tls: 'starttls' },
    );
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const options = ports({ 587: relay, 25: submission });
    const connection = await SmtpConnection.connect({ ...options, ...login });
    expect(connection.server.port).toBe(25);
    await connection.quit();
    const error = await failure(SmtpConnection.connect({ ...ports({ 587: relay }), ...login }));
    expect(error).toMatchObject({ name: 'DiscoveryError', stage: 'auth' });
    expect(error.cause).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_NOT_OFFERED',
      port: 587,
    });
  });

  it('speaks in clear only as the mode says', async () => {
    await using clear = await scriptedServer();
    const map = { 587: clear };
    const remote = { ...ports(map), host: 'mail.example' };
    const refused = (await failure(SmtpConnection.connect(remote))) as DiscoveryError;
    expect(refused.attempts[1]?.error).toMatchObject({ name: 'TlsError', code: 'TLS_NOT_OFFERED' });
    expect(clear.lines).toEqual(['EHLO client.test']);
    const twice = { ...ports({ 587: clear, 25: clear }), host: 'mail.example' };
    expect((await failure(SmtpConnection.connect(twice))).message).toContain(
      'if you know them. Ports 587, 25 (starttls): mail.example does not offer STARTTLS, so ',
    );
    clear.lines.length = 0;

    const lastResort = await SmtpConnection.connect({ ...remote, security: 'auto' });
    expect(lastResort.server).toEqual({ host: 'mail.example', port: 587, security: 'none' });
    await lastResort.quit();
    const local = await SmtpConnection.connect(ports(map));
    expect(local.server).toEqual({ host: 'localhost', port: 587, security: 'none' });
    await local.quit();

    // But never a password.
    const error = await failure(SmtpConnection.connect({ ...remote, security: 'auto', ...login }));
    expect(error.cause).toMatchObject({ code: 'AUTH_PLAINTEXT_REFUSED' });
    expect(clear.clear()).not.toContain('AUTH');
  });

  it('stops when the signal says so', async () => {
    await using silent = await scriptedServer({ greeting: stopReading });
    const tried: number[] = [];
    const controller = new AbortController();
    const onEvent = (): void => {
      setTimeout(() => controller.abort(), 10);
    };
    const options = { ...ports({ 465: silent, 587: silent }, tried), onEvent };
    const error = await failure(SmtpConnection.connect(options, controller.signal));
    expect(error).toMatchObject({ code: 'ABORTED', stage: 'tls' });
    expect(tried).toEqual([465]);
  });

  it('fails as that way failed when there is only one', async () => {
    const error = await failure(SmtpConnection.connect({ ...ports({}), security: 'starttls' }));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CONNECTION_REFUSED', port: 587 });
  });
});

describe('side by side', () => {
  // What the ports of a host do that the scripts do not: nothing there, or nothing comes back.
  const filtered = Symbol('packets are dropped');
  type Port = ScriptedServer | typeof filtered;

  function host(map: Record<number, Port>, tried: number[] = []): SmtpConnectionOptions {
    return {
      host: 'mail.example',
      clientName: 'client.test',
      tls: { ca: testAuthority, servername: 'localhost' },
      connect: ({ port }) => {
        tried.push(port);
        const there = map[port];
        if (there === filtered) return new Promise(() => undefined);
        if (there) return connect(there.port, '127.0.0.1');
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    };
  }

  async function timed<T>(work: Promise<T>): Promise<[T, number]> {
    const startedAt = performance.now();
    const result = await work;
    return [result, performance.now() - startedAt];
  }

  it('goes past a port that a firewall hides, and loses a quarter of a second', async () => {
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const tried: number[] = [];
    const options = host({ 465: filtered, 587: submission }, tried);
    const [connection, ms] = await timed(SmtpConnection.connect(options));
    expect(connection.server).toMatchObject({ port: 587, security: 'starttls' });
    expect(ms).toBeGreaterThan(240);
    expect(ms).toBeLessThan(5000);
    expect(tried).toEqual([465, 587]);
    await connection.quit();
  });

  it('takes what works first among several that are slow, within the grace time the better one', async () => {
    const slowly =
      (ms: number): Answer =>
      async (link) => {
        await sleep(ms);
        await link.say('220 slow');
      };
    await using implicit = await scriptedServer({ greeting: slowly(1080) }, { tls: 'implicit' });
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const connection = await SmtpConnection.connect(host({ 465: implicit, 587: submission }));
    // It answered late, and is the better way.
    expect(connection.server.port).toBe(465);
    await connection.quit();
    // The loser had greeted: it got its QUIT, and nothing else but what finding out needs.
    await vi.waitFor(() => expect(submission.lines.at(-1)).toBe('QUIT'));
    expect(submission.lines).toEqual(['EHLO client.test', 'STARTTLS', 'EHLO client.test', 'QUIT']);
  });

  it('shows no password before the way is chosen, and then once', async () => {
    await using implicit = await scriptedServer({ greeting: stopReading }, { tls: 'implicit' });
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    await using other = await scriptedServer({}, { tls: 'starttls' });
    const options = { ...host({ 465: implicit, 587: submission, 25: other }), ...login };
    const connection = await SmtpConnection.connect(options);
    expect(connection.server.port).toBe(587);
    await connection.quit();
    const all = [implicit, submission, other].flatMap(({ lines }) => lines);
    expect(all.filter((line) => line.startsWith('AUTH')).length).toBe(1);
  });

  it('never takes clear text because the encrypted ways are slow', async () => {
    const late: Answer = async (link) => {
      await sleep(700);
      await link.say('220 late');
    };
    await using submission = await scriptedServer({ greeting: late }, { tls: 'starttls' });
    await using clear = await scriptedServer();
    const map = { 465: filtered, 587: submission, 25: clear, 2525: clear } as const;
    const options = { ...host(map), security: 'auto' } as const;
    const connection = await SmtpConnection.connect(options);
    expect(connection.server).toMatchObject({ port: 587, security: 'starttls' });
    await connection.quit();
  });

  it('does not go on in clear when somebody tampers with STARTTLS', async () => {
    const injects: Answer = (link) => link.write('220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n');
    await using tampered = await scriptedServer({ STARTTLS: injects }, { tls: 'starttls' });
    await using clear = await scriptedServer();
    const options = { ...host({ 587: tampered, 2525: clear }), security: 'auto' } as const;
    const error = (await failure(SmtpConnection.connect(options))) as DiscoveryError;
    expect(error.code).toBe('DISCOVERY_FAILED');
    expect(error.attempts.map(({ security, port }) => `${port} ${security}`)).toEqual([
      '465 implicit',
      '587 starttls',
      '25 starttls',
      '2525 starttls',
    ]);
    expect(error.attempts[1]?.error.code).toBe('TLS_STARTTLS_VIOLATION');
  });

  it('ends in time when nothing ever answers, with a story for every port', async () => {
    const options = {
      ...host({ 465: filtered, 587: filtered, 25: filtered, 2525: filtered }),
      timeoutsMs: { discovery: 900 },
    };
    const [error, ms] = await timed(failure(SmtpConnection.connect(options)));
    expect(ms).toBeLessThan(6000);
    expect(error).toMatchObject({ code: 'DISCOVERY_FAILED', retryable: true });
    const { attempts } = error as DiscoveryError;
    expect(attempts.map(({ port }) => port)).toEqual([465, 587, 25, 2525]);
    expect(attempts.map(({ error: { code, stage } }) => `${code} ${stage}`)).toEqual(
      Array(4).fill('TIMEOUT connect'),
    );
    expect(attempts[0]?.error.message).toContain('a firewall may drop packets to this port');
    expect(error.message).toBe(
      "No way to mail.example works; give 'port' and 'security' if you know them. No answer from ports 465, 587, 25, 2525: a firewall may drop the packets",
    );
  });

  it('remembers the way for the client, until it fails', async () => {
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const map: Record<number, Port> = { 465: filtered, 587: submission };
    const tried: number[] = [];
    const events: PosthornEvent[] = [];
    const settings = connectionSettings({
      ...host(map, tried),
      onEvent: (event) => event.type === 'discovery' && events.push(event),
    });
    const [first] = await timed(SmtpConnection.open(settings));
    const [second, ms] = await timed(SmtpConnection.open(settings));
    expect(tried).toEqual([465, 587, 587]);
    expect(ms).toBeLessThan(3000);
    await Promise.all([first.quit(), second.quit()]);

    await using moved = await scriptedServer({}, { tls: 'implicit' });
    map[465] = moved;
    delete map[587];
    const third = await SmtpConnection.open(settings);
    expect(third.server.port).toBe(465);
    expect(tried.slice(3)).toEqual([587, 465]);
    expect(events).toMatchObject([
      { port: 587, security: 'starttls' },
      { port: 587, error: { code: 'CONNECTION_REFUSED' } },
      { port: 465, security: 'implicit' },
    ]);
    await third.quit();
  });

  it('remembers a way in clear, and leaves it when encryption comes back', async () => {
    const EHLO = [ehlo('STARTTLS'), ehlo()];
    await using clear = await scriptedServer({ EHLO: ehlo() });
    await using encrypted = await scriptedServer({ EHLO }, { tls: 'starttls' });
    const map: Record<number, Port> = { 587: clear };
    const tried: number[] = [];
    const settings = connectionSettings({
      ...host(map, tried),
      host: 'mail.example',
      tls: { ca: testAuthority, servername: 'localhost' },
      security: 'auto',
    });
    const first = await SmtpConnection.open(settings);
    const second = await SmtpConnection.open(settings);
    expect([first, second].map(({ server }) => server.security)).toEqual(['none', 'none']);
    expect(tried).toEqual([465, 587, 25, 2525, 587, 587]);
    map[587] = encrypted;
    const third = await SmtpConnection.open(settings);
    expect(third.server).toMatchObject({ port: 587, security: 'starttls' });
    await Promise.all([first, second, third].map((each) => each.quit()));
  });

  it('searches again once for several connections that find the way gone', async () => {
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    await using moved = await scriptedServer({}, { tls: 'implicit' });
    const map: Record<number, Port> = { 587: submission };
    const tried: number[] = [];
    const settings = connectionSettings(host(map, tried));
    const first = await SmtpConnection.open(settings);
    await first.quit();
    tried.length = 0;
    delete map[587];
    map[2525] = submission;
    map[465] = moved;
    const all = await Promise.all([1, 2, 3].map(() => SmtpConnection.open(settings)));
    expect(all.map(({ server }) => server.port)).toEqual([465, 465, 465]);
    expect(tried.filter((port) => port === 587)).toHaveLength(3);
    expect(tried.filter((port) => port !== 587)).toEqual([465, 465, 465]);
    await Promise.all(all.map((each) => each.quit()));
  });

  it('searches once for several connections opened together', async () => {
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const tried: number[] = [];
    const settings = connectionSettings(host({ 587: submission }, tried));
    const all = await Promise.all([1, 2, 3].map(() => SmtpConnection.open(settings)));
    expect(tried).toEqual([465, 587, 587, 587]);
    await Promise.all(all.map((each) => each.quit()));
    const nothing = connectionSettings(host({}, tried));
    const errors = await Promise.all([1, 2].map(() => failure(SmtpConnection.open(nothing))));
    expect(errors.map(({ code }) => code)).toEqual(['DISCOVERY_FAILED', 'DISCOVERY_FAILED']);
    expect(tried.length).toBe(8);
  });

  it('does not fail others with the signal of one', async () => {
    await using submission = await scriptedServer({}, { tls: 'starttls' });
    const settings = connectionSettings(host({ 465: filtered, 587: submission }));
    const controller = new AbortController();
    const [first, second] = await Promise.all([
      failure(
        (async () => {
          setTimeout(() => controller.abort(), 50);
          return await SmtpConnection.open(settings, controller.signal);
        })(),
      ),
      SmtpConnection.open(settings),
    ]);
    expect(first.code).toBe('ABORTED');
    expect(second.server.port).toBe(587);
    await second.quit();
  });
});

describe('one port with the wrong mode', () => {
  it('is found to speak TLS before the greeting is overdue', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit', certificate: 'expired' });
    const { port } = implicit;
    const startedAt = performance.now();
    const errors = await Promise.all(
      (['starttls', 'none', 'starttls-if-offered'] as const).map((security) =>
        failure(SmtpConnection.connect({ host: '127.0.0.1', port, security, ...login })),
      ),
    );
    expect(performance.now() - startedAt).toBeLessThan(6000);
    for (const error of errors) {
      expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_WRONG_MODE', stage: 'greeting' });
      expect(error.message).toBe(
        `127.0.0.1:${port} speaks TLS from the first byte; write security: 'implicit' for this port`,
      );
    }
    expect(implicit.lines.some((line) => line.startsWith('AUTH'))).toBe(false);
  });
});

describe('one port without a mode', () => {
  const at = (server: ScriptedServer): SmtpConnectionOptions => ({
    host: 'localhost',
    port: server.port,
    clientName: 'client.test',
    tls: { ca: testAuthority },
  });

  it('is spoken to in TLS when it says nothing in clear', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit' });
    const startedAt = performance.now();
    const connection = await SmtpConnection.connect(at(implicit));
    expect(connection.server).toMatchObject({ port: implicit.port, security: 'implicit' });
    expect(performance.now() - startedAt).toBeLessThan(6000);
    await connection.quit();
  });

  it('is left alone with TLS when it greets, however late', async () => {
    const late: Answer = async (link) => {
      await sleep(900);
      await link.say('220 late');
    };
    await using slow = await scriptedServer({ greeting: late }, { tls: 'starttls' });
    const connection = await SmtpConnection.connect(at(slow));
    expect(connection.server).toMatchObject({ port: slow.port, security: 'starttls' });
    await connection.quit();
  });

  it('needs one connection when the usual mode is right, and no event', async () => {
    await using server = await scriptedServer({}, { tls: 'starttls' });
    const types: string[] = [];
    const onEvent = ({ type }: PosthornEvent): unknown => types.push(type);
    const connection = await SmtpConnection.connect({ ...at(server), onEvent });
    await connection.quit();
    expect(server.connections()).toBe(1);
    expect(types).not.toContain('discovery');
  });

  it('fails as the usual mode failed when neither works', async () => {
    await using silent = await scriptedServer({ greeting: silence });
    const timeoutsMs = { greeting: 800, tls: 800 };
    const error = await failure(SmtpConnection.connect({ ...at(silent), timeoutsMs }));
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'TIMEOUT', stage: 'greeting' });
  });

  it('is 465, but speaks clear text first', async () => {
    await using clear = await scriptedServer({}, { tls: 'starttls' });
    const connection = await SmtpConnection.connect({
      ...at(clear),
      port: 465,
      connect: () => connect(clear.port, '127.0.0.1'),
    });
    expect(connection.server).toMatchObject({ port: 465, security: 'starttls' });
    await connection.quit();
  });

  it('does without encryption only with auto', async () => {
    await using clear = await scriptedServer();
    const options = {
      ...at(clear),
      host: 'mail.example',
      connect: () => connect(clear.port, '127.0.0.1'),
    };
    const error = await failure(SmtpConnection.connect(options));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_NOT_OFFERED', port: clear.port });
    const connection = await SmtpConnection.connect({ ...options, security: 'auto' });
    expect(connection.server.security).toBe('none');
    await connection.quit();
    expect(clear.connections()).toBe(2);
  });

  it('does without encryption that does not work only with auto', async () => {
    await using broken = await scriptedServer(
      { STARTTLS: '454 4.7.0 no certificate' },
      { tls: 'starttls' },
    );
    const options = {
      ...at(broken),
      host: 'mail.example',
      connect: () => connect(broken.port, '127.0.0.1'),
    };
    const error = await failure(SmtpConnection.connect(options));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_NOT_OFFERED' });
    const connection = await SmtpConnection.connect({ ...options, security: 'auto' });
    expect(connection.server.security).toBe('none');
    await connection.quit();
  });
});
