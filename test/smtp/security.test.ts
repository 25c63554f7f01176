// Encryption and login: what must never be sent, believed or shown.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, type PosthornEvent } from '../../src/base/index.ts';
import { SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { drip, fin, raw, silence } from '../support/faults.ts';
import {
  type Answer,
  clientCertificate,
  ehlo,
  type Script,
  type ScriptedServer,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { clear, deliver, ENVELOPE, failure, text } from './kit.ts';

const tls = { ca: testAuthority };
const login = { username: 'ann-of-login', password: 'open sesame' };
const encoded = (value: string): string => Buffer.from(value).toString('base64');

function over(
  server: ScriptedServer,
  security: 'starttls' | 'implicit' | 'auto-tls',
): SmtpConnectionOptions {
  return { ...clear(server), host: 'localhost', security, tls };
}

describe('certificates', () => {
  it.each([
    [
      'wrong-name',
      "is for 'mail.example.org', 'smtp.example.org', not for 'localhost'; connect by a name the certificate has, or, if you know the server, write tls: { servername: 'mail.example.org' }",
    ],
    [
      'common-name-only',
      "is for no host name at all, not for 'localhost'; its operator must repair it",
    ],
    [
      'expired',
      "expired on Jan  1 00:00:00 2021 GMT; its operator must renew it (or check this machine's clock)",
    ],
  ] as const)('that are %s are refused in both modes', async (certificate, complaint) => {
    for (const mode of ['starttls', 'implicit'] as const) {
      await using server = await scriptedServer({}, { tls: mode, certificate });
      const error = await failure(deliver({ ...over(server, mode), ...login }));
      expect(error).toMatchObject({
        name: 'TlsError',
        code: 'TLS_CERTIFICATE',
        stage: 'tls',
        retryable: false,
        delivered: 'no',
        host: 'localhost',
        port: server.port,
      });
      expect(error.message).toBe(`The certificate of localhost:${server.port} ${complaint}`);
      expect(server.lines).toEqual(mode === 'starttls' ? ['EHLO client.test', 'STARTTLS'] : []);
    }
  });

  it('of an unknown issuer are refused, with the issuer named', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const { tls: _, ...options } = over(server, 'implicit');
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_CERTIFICATE' });
    expect(error.message).toBe(
      `The certificate of localhost:${server.port} is issued by 'Posthorn test authority', which this machine does not trust; if you know that authority, write tls: { ca: readFileSync('its-certificate.pem') }`,
    );
  });

  it('are checked against the name asked for', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit', certificate: 'wrong-name' });
    const options = over(server, 'implicit');
    await deliver({ ...options, tls: { ...tls, servername: 'smtp.example.org' } });
    await using byAddress = await scriptedServer({}, { tls: 'implicit' });
    await deliver({ ...over(byAddress, 'implicit'), host: '127.0.0.1' });
    expect(server.messages.length + byAddress.messages.length).toBe(2);
  });

  it('are not checked only when that was asked for', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit', certificate: 'expired' });
    await deliver({ ...over(server, 'implicit'), tls: { rejectUnauthorized: false } });
    expect(server.messages.length).toBe(1);
  });

  it('and versions are options that are checked', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const minVersion = 'TLSv1.1' as 'TLSv1.2';
    const old = await failure(deliver({ ...over(server, 'implicit'), tls: { minVersion } }));
    expect(old.message).toBe("Option 'tls.minVersion' must be 'TLSv1.2' or 'TLSv1.3'");
    const broken = await failure(
      deliver({ ...over(server, 'implicit'), tls: { cert: '-----BEGIN x', key: '-----BEGIN y' } }),
    );
    expect(broken).toMatchObject({ name: 'OptionError' });
    expect(broken.message).toMatch(
      /^Option 'tls' can't be used: .+; check certificate, key and passphrase$/,
    );
    const connection = await SmtpConnection.connect({
      ...over(server, 'implicit'),
      tls: { ...tls, maxVersion: 'TLSv1.2' },
    });
    expect(connection.server.tls?.protocol).toBe('TLSv1.2');
    await connection.quit();
  });
});

describe('a client certificate', () => {
  it('is shown when it is given, and missed when it is not', async () => {
    for (const mode of ['starttls', 'implicit'] as const) {
      for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
        const wants = { tls: mode, wantsClientCertificate: true } as const;
        await using server = await scriptedServer({}, wants);
        const options = over(server, mode);
        await deliver({ ...options, tls: { ...tls, ...clientCertificate, maxVersion } });
        expect(server.messages.length).toBe(1);
        const error = await failure(deliver({ ...options, tls: { ...tls, maxVersion } }));
        // TLS 1.3 lets the client think that all is well before the server looks (RFC 8446 section 4.6.2).
        expect(['TLS_HANDSHAKE', 'CONNECTION_CLOSED']).toContain(error.code);
        expect(error.delivered).toBe('no');
        if (error.code === 'TLS_HANDSHAKE') {
          expect(error.message).toMatch(/alert [a-z ]+[);].*'tls\.cert' and 'tls\.key'/);
        }
        expect(server.messages.length).toBe(1);
      }
    }
  });
});

describe('a wrong mode', () => {
  it('is named when the port speaks clear text', async () => {
    await using server = await scriptedServer();
    const error = await failure(deliver(over(server, 'implicit')));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_WRONG_MODE', retryable: false });
    expect(error.message).toBe(
      `localhost:${server.port} does not speak TLS from the first byte; write security: 'starttls' for this port, or use port 465 with security: 'implicit'`,
    );
  });

  it('is named when the port speaks TLS', async () => {
    // What a TLS server says when it is bored: an alert.
    await using server = await scriptedServer({
      greeting: raw(Uint8Array.of(0x15, 3, 1, 0, 2, 1, 0)),
    });
    const error = await failure(deliver(over(server, 'starttls')));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_WRONG_MODE' });
    expect(error.message).toBe(
      `The server speaks TLS from the first byte on this port; write security: 'implicit' (localhost:${server.port})`,
    );
  });

  it('is guessed when the port is silent', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const options = { ...over(server, 'starttls'), timeoutsMs: { greeting: 100 } };
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ name: 'TimeoutError', stage: 'greeting', retryable: true });
    expect(error.message).toContain(
      "said nothing; if this port wants TLS from the first byte, write security: 'implicit'; or raise timeoutsMs.greeting",
    );
  });
});

describe('TLS from the first byte', () => {
  const resetOnHello: Answer = (link) => {
    link.socket.once('data', () => link.reset());
  };
  it.each([
    ['silence', silence, 'TimeoutError', 'TIMEOUT', true],
    ['a drip', drip, 'TlsError', 'TLS_WRONG_MODE', false],
    ['half a record', raw(Uint8Array.of(0x16, 3, 3, 0, 80, 2)), 'TimeoutError', 'TIMEOUT', true],
    ['the end', fin, 'TlsError', 'TLS_HANDSHAKE', true],
    ['a reset', resetOnHello, 'TlsError', 'TLS_HANDSHAKE', true],
    ['HTTP text', raw('HTTP/1.1 400 Bad Request\r\n\r\n'), 'TlsError', 'TLS_WRONG_MODE', false],
  ] as const)('answered by %s fails in time', async (_, greeting, name, code, retryable) => {
    await using server = await scriptedServer({ greeting });
    const options = { ...over(server, 'implicit'), ...login, timeoutsMs: { tls: 200 } };
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ name, code, stage: 'tls', retryable, delivered: 'no' });
    expect(server.clear()).not.toMatch(/EHLO|AUTH|MAIL/);
  });
});

describe('STARTTLS', () => {
  it.each([
    ['injected replies', '220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n'],
    ['half an injected line', '220 go\r\n250-evi'],
    ['rubbish', '220 go\r\n\0\0\0'],
  ])('is broken by %s', async (_, bytes) => {
    await using server = await scriptedServer({ STARTTLS: raw(bytes) }, { tls: 'starttls' });
    const error = await failure(deliver({ ...over(server, 'starttls'), ...login }));
    expect(error).toMatchObject({
      name: 'TlsError',
      code: 'TLS_STARTTLS_VIOLATION',
      stage: 'starttls',
      retryable: false,
      delivered: 'no',
    });
    expect(error.message).toBe(
      `localhost:${server.port} sent bytes after its reply to STARTTLS and before the handshake; somebody on the way may have put them there, so the connection was closed`,
    );
    expect(server.clear()).toBe('EHLO client.test\r\nSTARTTLS\r\n');
  });

  it('is broken by going on in clear', async () => {
    const STARTTLS: Answer = async (link) => {
      await link.write('220 go\r\n');
      link.socket.once('data', () => void link.write('250 hello again, what handshake?\r\n'));
    };
    await using server = await scriptedServer({ STARTTLS, EHLO: ehlo('STARTTLS') });
    const error = await failure(deliver({ ...over(server, 'starttls'), ...login }));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_STARTTLS_VIOLATION', stage: 'tls' });
    expect(error.message).toBe(
      `localhost:${server.port} agreed to STARTTLS but went on without TLS; somebody on the way may be interfering, so the connection was closed`,
    );
  });

  it.each([
    ['silence', silence, 'TimeoutError', true],
    ['the end', (link) => void link.socket.end(), 'TlsError', true],
    ['a reset', (link) => link.reset(), 'TlsError', true],
  ] as [string, Answer, string, boolean][])(
    'may be followed by %s',
    async (_, then, name, retryable) => {
      const STARTTLS: Answer = async (link) => {
        await link.write('220 go\r\n');
        if (typeof then === 'function') await then(link);
      };
      await using server = await scriptedServer({ STARTTLS, EHLO: ehlo('STARTTLS') });
      const options = { ...over(server, 'starttls'), ...login, timeoutsMs: { tls: 150 } };
      const error = await failure(deliver(options));
      expect(error).toMatchObject({ name, stage: 'tls', retryable, delivered: 'no' });
      expect(server.clear()).toMatch(/^EHLO client\.test\r\nSTARTTLS\r\n/);
      expect(server.clear()).not.toMatch(/AUTH|MAIL/);
    },
  );

  it.each([
    ['502 5.5.1 No', false],
    ['454 4.7.0 TLS not available', true],
  ])(
    'that is refused with %s ends it, even where clear text is allowed',
    async (reply, retryable) => {
      for (const security of ['starttls', 'starttls-if-offered', 'auto-tls', 'auto'] as const) {
        await using server = await scriptedServer({ STARTTLS: reply }, { tls: 'starttls' });
        const error = await failure(deliver({ ...clear(server), security, ...login }));
        expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_NOT_OFFERED', retryable });
        expect(error.message).toBe(
          `127.0.0.1:${server.port} offers STARTTLS but answered it with '${reply}'; nothing was sent: ${retryable ? 'try again later' : "use port 465 with security: 'implicit'"}`,
        );
        expect(server.lines).toEqual(['EHLO client.test', 'STARTTLS']);
      }
    },
  );

  it('needs EHLO', async () => {
    await using server = await scriptedServer({ EHLO: '502 What?' });
    const error = await failure(deliver(over(server, 'starttls')));
    expect(error).toMatchObject({ name: 'TlsError', code: 'TLS_NOT_OFFERED' });
    expect(error.message).toBe(
      `localhost:${server.port} answered EHLO with '502 What?', so it offers no STARTTLS and nothing was sent; if clear text is acceptable on this network, write security: 'none'`,
    );
  });
});

describe('a login', () => {
  it('uses the best mechanism that is offered and allowed', async () => {
    await using server = await scriptedServer();
    await deliver({ ...clear(server), ...login });
    await deliver({ ...clear(server), ...login, authMechanisms: ['LOGIN'] });
    await deliver({ ...clear(server), ...login, authMechanisms: ['LOGIN', 'PLAIN'] });
    const plain = `AUTH PLAIN ${encoded(`\0${login.username}\0${login.password}`)}`;
    const loginLines = ['AUTH LOGIN', encoded(login.username), encoded(login.password)];
    const lines = server.lines.filter((line) => !/^(EHLO|MAIL|RCPT|DATA|QUIT)/.test(line));
    expect(lines).toEqual([plain, ...loginLines, ...loginLines]);
  });

  it('waits with a long response for the server to ask', async () => {
    await using server = await scriptedServer({ AUTH: ['334 ', '235 2.7.0 ok'] });
    const password = 'x'.repeat(500);
    await deliver({ ...clear(server), username: 'ann', password });
    expect(server.lines.slice(1, 3)).toEqual(['AUTH PLAIN', encoded(`\0ann\0${password}`)]);
  });

  it.each([
    [
      ehlo('SIZE 5'),
      false,
      "The server offers no AUTH, so the login was not tried and nothing was sent; many servers offer it only on an encrypted connection: write security: 'starttls' or 'implicit', or leave out username and password if the server needs none",
    ],
    [
      ehlo('AUTH'),
      true,
      'The server offers no AUTH, so the login was not tried and nothing was sent; use a submission port (465 or 587), or leave out username and password if the server needs none',
    ],
    [
      ehlo('AUTH GSSAPI NTLM'),
      true,
      "The server offers AUTH GSSAPI NTLM, but only SCRAM-SHA-256-PLUS, SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN may be used here; change 'authMechanisms' or the server's settings",
    ],
  ])('is never skipped when it is not possible (%s)', async (EHLO, encrypted, message) => {
    await using server = await scriptedServer({ EHLO }, encrypted ? { tls: 'implicit' } : {});
    const options = encrypted ? over(server, 'implicit') : clear(server);
    const error = await failure(deliver({ ...options, ...login }));
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_NOT_OFFERED',
      stage: 'auth',
    });
    expect(error.message).toBe(message);
    expect(server.lines).toEqual(['EHLO client.test']);
  });

  it('shows its password to loopback addresses only', async () => {
    await using server = await scriptedServer();
    const { connect } = await import('node:net');
    // The same server by a way that may lead anywhere.
    const far: SmtpConnectionOptions = {
      ...clear(server),
      ...login,
      connect: ({ port }) => connect(port, '127.0.0.1'),
    };
    const refusals = [
      far,
      { ...far, dangerouslyAllowPlaintextAuth: false },
      { ...clear(server), ...login, dangerouslyAllowPlaintextAuth: false },
    ] as const;
    for (const options of refusals) {
      const error = await failure(deliver(options));
      expect(error).toMatchObject({
        name: 'AuthenticationError',
        code: 'AUTH_PLAINTEXT_REFUSED',
        mechanism: 'PLAIN',
      });
      expect(error.message).toBe(
        "The connection is not encrypted, so AUTH PLAIN would show the password to everybody on the way; it was not sent. Write security: 'starttls' or 'implicit'; only if the network is safe, dangerouslyAllowPlaintextAuth: true",
      );
    }
    expect(server.clear()).not.toContain('AUTH');
    await deliver({ ...far, dangerouslyAllowPlaintextAuth: true });
    await deliver({ ...clear(server), ...login });
    expect(server.messages.length).toBe(2);
  });

  it.each([
    [
      '535 5.7.8 https://support.google.com/mail/?p=BadCredentials x - gsmtp',
      'Google takes no account passwords here',
      false,
    ],
    ['534 5.7.9 Application-specific password required', 'Google wants an app password', false],
    [
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant',
      'SMTP AUTH is switched off in Microsoft 365',
      false,
    ],
    [
      '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
      'Microsoft no longer takes passwords',
      false,
    ],
    ['535 5.7.8 Error: authentication failed', 'Check user name and password', false],
    ['454 4.7.0 Temporary authentication failure', 'try again later', true],
    ['538 5.7.11 Encryption required', "security: 'starttls' or 'implicit'", false],
    ['534 5.7.9 Mechanism is too weak', 'too weak', false],
    ['500 Unrecognized', undefined, false],
  ])('that is refused with %j has its hint', async (reply, hint, retryable) => {
    await using server = await scriptedServer({ AUTH: reply });
    const error = await failure(deliver({ ...clear(server), ...login }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      code: 'AUTH_FAILED',
      mechanism: 'PLAIN',
      retryable,
      delivered: 'no',
      stage: 'auth',
    });
    expect(error.message).toContain(
      `127.0.0.1:${server.port} refused the login by AUTH PLAIN with '${reply}'`,
    );
    if (hint === undefined) expect((error as AuthenticationError).hint).toBeUndefined();
    else expect((error as AuthenticationError).hint).toContain(hint);
    expect(error.message).toContain(hint ?? '');
    // Only a refusal of the mechanism is a reason to try the next one.
    const isNextTried = /^53[48] 5\.7\.(?:11|9) (?:Enc|Mech)/.test(reply);
    expect(server.lines.slice(1).map((line) => line.split(' ')[1])).toEqual(
      isNextTried ? ['PLAIN', 'LOGIN'] : ['PLAIN'],
    );
  });

  it.each(['PLAIN', 'LOGIN'])('is not asked for ever (%s)', async (mechanism) => {
    await using server = await scriptedServer({ AUTH: '334 bW9yZQ==' });
    const options = { ...clear(server), ...login, authMechanisms: [mechanism] };
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ name: 'ProtocolError', stage: 'auth', delivered: 'no' });
    expect(error.message).toBe(
      `The server asks for more than AUTH ${mechanism} has (127.0.0.1:${server.port})`,
    );
    expect(server.lines.length).toBe(mechanism === 'PLAIN' ? 2 : 4);
  });
});

describe('secrets', () => {
  const secrets = [
    login.username,
    login.password,
    encoded(login.username),
    encoded(login.password),
    encoded(`\0${login.username}\0${login.password}`),
  ];
  const blab = secrets.join(' ');
  const scripts: Record<string, Script> = {
    'a refused login': { AUTH: `535 5.7.8 no ${blab}` },
    'a login cut off': { AUTH: (link) => void link.socket.end() },
    'an echo': { AUTH: (link) => link.say(link.line) },
    'an echo under a wrong code': { AUTH: (link) => link.say(`250-a\n550 ${blab}`) },
    'an echo of the wrong class': { AUTH: (link) => link.say(`354 ${blab}`) },
    'an echo later on': { RCPT: `550 ${[login.password, encoded(login.password)].join(' ')}` },
    'prompts that blab': {
      AUTH: [`334 ${encoded(login.password)}`, `334 ${encoded(blab)}`, '535 no'],
    },
    'a refused message': { MAIL: '550 no' },
    'a broken final reply': { content: '250-a\n550 b' },
    'a silent server': { RCPT: silence },
    'a good server': {},
  };

  it('may be in a challenge, which is masked whole', async () => {
    await using server = await scriptedServer();
    const events: PosthornEvent[] = [];
    await deliver({
      ...clear(server),
      ...login,
      authMechanisms: ['LOGIN'],
      onEvent: (event) => events.push(event),
    });
    const challenges = events.flatMap((event) =>
      event.type === 'reply' && event.reply.code === 334 ? event.reply.lines : [],
    );
    expect(challenges).toEqual(['***', '***']);
  });

  it.concurrent.each(Object.entries(scripts))(
    'are nowhere to be seen after %s',
    async (name, script) => {
      for (const authMechanisms of [['PLAIN'], ['LOGIN']]) {
        await using server = await scriptedServer(script);
        const events: PosthornEvent[] = [];
        const options: SmtpConnectionOptions = {
          ...clear(server),
          ...login,
          authMechanisms,
          timeoutsMs: { command: 500 },
          onEvent: (event) => events.push(event),
        };
        let error: unknown;
        await deliver(options).catch((thrown: unknown) => {
          error = thrown;
        });
        expect(error === undefined).toBe(name === 'a good server');
        const shown =
          JSON.stringify({ error, events }) +
          inspect({ error, events }, { depth: 20, showHidden: true }) +
          (error instanceof Error ? `${error.message}${error.stack}` : '');
        for (const secret of secrets) expect(shown).not.toContain(secret);
        expect(shown).toContain(authMechanisms[0] === 'PLAIN' ? 'AUTH PLAIN ***' : 'AUTH LOGIN');
        expect(events.some(({ type }) => type === 'connect')).toBe(true);
        expect(events.at(-1)?.type).toBe('close');
      }
    },
  );
});

describe('events', () => {
  it('tell the story of a connection in order', async () => {
    await using server = await scriptedServer({}, { tls: 'starttls' });
    const events: PosthornEvent[] = [];
    await deliver({
      ...over(server, 'auto-tls'),
      ...login,
      onEvent: (event) => events.push(event),
    });
    expect(events.map((event) => (event.type === 'command' ? event.line : event.type))).toEqual([
      'connect',
      'reply',
      'EHLO client.test',
      'reply',
      'STARTTLS',
      'reply',
      'tls',
      'EHLO client.test',
      'reply',
      'AUTH PLAIN ***',
      'reply',
      'auth',
      'MAIL FROM:<ann@example.com> SIZE=30',
      'reply',
      'RCPT TO:<bob@example.com>',
      'reply',
      'DATA',
      'reply',
      'reply',
      'QUIT',
      'reply',
      'close',
    ]);
    expect(new Set(events.map(({ connectionId }) => connectionId)).size).toBe(1);
    expect(JSON.stringify(events)).not.toContain('Subject');
  });

  it('can not harm the message they are about', async () => {
    await using server = await scriptedServer();
    const onEvent = (): void => {
      throw new Error('a listener only watches');
    };
    await using connection = await SmtpConnection.connect({ ...clear(server), onEvent });
    await connection.send(ENVELOPE, text());
    expect(server.messages.length).toBe(1);
  });
});
