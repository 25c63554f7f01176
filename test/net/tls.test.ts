// TLS as client: what is verified, what a failure says, what is resumed, and what a login can be bound to.
import { Buffer } from 'node:buffer';
import { createHash, X509Certificate } from 'node:crypto';
import { type AddressInfo, connect } from 'node:net';
import {
  createServer,
  type Server,
  type TlsOptions as ServerOptions,
  type TLSSocket,
} from 'node:tls';
import { describe, expect, it } from 'vitest';
import { PosthornError, TlsError } from '../../src/base/index.ts';
import { checkTlsOptions, type TlsOptions } from '../../src/net/index.ts';
import { Deadline, type TlsUpgrade, upgradeTls } from '../../src/net/internal.ts';
import { SessionCache } from '../../src/net/tls-context.ts';
import { certificateOf, fixture } from '../support/certificates.ts';

const ca = fixture('ca.pem');

interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** The server's ends, in the order of the handshakes. */
  readonly sockets: TLSSocket[];
}

async function serve(name: string, options: ServerOptions = {}): Promise<TestServer> {
  const sockets: TLSSocket[] = [];
  const server: Server = createServer({ ...certificateOf(name), ...options }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    // TLS 1.3 sends its tickets with the first bytes.
    socket.write('220 hello\r\n');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function shake(
  { port }: TestServer,
  tls: TlsOptions,
  host = 'localhost',
): Promise<TlsUpgrade> {
  const context = () => ({ stage: 'tls', host, port }) as const;
  const deadline = new Deadline().within(3000, 'timeoutsMs.tls');
  return await upgradeTls(
    connect(port, '127.0.0.1'),
    { host, port, tls, mode: 'implicit', context },
    deadline,
  );
}

/** Shakes hands, reads the greeting (and with it the tickets) and leaves. */
async function visit(server: TestServer, tls: TlsOptions, host?: string): Promise<TlsUpgrade> {
  const upgrade = await shake(server, tls, host);
  await greeted(upgrade);
  upgrade.socket.destroy();
  return upgrade;
}

// Node tells of the tickets a little later than of the bytes that came with them.
async function greeted({ socket }: TlsUpgrade): Promise<void> {
  await new Promise((resolve) => socket.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function failure(server: TestServer, tls: TlsOptions, host?: string): Promise<TlsError> {
  const error: unknown = await shake(server, tls, host).then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof TlsError) return error;
  throw new Error(`It was expected to fail, not ${String(error)}`);
}

describe('a certificate', () => {
  it.each([
    [
      'wrong-name',
      'name-mismatch',
      "is for 'mail.example.org', 'smtp.example.org', not for 'localhost'; connect by a name the certificate has, or, if you know the server, write tls: { servername: 'mail.example.org' }",
    ],
    [
      'common-name-only',
      'name-mismatch',
      "is for no host name at all, not for 'localhost'; its operator must repair it",
    ],
    [
      'address-only',
      'name-mismatch',
      "is for '127.0.0.9', not for 'localhost'; connect by a name the certificate has, or, if you know the server, write tls: { servername: '127.0.0.9' }",
    ],
    [
      'expired',
      'expired',
      "expired on Jan  1 00:00:00 2021 GMT; its operator must renew it (or check this machine's clock)",
    ],
    [
      'expired-issuer',
      'expired',
      "is issued by 'Expired issuer', whose own certificate expired on Jan  1 00:00:00 2021 GMT; its operator must renew it (or check this machine's clock)",
    ],
    [
      'not-yet-valid',
      'not-yet-valid',
      "is not valid before Jan  1 00:00:00 2050 GMT; check this machine's clock",
    ],
    [
      'self-signed',
      'self-signed',
      "is issued by itself ('Own certificate'), so this machine can't know whose it is; if the server is yours, write tls: { ca: readFileSync('its-certificate.pem') }",
    ],
  ] as const)('that is %s is refused with its reason', async (name, reason, text) => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      await using server = await serve(name, { maxVersion: version });
      const error = await failure(server, { ca });
      expect(error).toMatchObject({
        code: 'TLS_CERTIFICATE',
        reason,
        stage: 'tls',
        retryable: false,
      });
      expect(error.message).toBe(`The certificate of localhost:${server.port} ${text}`);
      expect(error.certificate?.fingerprint256).toBe(
        new X509Certificate(fixture(`${name}.pem`)).fingerprint256,
      );
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({
        reason,
        certificate: { names: expect.any(Array) },
      });
    }
  });

  it('of an unknown authority is refused with its issuer', async () => {
    await using server = await serve('server');
    const error = await failure(server, {});
    expect(error).toMatchObject({
      reason: 'unknown-issuer',
      certificate: {
        subject: 'server',
        issuer: 'Posthorn test authority',
        names: ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1'],
      },
    });
    expect(error.message).toContain(
      "is issued by 'Posthorn test authority', which this machine does not trust; if you know that authority, write tls: { ca: readFileSync('its-certificate.pem') }",
    );
  });

  it('is good for its names, its addresses and the name that was asked for', async () => {
    await using server = await serve('server');
    for (const host of ['localhost', '127.0.0.1', '::1', '::1%eth0']) {
      expect(await visit(server, { ca }, host)).toMatchObject({
        authorized: true,
        protocol: 'TLSv1.3',
      });
    }
    await using other = await serve('wrong-name');
    const upgrade = await visit(other, { ca, servername: 'smtp.example.org' });
    expect(upgrade.authorized).toBe(true);
    await using own = await serve('self-signed');
    expect(await visit(own, { ca: fixture('self-signed.pem') })).toMatchObject({
      authorized: true,
    });
  });

  it('may have a wildcard for one whole label, and no more', async () => {
    await using server = await serve('wildcard');
    expect(await visit(server, { ca, servername: 'mail.example.org.' })).toMatchObject({
      authorized: true,
    });
    for (const name of ['example.org', 'a.b.example.org', 'mail.example.net', 'xexample.org']) {
      const error = await failure(server, { ca, servername: name });
      expect(error.message).toContain(
        `is for '*.example.org', 'm*.example.net', not for '${name}'; connect by a name the certificate has`,
      );
    }
  });

  it('is let through unverified only when that is asked for, and told', async () => {
    for (const name of ['self-signed', 'wrong-name', 'expired']) {
      await using server = await serve(name);
      expect(await visit(server, { ca, rejectUnauthorized: false })).toMatchObject({
        authorized: false,
      });
    }
  });

  it('may be judged by the caller', async () => {
    await using server = await serve('wrong-name');
    const asked: string[] = [];
    const checkServerIdentity = (
      host: string,
      { subject }: { subject: { CN: string } },
    ): undefined => {
      asked.push(host, subject.CN);
    };
    await visit(server, { ca, checkServerIdentity } as TlsOptions);
    expect(asked).toEqual(['localhost', 'wrong-name']);
    const refuse = { ca, checkServerIdentity: () => new Error('not\nthis one') };
    const error = await failure(server, refuse);
    expect(error).toMatchObject({ code: 'TLS_CERTIFICATE', reason: 'bad-certificate' });
    expect(error.message).toBe(
      `The certificate of localhost:${server.port} was refused by 'tls.checkServerIdentity': not\\u{a}this one`,
    );
  });
});

describe('pins', () => {
  const certificate = new X509Certificate(fixture('server.pem'));
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const key = `sha256/${createHash('sha256').update(spki).digest('base64')}`;
  const other = `sha256/${Buffer.alloc(32).toString('base64')}`;

  it('name the key or the certificate, in every usual form', async () => {
    await using server = await serve('server');
    const forms = [
      key,
      key.replace('/', '//'),
      key.replace(/=$/, ''),
      certificate.fingerprint256,
      certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    ];
    for (const pin of forms) {
      expect(await visit(server, { ca, pins: [other, pin] })).toMatchObject({ authorized: true });
    }
  });

  it('stand in for the authority when verification is off', async () => {
    await using server = await serve('server');
    const tls = { rejectUnauthorized: false, pins: [key] };
    expect(await visit(server, tls)).toMatchObject({ authorized: true });
  });

  it('refuse every other certificate, verified or not, also in a resumed session', async () => {
    await using server = await serve('server');
    for (const tls of [
      { ca, pins: [other] },
      { rejectUnauthorized: false, pins: [other] },
    ]) {
      for (let times = 0; times < 2; times++) {
        const error = await failure(server, tls);
        expect(error).toMatchObject({
          code: 'TLS_CERTIFICATE',
          reason: 'pin-mismatch',
          retryable: false,
        });
        expect(error.message).toBe(
          `The certificate of localhost:${server.port} is none of 'tls.pins'; somebody may stand between. If its operator confirms the new key, write tls: { pins: ['${key}'] }`,
        );
      }
    }
  });

  it('do not make a bad certificate good', async () => {
    await using server = await serve('expired');
    const { fingerprint256 } = new X509Certificate(fixture('expired.pem'));
    expect(await failure(server, { ca, pins: [fingerprint256] })).toMatchObject({
      reason: 'expired',
    });
  });
});

function der(pem: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(pem)
      .toString()
      .replaceAll(/-----[A-Z ]+-----/g, ''),
    'base64',
  );
}

describe('a client certificate', () => {
  it('comes from PEM, an encrypted key or PKCS #12', async () => {
    await using server = await serve('server', { requestCert: true, rejectUnauthorized: true, ca });
    const { cert, key } = certificateOf('server');
    const forms: TlsOptions[] = [
      { cert, key },
      { cert: cert.toString(), key: key.toString() },
      { cert: [cert], key: [key] },
      { cert, key: fixture('client.key.pem'), passphrase: 'sesame' },
      { pfx: fixture('client.p12'), passphrase: 'sesame' },
      { ca: der(ca), cert: der(cert), key: der(key) },
      { ca: [der(ca)], cert, key: der(fixture('client.key.pem')), passphrase: 'sesame' },
    ];
    for (const form of forms) {
      await visit(server, { ca, ...form });
      expect(server.sockets.at(-1)?.authorized).toBe(true);
    }
  });

  it('that can not be read is told when the first connection is made, without its passphrase', async () => {
    await using server = await serve('server');
    const { cert } = certificateOf('server');
    for (const tls of [
      { pfx: fixture('client.p12'), passphrase: 'not-this' },
      { cert, key: fixture('client.key.pem'), passphrase: 'not-this' },
      { cert, key: certificateOf('expired').key },
    ]) {
      const error: unknown = await shake(server, tls).catch((reason) => reason);
      expect(error).toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID', option: 'tls' });
      expect(String(error)).toMatch(/check certificate, key and passphrase$/);
      expect(String(error)).not.toContain('not-this');
    }
  });
});

describe('a handshake that fails', () => {
  it('for want of a common version says so', async () => {
    await using server = await serve('server', { minVersion: 'TLSv1.3' });
    const error = await failure(server, { ca, maxVersion: 'TLSv1.2' });
    expect(error).toMatchObject({ code: 'TLS_HANDSHAKE', reason: 'version', retryable: false });
    expect(error.message).toBe(
      `There is no version of TLS that both localhost:${server.port} and this client accept; change tls.maxVersion 'TLSv1.2', or its operator must switch on TLS 1.2 or 1.3`,
    );
    await using old = await serve('server', {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const refused = await failure(old, { ca });
    expect(refused).toMatchObject({ code: 'TLS_HANDSHAKE', reason: 'version' });
    expect(refused.message).toContain(
      'it speaks only versions older than TLS 1.2, which are not safe',
    );
  });

  it('for want of a client certificate says which line to write', async () => {
    await using server = await serve('server', {
      requestCert: true,
      rejectUnauthorized: true,
      ca,
      maxVersion: 'TLSv1.2',
    });
    // With TLS 1.2 the server looks before the handshake is over; Node's just closes then.
    const error = await failure(server, { ca });
    expect(['handshake', 'client-certificate']).toContain(error.reason);
    expect(error.code).toBe('TLS_HANDSHAKE');
    const upgrade = await visit(server, { ca, ...certificateOf('server') });
    expect(upgrade.authorized).toBe(true);
  });

  it.each([
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      {},
      'client-certificate',
      "wants a client certificate; write tls: { cert: readFileSync('client.pem'), key: readFileSync('client-key.pem') }",
    ],
    [
      'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
      { cert: 'x' },
      'client-certificate',
      "does not accept the client certificate in 'tls'; use one that its operator has issued",
    ],
    [
      'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA',
      { cert: 'x' },
      'client-certificate',
      "does not accept the client certificate in 'tls'",
    ],
    [
      'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
      {},
      'name-mismatch',
      "has no certificate for the name 'mail.test'; check 'host', or write the right name as tls: { servername: '…' }",
    ],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', {}, 'version', 'There is no version of TLS that both'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', {}, 'version', 'There is no version of TLS that both'],
    [
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      {},
      'handshake',
      "failed: boom; the server may have no cipher in common with this client, or want a client certificate ('tls.cert' and 'tls.key')",
    ],
    [
      'ECONNRESET',
      {},
      'handshake',
      "closed the connection during the TLS handshake; if this port does not speak TLS from the first byte, write security: 'starttls'",
    ],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      {},
      'wrong-mode',
      "does not speak TLS from the first byte; write security: 'starttls' for this port, or use port 465 with security: 'implicit'",
    ],
  ] as const)('with %s is explained', async (code, tls, reason, text) => {
    const { tlsError } = await import('../../src/net/tls-error.ts');
    const cause = Object.assign(new Error('boom'), { code });
    const context = { host: 'mail.test', port: 587 };
    const error = tlsError(cause, context, { expected: 'mail.test', mode: 'implicit', tls });
    expect(error).toMatchObject({ name: 'TlsError', reason, cause, stage: 'tls', ...context });
    expect(error.message).toContain(text);
  });

  it('is not sent to the port it was at', async () => {
    const { tlsError } = await import('../../src/net/tls-error.ts');
    const cause = Object.assign(new Error('boom'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
    const facts = { expected: 'mail.test', mode: 'implicit', tls: {} } as const;
    expect(tlsError(cause, { host: 'mail.test', port: 465 }, facts).message).toBe(
      "mail.test:465 does not speak TLS from the first byte; write security: 'starttls' for this port",
    );
  });
});

describe('a session', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is resumed with the same server and options (%s)',
    async (maxVersion) => {
      await using server = await serve('server', { maxVersion });
      const tls = { ca };
      expect(await visit(server, tls)).toMatchObject({ resumed: false, authorized: true });
      for (let times = 0; times < 3; times++) {
        const again = await visit(server, tls);
        expect(again).toMatchObject({ resumed: true, authorized: true, protocol: maxVersion });
      }
    },
  );

  it('is never resumed under other options, another name or with another server', async () => {
    await using server = await serve('server');
    const tls = { ca };
    await visit(server, tls);
    expect(await visit(server, { ca })).toMatchObject({ resumed: false });
    expect(await visit(server, tls, '127.0.0.1')).toMatchObject({ resumed: false });
    const keys = Buffer.alloc(48, 1);
    await using one = await serve('server', { ticketKeys: keys });
    await using two = await serve('server', { ticketKeys: keys });
    await visit(one, tls);
    expect(await visit(two, tls)).toMatchObject({ resumed: false });
  });

  it('that was not verified is no way around verification', async () => {
    const keys = { ticketKeys: Buffer.alloc(48, 2) };
    await using bad = await serve('expired', keys);
    const tls = { ca };
    for (let times = 0; times < 2; times++)
      expect(await failure(bad, tls)).toMatchObject({ reason: 'expired' });
    for (const name of ['expired', 'wrong-name']) {
      await using server = await serve(name);
      const open = { ca, rejectUnauthorized: false };
      for (let times = 0; times < 2; times++) {
        expect(await visit(server, open)).toMatchObject({ resumed: false, authorized: false });
      }
    }
  });

  it('of a pinned server is resumed as such', async () => {
    await using server = await serve('self-signed');
    const { fingerprint256 } = new X509Certificate(fixture('self-signed.pem'));
    const tls = { rejectUnauthorized: false, pins: [fingerprint256] };
    expect(await visit(server, tls)).toMatchObject({ resumed: false, authorized: true });
    expect(await visit(server, tls)).toMatchObject({ resumed: true, authorized: true });
  });

  it('that the server has forgotten costs nothing', async () => {
    const tls = { ca };
    let port = 0;
    for (const fill of [3, 4]) {
      const server = createServer(
        { ...certificateOf('server'), ticketKeys: Buffer.alloc(48, fill) },
        (socket) => {
          socket.on('error', () => undefined);
          socket.write('220 hello\r\n');
        },
      );
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
      const upgrade = await visit({ port } as TestServer, tls);
      expect(upgrade).toMatchObject({ resumed: false, authorized: true });
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('gives way to newer ones when there are too many', () => {
    const cache = new SessionCache();
    const session = { ticket: Buffer.of(1), certificate: Buffer.of(2) };
    for (let index = 0; index < 100; index++) cache.set(`${index}`, session);
    expect(cache.get('0')).toBe(session);
    cache.set('100', session);
    expect(cache.get('0')).toBeDefined();
    expect(cache.get('1')).toBeUndefined();
    expect(cache.get('100')).toBeDefined();
  });
});

describe('channel bindings', () => {
  const hash = (name: string): Buffer =>
    createHash('sha256')
      .update(new X509Certificate(fixture(`${name}.pem`)).raw)
      .digest();

  it('of TLS 1.3 are the exporter and the certificate, as the server has them', async () => {
    await using server = await serve('server');
    const tls = { ca };
    for (const resumed of [false, true]) {
      const upgrade = await shake(server, tls);
      await greeted(upgrade);
      expect(upgrade.resumed).toBe(resumed);
      const theirs = server.sockets
        .at(-1)
        ?.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
      expect(upgrade.channelBindings('tls-exporter')).toEqual(theirs);
      expect(upgrade.channelBindings('tls-unique')).toBeUndefined();
      expect(upgrade.channelBindings('tls-server-end-point')).toEqual(hash('server'));
      upgrade.socket.destroy();
    }
  });

  it('of TLS 1.2 are the first Finished and the certificate', async () => {
    await using server = await serve('server', { maxVersion: 'TLSv1.2' });
    const tls = { ca };
    for (const resumed of [false, true]) {
      const upgrade = await shake(server, tls);
      await greeted(upgrade);
      expect(upgrade.resumed).toBe(resumed);
      const end = server.sockets.at(-1);
      expect(upgrade.channelBindings('tls-unique')).toEqual(
        resumed ? end?.getFinished() : end?.getPeerFinished(),
      );
      expect(upgrade.channelBindings('tls-exporter')).toBeUndefined();
      expect(upgrade.channelBindings('tls-server-end-point')).toEqual(hash('server'));
      upgrade.socket.destroy();
    }
  });

  it('and the certificate can be looked at', async () => {
    await using server = await serve('server');
    const { certificate, socket } = await shake(server, { ca });
    expect(certificate()).toMatchObject({
      subject: 'server',
      issuer: 'Posthorn test authority',
      validTo: new Date('2055-12-31'),
    });
    socket.destroy();
  });
});

const PEM_OR_DER =
  "PEM text ('-----BEGIN …'), DER bytes or a list of them; a file is given as readFileSync(path)";

describe('TLS options', () => {
  const refusal = (tls: object): string => {
    try {
      checkTlsOptions(tls as TlsOptions);
    } catch (error) {
      if (error instanceof PosthornError) return `${error.code} ${error.message}`;
    }
    return 'none';
  };

  it('are taken by name, and others refused', () => {
    expect(
      refusal({
        ca,
        pins: [Buffer.alloc(32).toString('hex')],
        rejectUnauthorized: true,
        minVersion: undefined,
      }),
    ).toBe('none');
    expect(refusal({ rejectUnauthorised: false })).toBe(
      "OPTION_INVALID There is no option 'tls.rejectUnauthorised'; tls has ca, crl, cert, key, passphrase, pfx, servername, pins, minVersion, maxVersion, ciphers, ecdhCurve, sigalgs, checkServerIdentity, rejectUnauthorized",
    );
  });

  it.each([
    [{ rejectUnauthorized: 0 }, 'rejectUnauthorized', 'true or false'],
    [{ minVersion: 'TLSv1.1' }, 'minVersion', "'TLSv1.2' or 'TLSv1.3'"],
    [{ servername: '' }, 'servername', 'a string that is not empty'],
    [{ key: 7 }, 'key', PEM_OR_DER],
    [{ ca: './ca.pem' }, 'ca', PEM_OR_DER],
    [{ ca: Buffer.from('nonsense') }, 'ca', PEM_OR_DER],
    [{ cert: [] as string[], key: ['-----BEGIN X', 'x'] }, 'key', PEM_OR_DER],
    [{ pfx: 'x' }, 'pfx', 'the bytes of a PKCS #12 file'],
    [{ checkServerIdentity: true }, 'checkServerIdentity', 'a function'],
    [
      { pins: [] },
      'pins',
      "a list of 'sha256/…' (base64 SHA-256 of the public key) or of hex SHA-256 fingerprints of certificates",
    ],
    [
      { pins: ['sha1/x'] },
      'pins',
      "a list of 'sha256/…' (base64 SHA-256 of the public key) or of hex SHA-256 fingerprints of certificates",
    ],
  ])('%j is no value for them', (tls, name, expected) => {
    expect(refusal(tls)).toBe(`OPTION_INVALID Option 'tls.${name}' must be ${expected}`);
  });
});
