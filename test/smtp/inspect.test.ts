import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { type CertificateSummary, TlsError } from '../../src/base/index.ts';
import { readCapabilities } from '../../src/smtp/capabilities.ts';
import {
  type InspectOptions,
  type InspectProgress,
  inspectServer,
  type PortInspection,
} from '../../src/smtp/index.ts';
import { daysLeft, warningsAbout } from '../../src/smtp/inspect/warnings.ts';
import { dnsServer } from '../support/dns-server.ts';
import { silence } from '../support/faults.ts';
import {
  ehlo,
  type ScriptedServer,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { failure } from './kit.ts';

/** A host with these ports; the certificates are good for it. */
function host(map: Record<number, ScriptedServer>): InspectOptions {
  return {
    host: 'localhost',
    clientName: 'client.test',
    tls: { ca: testAuthority },
    connect: ({ port }) => {
      const server = map[port];
      if (server) return connect(server.port, '127.0.0.1');
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    },
  };
}

const inShort = ({ port, security, error }: PortInspection): string =>
  `${port} ${security} ${error?.code ?? 'works'}`;

describe('an inspection', () => {
  it('tries every port, and says what a send would use', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit' });
    await using starttls = await scriptedServer(
      { EHLO: [ehlo('STARTTLS', 'AUTH PLAIN'), ehlo('AUTH PLAIN LOGIN', 'SIZE 5')] },
      { tls: 'starttls' },
    );
    await using expired = await scriptedServer({}, { tls: 'starttls', certificate: 'expired' });
    const steps: InspectProgress[] = [];
    const found = await inspectServer({
      ...host({ 465: implicit, 587: starttls, 2525: expired }),
      onProgress: (progress) => steps.push(progress),
    });
    expect(found.ports.map(inShort)).toEqual([
      '465 implicit works',
      '587 starttls works',
      '25 starttls CONNECTION_REFUSED',
      '2525 starttls TLS_CERTIFICATE',
    ]);
    expect(found).toMatchObject({
      host: 'localhost',
      use: { host: 'localhost', port: 465, security: 'implicit' },
      login: undefined,
    });
    const [first, second, , last] = found.ports;
    expect(first).toMatchObject({
      greeting: 'test.example.com ESMTP',
      authInClear: [],
      tls: { protocol: 'TLSv1.3' },
      certificate: { subject: 'server', issuer: 'Posthorn test authority' },
    });
    expect(second?.authInClear).toEqual(['PLAIN']);
    expect(second?.capabilities).toMatchObject({ auth: ['PLAIN', 'LOGIN'], size: 5 });
    // Past the certificate, to be seen all the same; nobody logs in there.
    expect(last).toMatchObject({
      tls: { protocol: 'TLSv1.3' },
      certificate: { subject: 'expired' },
    });
    expect(last?.capabilities?.auth).toEqual(['PLAIN', 'LOGIN']);
    expect(steps[0]).toEqual({ step: 'dns', done: 0, of: 1 });
    expect(steps.at(-1)).toEqual({ step: 'ports', done: 4, of: 4 });
    await vi.waitFor(() => expect(implicit.lines).toEqual(['EHLO client.test', 'QUIT']));
  });

  it('finds the other mode of a port', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit' });
    await using clear = await scriptedServer({}, { tls: 'starttls' });
    const found = await inspectServer(host({ 587: implicit, 465: clear }));
    expect(found.ports.map(inShort).slice(0, 2)).toEqual([
      '465 starttls works',
      '587 implicit works',
    ]);
    expect(found.use).toEqual({ host: 'localhost', port: 465, security: 'starttls' });
    expect(found.warnings.map(({ code, port }) => `${code} ${port}`)).toEqual([
      'unusual-mode 465',
      'unusual-mode 587',
    ]);
    expect(found.warnings[0]?.message).toBe(
      "Port 465 should speak TLS from the first byte (RFC 8314): programs that expect it fail; name the mode: security: 'starttls'",
    );
  });

  it('says that nothing works, with the story of the usual mode', async () => {
    await using silent = await scriptedServer({ greeting: silence });
    const found = await inspectServer({
      ...host({ 587: silent }),
      port: 587,
      timeoutsMs: { greeting: 300, tls: 300 },
    });
    expect(found.ports.map(inShort)).toEqual(['587 starttls TIMEOUT']);
    expect(found.ports[0]?.error?.stage).toBe('greeting');
    expect(found.use).toBeUndefined();
  });

  it('uses what the option security allows', async () => {
    await using clear = await scriptedServer();
    const remote = { ...host({ 25: clear }), host: 'mail.example' };
    const found = await inspectServer(remote);
    expect(found.use).toBeUndefined();
    expect(found.warnings.map(({ code }) => code)).toEqual([
      'auth-in-clear',
      'not-encrypted',
      'no-login',
    ]);
    expect((await inspectServer({ ...remote, security: 'auto' })).use?.security).toBe('none');
    expect((await inspectServer({ ...remote, security: 'none' })).use?.port).toBe(25);
    expect((await inspectServer({ ...remote, security: 'starttls' })).use).toBeUndefined();
  });

  it('logs in once, where a send would', async () => {
    await using implicit = await scriptedServer({}, { tls: 'implicit' });
    await using starttls = await scriptedServer({}, { tls: 'starttls' });
    const options = {
      ...host({ 465: implicit, 587: starttls }),
      username: 'ann',
      password: 'sesame',
    };
    const found = await inspectServer(options);
    expect(found.login).toEqual({ mechanism: 'PLAIN' });
    const logins = [implicit, starttls].map(
      ({ lines }) => lines.filter((line) => line.startsWith('AUTH')).length,
    );
    expect(logins).toEqual([1, 0]);
    await using refusing = await scriptedServer({ AUTH: '535 5.7.8 no' }, { tls: 'implicit' });
    const refused = await inspectServer({ ...options, ...host({ 465: refusing }) });
    expect(refused.login?.error).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_FAILED',
    });
    expect(JSON.stringify(refused)).not.toContain('sesame');
  });

  it('shows the SRV records of a name', async () => {
    await using dns = await dnsServer({
      '_submissions._tcp.mail.example': {
        SRV: ['1 2 465 smtp.other.test', '0 0 465 a.mail.example'],
      },
      '_submission._tcp.mail.example': { SRV: ['0 0 0 .'] },
    });
    const options = { ...host({}), host: 'mail.example', dnsServers: [dns.address] };
    const { srv, warnings } = await inspectServer(options);
    const targets = srv.map(({ service, target, port }) => `${service} ${target}:${port}`);
    expect(targets.toSorted()).toEqual([
      '_submission :0',
      '_submissions a.mail.example:465',
      '_submissions smtp.other.test:465',
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['srv-elsewhere']);
  });

  it('throws only when there is nothing to look at', async () => {
    const nowhere = await failure(inspectServer({ host: 'nowhere.invalid' }));
    expect(nowhere.code).toBe('CONNECTION_DNS');
    const socket = await failure(inspectServer({ socketPath: '/tmp/x' }));
    expect(socket.message).toBe('An inspection is for SMTP servers on TCP ports; give a host');
    const signal = AbortSignal.abort();
    expect((await failure(inspectServer({ ...host({}), signal }))).code).toBe('ABORTED');
  });
});

describe('warnings', () => {
  const NOW = Date.UTC(2026, 0, 1);
  const certificate = (days: number, fingerprint256 = 'AA'): CertificateSummary => ({
    subject: 'x',
    issuer: 'y',
    names: ['mail.example'],
    validFrom: new Date(0),
    validTo: new Date(NOW + days * 86_400_000),
    fingerprint256,
  });
  const port = (changes: Partial<PortInspection>): PortInspection => ({
    port: 587,
    security: 'starttls',
    durationMs: 1,
    capabilities: readCapabilities(['mail.example', 'AUTH PLAIN']),
    authInClear: [],
    ...changes,
  });
  const about = (...ports: PortInspection[]): string[] =>
    warningsAbout({ host: 'mail.example', ports, srv: [] }, NOW).map(({ message }) => message);

  it('are none for a good server', () => {
    expect(about(port({ certificate: certificate(60) }))).toEqual([]);
  });

  it.each([
    [20.5, 'The certificate of port 587 expires in 20 days: '],
    [1.5, 'The certificate of port 587 expires in 1 day: '],
    [0.5, 'The certificate of port 587 expires within a day: '],
  ])('tell of a certificate with %d days left', (days, start) => {
    const [message] = about(port({ certificate: certificate(days) }));
    expect(message).toBe(
      `${start}no client will connect then; renew it, and see why that did not happen by itself`,
    );
  });

  it('tell of certificates that differ, and of old versions of TLS', () => {
    const old = new TlsError('TLS_HANDSHAKE', 'x', { reason: 'version' });
    expect(
      about(
        port({ certificate: certificate(60) }),
        port({ port: 465, security: 'implicit', certificate: certificate(60, 'BB') }),
        port({ port: 2525, error: old }),
      ),
    ).toEqual([
      "Port 2525 speaks only versions of TLS that are no longer safe (RFC 8996): the server's operator must allow TLS 1.2 and 1.3",
      'The ports 587, 465 show different certificates: one may have been forgotten at the last renewal',
    ]);
  });

  it('tell of logins that are missing or too open', () => {
    expect(about(port({ capabilities: readCapabilities(['mail.example']) }))).toEqual([
      'Port 587 offers no login over an encrypted link: only mail that the server takes from anybody can be sent, such as to its own users',
    ]);
    expect(about(port({ authInClear: ['PLAIN\u001b[2J'] }))).toEqual([
      'Port 587 offers logins (PLAIN\\u{1b}[2J) before the link is encrypted: a careless program shows its password to everybody on the way; offer AUTH only after STARTTLS (Postfix: smtpd_tls_auth_only = yes)',
    ]);
  });

  it('count whole days', () => {
    expect(daysLeft(new Date(NOW + 86_400_000), NOW)).toBe(1);
    expect(daysLeft(new Date(NOW - 1), NOW)).toBe(-1);
  });
});
