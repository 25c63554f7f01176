import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { DiscoveryError, PosthornEvent } from '../../src/base/index.ts';
import { SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { stopReading } from '../support/faults.ts';
import {
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
      "No way to 127.1.2.3 works; give 'port' and 'security' if you know them. port 465 (implicit): 127.1.2.3:465 does not speak TLS from the first byte",
    );
    expect(error.message).toContain('port 587 (starttls): Nothing listens on 127.1.2.3:587');
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
