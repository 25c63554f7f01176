// Logging in over a connection: which mechanism, what after a refusal, tokens, and what is seen of it.
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SaslMechanismKind } from '../../src/auth/index.ts';
import { AuthenticationError, type PosthornEvent } from '../../src/base/index.ts';
import { SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { ScramServer, type ScramServerOptions } from '../auth/scram-server.ts';
import type { Link } from '../support/scripted-link.ts';
import {
  type Answer,
  ehlo,
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { clear, deliver, failure } from './kit.ts';

const login = { username: 'ann@example.com', password: 'sesame-opens' };
const token = 'ya29.a-token';
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const offering = (...names: string[]): { EHLO: string } => ({
  EHLO: ehlo(`AUTH ${names.join(' ')}`),
});

/** The lines of AUTH, after EHLO. */
const authLines = ({ lines }: ScriptedServer): string[] =>
  lines.filter((line) => !/^(?:EHLO|MAIL|RCPT|DATA|QUIT)/.test(line));

async function connected(options: SmtpConnectionOptions): Promise<PosthornEvent[]> {
  const events: PosthornEvent[] = [];
  const connection = await SmtpConnection.connect({
    ...options,
    onEvent: (event) => void events.push(event),
  });
  await connection.quit();
  return events;
}

describe('the mechanism', () => {
  it.each([
    [['PLAIN', 'LOGIN', 'CRAM-MD5'], 'CRAM-MD5'],
    [['LOGIN', 'PLAIN'], 'PLAIN'],
    [['GSSAPI', 'NTLM', 'DIGEST-MD5', 'LOGIN'], 'LOGIN'],
  ])('is the best of %j', async (names, best) => {
    await using server = await scriptedServer({
      ...offering(...names),
      AUTH:
        best === 'CRAM-MD5'
          ? ['334 PDEuMkB4Pg==', '235 2.7.0 ok']
          : best === 'LOGIN'
            ? ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', '235 ok']
            : '235 ok',
    });
    const events = await connected({ ...clear(server), ...login });
    expect(authLines(server)[0]).toMatch(new RegExp(`^AUTH ${best}`));
    expect(events.filter(({ type }) => type === 'auth')).toMatchObject([{ mechanism: best }]);
  });

  it.each([
    ['250-x\n250-AUTH=LOGIN\n250 SIZE', 'LOGIN'],
    ['250-x\n250-X-EXPS GSSAPI NTLM LOGIN\n250 SIZE', 'LOGIN'],
    ['250-x\n250-X-EXPS=PLAIN\n250-AUTH=LOGIN\n250 AUTH GSSAPI', 'PLAIN'],
  ])('may be offered in the old way %j', async (EHLO, best) => {
    await using server = await scriptedServer({
      EHLO,
      AUTH: best === 'LOGIN' ? ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', '235 ok'] : '235 ok',
    });
    await connected({ ...clear(server), ...login });
    expect(authLines(server)[0]).toMatch(new RegExp(`^AUTH ${best}`));
  });

  it('that was refused is followed by the next when it was the mechanism that was wrong', async () => {
    await using server = await scriptedServer({
      ...offering('PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'),
      AUTH: ['504 5.5.4 no', '504 5.7.4 no', '235 2.7.0 ok'],
    });
    const reasons: string[] = [];
    const onEvent = (event: PosthornEvent): void => {
      if (event.type === 'retry') reasons.push(event.reason);
    };
    await deliver({ ...clear(server), ...login, onEvent });
    expect(reasons).toEqual([
      'SCRAM-SHA-256 is not for this login',
      'CRAM-MD5 is not for this login',
    ]);
    expect(authLines(server).map((line) => line.split(' ')[1])).toEqual([
      'SCRAM-SHA-256',
      'CRAM-MD5',
      'PLAIN',
    ]);
    expect(server.messages.length).toBe(1);
  });

  it('that was refused is the last when it was the password that was wrong', async () => {
    await using server = await scriptedServer({
      ...offering('PLAIN', 'LOGIN', 'CRAM-MD5'),
      AUTH: ['504 5.5.4 no', '535 5.7.8 wrong', '235 never'],
    });
    const error = await failure(deliver({ ...clear(server), ...login }));
    expect(error).toMatchObject({ code: 'AUTH_FAILED', mechanism: 'PLAIN' });
    expect(authLines(server).length).toBe(2);
    expect(server.messages).toEqual([]);
  });

  it('that is best tells why, when none works', async () => {
    await using server = await scriptedServer({
      ...offering('PLAIN', 'LOGIN'),
      AUTH: ['504 first', '504 second'],
    });
    const error = await failure(deliver({ ...clear(server), ...login }));
    expect(error.message).toContain("refused the login by AUTH PLAIN with '504 first'");
  });

  it('is never one that shows the password in clear after one that does not', async () => {
    await using server = await scriptedServer({ ...offering('PLAIN', 'CRAM-MD5'), AUTH: '504 no' });
    const options = { ...clear(server), ...login, dangerouslyAllowPlaintextAuth: false } as const;
    const error = await failure(deliver(options));
    expect(error).toMatchObject({ code: 'AUTH_FAILED', mechanism: 'CRAM-MD5' });
    expect(authLines(server)).toEqual(['AUTH CRAM-MD5']);
  });

  it('that can not carry the password is passed over', async () => {
    await using server = await scriptedServer({
      ...offering('SCRAM-SHA-256', 'PLAIN'),
      AUTH: '235 ok',
    });
    const options = { ...clear(server), username: 'ann', password: 'smile \u{1f600}' };
    await connected(options);
    expect(authLines(server)).toEqual([`AUTH PLAIN ${base64('\0ann\0smile \u{1f600}')}`]);
    const only = await failure(deliver({ ...options, authMechanisms: ['SCRAM-SHA-256'] }));
    expect(only).toMatchObject({ code: 'OPTION_INVALID' });
    expect(only.message).toBe(
      "Option 'password' holds a character newer than Unicode 3.2, which this mechanism can't carry (RFC 4013)",
    );
  });

  it('may need nothing', async () => {
    await using server = await scriptedServer({
      ...offering('EXTERNAL', 'PLAIN', 'ANONYMOUS'),
      AUTH: '235 ok',
    });
    await connected({ ...clear(server), authMechanisms: ['EXTERNAL'] });
    await connected({ ...clear(server), username: 'ann', authMechanisms: ['EXTERNAL'] });
    await connected({ ...clear(server), authMechanisms: ['ANONYMOUS'] });
    expect(authLines(server)).toEqual([
      'AUTH EXTERNAL =',
      `AUTH EXTERNAL ${base64('ann')}`,
      'AUTH ANONYMOUS =',
    ]);
  });

  it('may be your own', async () => {
    const seen: object[] = [];
    const ticket: SaslMechanismKind = {
      name: 'X-TICKET',
      needs: 'password',
      revealsSecret: false,
      create: ({ username, service, host, port, offered }) => {
        seen.push({ service, host, port, offered });
        return {
          name: 'X-TICKET',
          start: () => undefined,
          next: async (challenge) => Buffer.from(`${username}:${Buffer.from(challenge)}`),
        };
      },
    };
    await using server = await scriptedServer({
      ...offering('X-TICKET', 'PLAIN'),
      AUTH: [`334 ${base64('7')}`, '235 ok'],
    });
    await connected({ ...clear(server), ...login, authMechanisms: [ticket, 'PLAIN'] });
    expect(authLines(server)).toEqual(['AUTH X-TICKET', base64('ann@example.com:7')]);
    expect(seen).toEqual([
      { service: 'smtp', host: '127.0.0.1', port: server.port, offered: ['X-TICKET', 'PLAIN'] },
    ]);
  });

  it('of yours may fail or hang', async () => {
    await using server = await scriptedServer({ ...offering('X'), AUTH: '334 ' });
    const kind = (next: () => Promise<Uint8Array>): SaslMechanismKind => ({
      name: 'X',
      needs: 'nothing',
      revealsSecret: false,
      create: () => ({ name: 'X', start: () => undefined, next }),
    });
    const hanging = kind(() => new Promise(() => undefined));
    const late = await failure(
      deliver({ ...clear(server), authMechanisms: [hanging], timeoutsMs: { auth: 100 } }),
    );
    expect(late).toMatchObject({ code: 'TIMEOUT', stage: 'auth' });
    const broken = kind(async () => {
      throw new AuthenticationError('AUTH_FAILED', 'no ticket');
    });
    const error = await failure(deliver({ ...clear(server), authMechanisms: [broken] }));
    expect(error).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'no ticket',
      host: '127.0.0.1',
      stage: 'auth',
    });
    expect(error.transcript.length).toBeGreaterThan(2);
  });
});

/** Answers AUTH as a SCRAM server; `spoil` may change its last message, or leave it out. */
function scramTurns(
  optionsFor: ScramServerOptions | ((link: Link) => ScramServerOptions),
  spoil: (final: string) => string = (final) => final,
): Answer[] {
  let server: ScramServer;
  let isProved = false;
  return [
    (link) => {
      server = new ScramServer(typeof optionsFor === 'function' ? optionsFor(link) : optionsFor);
      const initial = link.line.split(' ')[2] ?? '';
      return `334 ${base64(server.first(Buffer.from(initial, 'base64')))}`;
    },
    (link) => {
      const final = Buffer.from(server.final(Buffer.from(link.line, 'base64'))).toString();
      isProved = final.startsWith('v=');
      const said = spoil(final);
      return said === '' ? '235 2.7.0 ok' : `334 ${base64(said)}`;
    },
    () => (isProved ? '235 2.7.0 ok' : '535 5.7.8 no'),
  ];
}

describe('SCRAM over the wire', () => {
  const over = async (
    names: string[],
    AUTH: Answer[],
    {
      tls = 'none',
      ...more
    }: Partial<SmtpConnectionOptions> | { tls: 'none' | 'TLSv1.2' | 'TLSv1.3' } = {},
  ): Promise<{ error?: unknown; lines: string[] }> => {
    const options: ScriptedServerOptions = tls === 'none' ? {} : { tls: 'implicit' };
    await using server = await scriptedServer({ ...offering(...names), AUTH }, options);
    const encrypted: Partial<SmtpConnectionOptions> =
      tls === 'none'
        ? {}
        : {
            host: 'localhost',
            security: 'implicit',
            tls: { ca: testAuthority, ...(tls === 'TLSv1.2' && { maxVersion: 'TLSv1.2' }) },
          };
    try {
      await connected({ ...clear(server), ...login, ...encrypted, ...more });
      return { lines: authLines(server) };
    } catch (error) {
      return { error, lines: authLines(server) };
    }
  };
  const { password } = login;

  it.each(['sha256', 'sha1'] as const)('logs in (%s)', async (hash) => {
    const name = hash === 'sha1' ? 'SCRAM-SHA-1' : 'SCRAM-SHA-256';
    const { error, lines } = await over([name], scramTurns({ hash, password }));
    expect(error).toBeUndefined();
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatch(new RegExp(`^AUTH ${name} biwsb`));
    expect(lines[2]).toBe('');
  });

  it.each([
    ['a wrong signature', (): string => `v=${base64('x'.repeat(32))}`],
    ['no signature', (): string => ''],
    ['an empty signature', (): string => 'v='],
  ])('takes no success with %s', async (_, spoil) => {
    const { error, lines } = await over(
      ['SCRAM-SHA-256', 'PLAIN'],
      scramTurns({ hash: 'sha256', password }, spoil),
    );
    expect(error).toMatchObject({
      code: 'AUTH_SERVER_UNPROVEN',
      mechanism: 'SCRAM-SHA-256',
      stage: 'auth',
      host: '127.0.0.1',
      delivered: 'no',
    });
    // And nothing else is tried.
    expect(lines.length).toBe(2);
  });

  it('says why a wrong password is wrong', async () => {
    const { error } = await over(
      ['SCRAM-SHA-256'],
      scramTurns({ hash: 'sha256', password: 'other' }),
    );
    expect(error).toMatchObject({ code: 'AUTH_FAILED' });
    expect((error as Error).message).toContain(
      "'535 5.7.8 no' (invalid-proof (the password is wrong))",
    );
  });

  it('gives no answer to few or endless iterations', async () => {
    for (const iterations of [1, 4095, 9_999_999]) {
      const turns: Answer[] = [
        (link) => {
          const first = Buffer.from(link.line.split(' ')[2] ?? '', 'base64').toString();
          return `334 ${base64(`r=${first.split('r=')[1]}x,s=c2FsdA==,i=${iterations}`)}`;
        },
      ];
      const { error, lines } = await over(['SCRAM-SHA-256', 'PLAIN'], turns);
      expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION' });
      expect((error as Error).message).toContain(
        `asks for ${iterations} iterations; 4096 to 2000000 are acceptable`,
      );
      expect(lines.length).toBe(1);
    }
  });

  const bindingsOf = ({ socket }: Link): Record<string, Uint8Array> => {
    const tls = socket as TLSSocket;
    if (tls.getProtocol() === 'TLSv1.2')
      return { 'tls-unique': tls.getPeerFinished() ?? Buffer.alloc(0) };
    return {
      'tls-exporter': tls.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)),
    };
  };
  const certificateBinding = (): Record<string, Uint8Array> => {
    const { raw } = new X509Certificate(
      readFileSync(new URL('../fixtures/tls/server.pem', import.meta.url)),
    );
    return { 'tls-server-end-point': createHash('sha256').update(raw).digest() };
  };

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is tied to the connection (%s)', async (tls) => {
    const turns = scramTurns((link) => ({ hash: 'sha256', password, bindings: bindingsOf(link) }));
    const { error, lines } = await over(['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], turns, { tls });
    expect(error).toBeUndefined();
    const first = Buffer.from(lines[0]?.split(' ')[2] ?? '', 'base64').toString();
    expect(lines[0]).toMatch(/^AUTH SCRAM-SHA-256-PLUS /);
    expect(first).toMatch(tls === 'TLSv1.2' ? /^p=tls-unique,,/ : /^p=tls-exporter,,/);
  });

  it('uses another binding when the server does not know the first', async () => {
    const turns = scramTurns(() => ({ hash: 'sha256', password, bindings: certificateBinding() }));
    const { error, lines } = await over(['SCRAM-SHA-256-PLUS'], [...turns, ...turns], {
      tls: 'TLSv1.3',
    });
    expect(error).toBeUndefined();
    expect(
      lines
        .filter((line) => line.startsWith('AUTH'))
        .map(
          (line) =>
            Buffer.from(line.split(' ')[2] ?? '', 'base64')
              .toString()
              .split(',')[0],
        ),
    ).toEqual(['p=tls-exporter', 'p=tls-server-end-point']);
  });

  it('does not go on without binding when the bindings differ', async () => {
    const bindings = { 'tls-exporter': Buffer.alloc(32) };
    const { error, lines } = await over(
      ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN'],
      scramTurns({ hash: 'sha256', password, bindings }),
      { tls: 'TLSv1.3' },
    );
    expect(error).toMatchObject({ code: 'AUTH_FAILED', mechanism: 'SCRAM-SHA-256-PLUS' });
    expect((error as Error).message).toContain('somebody on the way speaks TLS with both sides');
    expect(lines.filter((line) => line.startsWith('AUTH')).length).toBe(1);
  });

  it('tells a server whose offer was taken away', async () => {
    const turns = scramTurns((link) => ({ hash: 'sha256', password, bindings: bindingsOf(link) }));
    const { error } = await over(['SCRAM-SHA-256'], turns, { tls: 'TLSv1.3' });
    expect((error as Error).message).toContain('somebody took its offer of channel binding away');
    // Also when the offer is denied by a refusal.
    const denied: Answer[] = ['504 5.5.4 no', ...turns];
    const again = await over(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'], denied, { tls: 'TLSv1.3' });
    expect((again.error as Error).message).toContain(
      'somebody took its offer of channel binding away',
    );
  });
});

describe('a token', () => {
  const bearer = (name: string): string =>
    name === 'XOAUTH2'
      ? `user=ann@example.com\u0001auth=Bearer ${token}\u0001\u0001`
      : `n,a=ann@example.com,\u0001host=127.0.0.1`;
  const REFUSAL = base64('{"status":"401","schemes":"bearer","scope":"mail"}');
  const options = (
    server: ScriptedServer,
    tokenProvider: SmtpConnectionOptions['tokenProvider'],
  ): SmtpConnectionOptions => ({
    ...clear(server),
    username: login.username,
    ...(tokenProvider && { tokenProvider }),
  });

  it.each(['XOAUTH2', 'OAUTHBEARER'])('goes into %s', async (name) => {
    await using server = await scriptedServer({ ...offering('PLAIN', name), AUTH: '235 ok' });
    await connected(options(server, async () => token));
    const [line = ''] = authLines(server);
    expect(line.startsWith(`AUTH ${name} `)).toBe(true);
    const sent = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
    expect(sent.startsWith(bearer(name))).toBe(true);
    expect(sent).toContain(`auth=Bearer ${token}\u0001\u0001`);
  });

  it.each([
    ['XOAUTH2', ''],
    ['OAUTHBEARER', 'AQ=='],
  ])('that %s refuses is replaced once', async (name, dismissal) => {
    await using server = await scriptedServer({
      ...offering(name),
      AUTH: [`334 ${REFUSAL}`, '535 5.7.8 no', '235 ok'],
    });
    const asked: unknown[] = [];
    const tokenProvider = {
      getToken: async (request: object = {}) => {
        asked.push({ ...request });
        return { token: `${token}${asked.length}` };
      },
    };
    await connected(options(server, tokenProvider));
    expect(asked).toEqual([{ forceRefresh: false }, { forceRefresh: true }]);
    const lines = authLines(server);
    expect(lines.length).toBe(3);
    expect(lines[1]).toBe(dismissal);
    expect(Buffer.from(lines[2]?.split(' ')[2] ?? '', 'base64').toString()).toContain(`${token}2`);
  });

  it('is replaced once and no more', async () => {
    await using server = await scriptedServer({
      ...offering('XOAUTH2'),
      AUTH: [`334 ${REFUSAL}`, '535 5.7.8 no', `334 ${REFUSAL}`, '535 5.7.8 no', '235 never'],
    });
    let count = 0;
    const error = await failure(deliver(options(server, async () => `${token}${++count}`)));
    expect(count).toBe(2);
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_FAILED',
      mechanism: 'XOAUTH2',
    });
    expect(error.message).toContain(
      "refused the login by AUTH XOAUTH2 with '535 5.7.8 no' (401 (the token is expired, revoked or for somebody else); the scope it wants is 'mail'). The server did not take the token",
    );
  });

  it('that stays the same is not shown twice', async () => {
    await using server = await scriptedServer({
      ...offering('XOAUTH2'),
      AUTH: '535 5.7.3 Authentication unsuccessful',
    });
    const error = await failure(deliver(options(server, () => token)));
    expect(error).toMatchObject({ code: 'AUTH_FAILED' });
    expect(authLines(server).length).toBe(1);
  });

  it('without the scope is not replaced', async () => {
    await using server = await scriptedServer({
      ...offering('OAUTHBEARER'),
      AUTH: [`334 ${base64('{"status":"insufficient_scope","scope":"mail"}')}`, '535 no'],
    });
    let count = 0;
    const error = await failure(deliver(options(server, async () => `t${++count}`)));
    expect(count).toBe(1);
    expect(error.message).toContain(
      "insufficient_scope (the token was not given for this scope); the scope it wants is 'mail'",
    );
  });

  it('that nobody gives ends the login with the reason', async () => {
    await using server = await scriptedServer(offering('XOAUTH2'));
    const reason = new AuthenticationError('TOKEN_REFUSED', 'consent is missing');
    const work = deliver(options(server, async () => Promise.reject(reason)));
    await expect(work).rejects.toBe(reason);
    expect(authLines(server)).toEqual([]);
  });

  it('refused by a server that then closes is still told', async () => {
    await using server = await scriptedServer({
      ...offering('XOAUTH2'),
      AUTH: ['535 5.7.8 expired', (link) => void link.socket.end()],
    });
    let count = 0;
    const error = await failure(deliver(options(server, async () => `t${++count}`)));
    expect(error).toMatchObject({ code: 'AUTH_FAILED' });
    expect(error.message).toContain("'535 5.7.8 expired'");
  });

  it.each([500, 8000])('of %d octets waits for the server, and passes', async (length) => {
    await using server = await scriptedServer({
      ...offering('XOAUTH2'),
      AUTH: ['334 ', '235 ok'],
    });
    await connected(options(server, () => 'x'.repeat(length)));
    const [first, second = ''] = authLines(server);
    expect(first).toBe('AUTH XOAUTH2');
    expect(Buffer.from(second, 'base64').toString()).toContain('x'.repeat(length));
  });

  it('that is too long for the protocol does not', async () => {
    await using server = await scriptedServer({ ...offering('XOAUTH2'), AUTH: ['334 ', '235 ok'] });
    const error = await failure(deliver(options(server, () => 'x'.repeat(10_000))));
    expect(error).toMatchObject({ name: 'LimitError', limit: 'authLineBytes' });
  });

  it('is never shown in clear, but to this machine', async () => {
    await using server = await scriptedServer({ ...offering('XOAUTH2') });
    const error = await failure(
      deliver({ ...options(server, () => token), dangerouslyAllowPlaintextAuth: false }),
    );
    expect(error).toMatchObject({ code: 'AUTH_PLAINTEXT_REFUSED', mechanism: 'XOAUTH2' });
    expect(error.message).toContain('would show the token to everybody on the way');
    expect(server.clear()).not.toContain('AUTH');
  });

  it('is nowhere to be seen', async () => {
    const events: PosthornEvent[] = [];
    const secrets = [token, base64(bearer('XOAUTH2'))];
    await using server = await scriptedServer({
      ...offering('XOAUTH2'),
      AUTH: (link) => `535 5.7.8 ${token} ${link.line}`,
    });
    const error = await failure(
      deliver({ ...options(server, () => token), onEvent: (event) => void events.push(event) }),
    );
    for (const shown of [
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      inspect(events, { depth: 9 }),
    ]) {
      for (const secret of secrets) expect(shown).not.toContain(secret);
      expect(shown).toContain('***');
    }
  });

  it('does not go together with servers that want a password', async () => {
    await using server = await scriptedServer(offering('PLAIN', 'LOGIN'));
    const error = await failure(deliver(options(server, () => token)));
    expect(error).toMatchObject({ code: 'AUTH_NOT_OFFERED' });
    await using other = await scriptedServer(offering('XOAUTH2'));
    const wanting = await failure(deliver({ ...clear(other), ...login }));
    expect(wanting.message).toContain(
      "it wants a token in place of the password: give 'tokenProvider'",
    );
  });
});

describe('challenges', () => {
  it.each([
    ['CRAM-MD5', '334 not base64!', "The server's challenge in AUTH CRAM-MD5 is not base64"],
    ['CRAM-MD5', '334 ', 'The server sent no challenge'],
    ['DIGEST-MD5', '334 cmVhbG0=', 'In AUTH DIGEST-MD5 the server sent no message of it'],
    ['NTLM', '334 TlRMTVNTUAA=', 'In AUTH NTLM the server sent no message of it'],
    ['XOAUTH2', '334 eyJ9', 'The server asks for more than AUTH XOAUTH2 has'],
    ['OAUTHBEARER', '334 eyJ9', 'The server asks for more than AUTH OAUTHBEARER has'],
    ['EXTERNAL', '334 eA==', 'The server asks for more than AUTH EXTERNAL has'],
  ])('of %s may be wrong: %j', async (name, AUTH, message) => {
    await using server = await scriptedServer({ ...offering(name), AUTH });
    const isToken = ['XOAUTH2', 'OAUTHBEARER'].includes(name);
    const credentials = isToken ? { username: 'ann', tokenProvider: () => token } : login;
    const error = await failure(
      deliver({ ...clear(server), ...credentials, authMechanisms: [name] }),
    );
    expect(error).toMatchObject({
      name: 'ProtocolError',
      code: 'PROTOCOL_VIOLATION',
      stage: 'auth',
      host: '127.0.0.1',
      delivered: 'no',
    });
    expect(error.message).toContain(message);
    expect(inspect(error, { depth: 9 })).not.toContain(login.password);
  });

  it('of LOGIN may be anything', async () => {
    await using server = await scriptedServer({
      ...offering('LOGIN'),
      AUTH: ['334 Username:', '334 Password:', '235 ok'],
    });
    await connected({ ...clear(server), ...login });
    expect(authLines(server)).toEqual([
      'AUTH LOGIN',
      base64(login.username),
      base64(login.password),
    ]);
  });
});
