import { describe, expect, it } from 'vitest';
import type { ChannelBindings } from '../../src/auth/index.ts';
import { mechanismKind, type SaslLogin, ScramMechanism } from '../../src/auth/index.ts';
import { PosthornError } from '../../src/base/index.ts';
import { ScramServer } from './scram-server.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array): string => Buffer.from(value).toString();
const pencil = { username: 'user', password: 'pencil' };

async function codeOf(work: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error;
    expect(error.message).not.toContain('pencil');
    return { code: error.code, message: error.message };
  }
  throw new Error('It was expected to fail');
}

// RFC 5802 section 5 and RFC 7677 section 3.
const EXAMPLES = [
  {
    hash: 'SHA-1',
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    clientFinal:
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    hash: 'SHA-256',
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    serverFirst:
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    clientFinal:
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
] as const;

describe.each(EXAMPLES)('SCRAM-$hash', ({ hash, nonce, serverFirst, clientFinal, serverFinal }) => {
  const begun = (): ScramMechanism => {
    const mechanism = new ScramMechanism({ hash, credentials: pencil, nonce });
    mechanism.start();
    return mechanism;
  };

  it('says what the RFC says', async () => {
    const mechanism = new ScramMechanism({ hash, credentials: pencil, nonce });
    expect(mechanism.name).toBe(`SCRAM-${hash}`);
    expect(text(mechanism.start())).toBe(`n,,n=user,r=${nonce}`);
    expect(text(await mechanism.next(bytes(serverFirst)))).toBe(clientFinal);
    expect(await mechanism.next(bytes(serverFinal))).toEqual(new Uint8Array(0));
    expect(() => mechanism.finish()).not.toThrow();
  });

  it('takes no success without the signature', async () => {
    const mechanism = begun();
    const unproven = {
      code: 'AUTH_SERVER_UNPROVEN',
      message: `In AUTH SCRAM-${hash} the server did not prove that it knows the password, so the connection was closed: it may not be the server you mean`,
    };
    expect(await codeOf(() => mechanism.finish())).toEqual(unproven);
    await mechanism.next(bytes(serverFirst));
    expect(await codeOf(() => mechanism.finish())).toEqual(unproven);
  });

  it('takes no other signature, and none cut anywhere', async () => {
    const wrong = Buffer.from(serverFinal.slice(2), 'base64').map((octet) => octet ^ 1);
    const finals = [
      `v=${Buffer.from(wrong).toString('base64')}`,
      ...Array.from(serverFinal, (_, i) => serverFinal.slice(0, i)).filter((_, i) => i % 3 === 0),
      `${serverFinal}=`,
      `x=y,${serverFinal}`,
      serverFirst,
    ];
    for (const final of finals) {
      const mechanism = begun();
      await mechanism.next(bytes(serverFirst));
      const { code } = await codeOf(() => mechanism.next(bytes(final)));
      expect(code).toMatch(/^(AUTH_SERVER_UNPROVEN|PROTOCOL_VIOLATION)$/);
      expect((await codeOf(() => mechanism.finish())).code).toBe('AUTH_SERVER_UNPROVEN');
    }
  });

  it('takes no first message that is cut or wrong', async () => {
    const replaced = (from: string | RegExp, to: string): string => serverFirst.replace(from, to);
    const firsts = [
      ...Array.from(serverFirst, (_, i) => serverFirst.slice(0, i)).filter(
        (each) => !each.endsWith(',i=4096'),
      ),
      replaced(nonce, nonce.slice(0, -1)),
      `r=${nonce},s=QSXCR+Q6sek8bf92,i=4096`,
      replaced(/s=[^,]*/, 's='),
      replaced(/s=[^,]*/, 's=*'),
      replaced('i=4096', 'i=0'),
      replaced('i=4096', 'i=04096'),
      replaced('i=4096', 'i=4095'),
      replaced('i=4096', 'i=2000001'),
      replaced('i=4096', 'i=9999999999'),
      replaced('i=4096', 'i=4096,i=4097'),
      replaced('i=4096', 'i=4096,r=x'),
      `m=ext,${serverFirst}`,
      serverFinal,
      '',
      '\0',
    ];
    for (const first of firsts) {
      const { code, message } = await codeOf(() => begun().next(bytes(first)));
      expect([first, code]).toEqual([first, 'PROTOCOL_VIOLATION']);
      expect(message).toContain(`In AUTH SCRAM-${hash} the server `);
    }
  });

  it('may not be asked again', async () => {
    const mechanism = begun();
    await mechanism.next(bytes(serverFirst));
    await mechanism.next(bytes(serverFinal));
    expect((await codeOf(() => mechanism.next(bytes(serverFinal)))).message).toBe(
      `In AUTH SCRAM-${hash} the server asks for more than it may`,
    );
  });
});

describe('SCRAM', () => {
  const nonce = 'abc';
  const hash = 'SHA-256';

  it('escapes and prepares names, and acts for others', () => {
    const credentials = { username: 'a=b,\u2168', password: 'x', authorizationId: 'c,d' };
    const mechanism = new ScramMechanism({ hash, credentials, nonce });
    expect(text(mechanism.start())).toBe('n,a=c=2Cd,n=a=3Db=2CIX,r=abc');
  });

  it('makes a nonce of its own each time', () => {
    const one = text(new ScramMechanism({ hash, credentials: pencil }).start());
    const two = text(new ScramMechanism({ hash, credentials: pencil }).start());
    expect(one).not.toBe(two);
    expect(one).toMatch(/^n,,n=user,r=[A-Za-z0-9+/]{32}$/);
  });

  it('refuses what it can not carry', async () => {
    const credentials = { username: 'ann', password: 'pencil\u0007' };
    expect(await codeOf(() => new ScramMechanism({ hash, credentials }))).toEqual({
      code: 'OPTION_INVALID',
      message: "Option 'password' holds a character that this mechanism can't carry (RFC 4013)",
    });
  });

  it('hears why it is refused', async () => {
    const mechanism = new ScramMechanism({ hash, credentials: pencil, nonce });
    mechanism.start();
    await mechanism.next(bytes('r=abcd,s=QSXCR+Q6sek8bf92,i=4096'));
    expect(await mechanism.next(bytes('e=invalid-proof'))).toEqual(new Uint8Array(0));
    expect(mechanism.refusal).toEqual({
      kind: 'other',
      reason: 'invalid-proof (the password is wrong)',
    });
    expect((await codeOf(() => mechanism.finish())).code).toBe('AUTH_SERVER_UNPROVEN');
  });
});

describe('channel binding', () => {
  const exporter = Buffer.alloc(32, 7);
  const endPoint = Buffer.alloc(32, 9);
  const all: ChannelBindings = (type) =>
    ({ 'tls-exporter': exporter, 'tls-server-end-point': endPoint, 'tls-unique': undefined })[type];
  const loginWith = (
    offered: string[],
    channelBindings: ChannelBindings | undefined,
  ): SaslLogin => ({
    ...pencil,
    token: '',
    service: 'smtp',
    host: 'mail.example',
    port: 587,
    offered,
    channelBindings,
  });
  const run = async (
    name: string,
    login: SaslLogin,
    bindings?: Record<string, Uint8Array>,
  ): Promise<{ header: string; outcome: string }> => {
    const mechanism = mechanismKind(name)?.create(login);
    if (!mechanism) return { header: '', outcome: 'none' };
    const server = new ScramServer({
      hash: name.startsWith('SCRAM-SHA-1') ? 'sha1' : 'sha256',
      password: 'pencil',
      ...(bindings && { bindings }),
    });
    expect(mechanism.name).toBe(name);
    const first = await mechanism.start();
    const final = await mechanism.next(server.first(first ?? new Uint8Array()));
    await mechanism.next(server.final(final));
    if (mechanism.refusal) return { header: server.header, outcome: mechanism.refusal.reason };
    mechanism.finish?.();
    return { header: server.header, outcome: 'accepted' };
  };

  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-1'])('ties %s to the connection', async (name) => {
    const offered = [name, `${name}-PLUS`];
    const bindings = { 'tls-exporter': exporter, 'tls-server-end-point': endPoint };
    expect(await run(`${name}-PLUS`, loginWith(offered, all), bindings)).toEqual({
      header: 'p=tls-exporter,,',
      outcome: 'accepted',
    });
    const only: ChannelBindings = (type) =>
      type === 'tls-server-end-point' ? endPoint : undefined;
    expect(await run(`${name}-PLUS`, loginWith(offered, only), bindings)).toEqual({
      header: 'p=tls-server-end-point,,',
      outcome: 'accepted',
    });
  });

  it('finds somebody on the way who speaks TLS with both sides', async () => {
    const bindings = { 'tls-exporter': Buffer.alloc(32, 8) };
    const { outcome } = await run('SCRAM-SHA-256-PLUS', loginWith([], all), bindings);
    expect(outcome).toBe(
      'channel-bindings-dont-match (somebody on the way speaks TLS with both sides)',
    );
  });

  it('can not be used over a connection without TLS', async () => {
    expect(await run('SCRAM-SHA-256-PLUS', loginWith([], undefined))).toMatchObject({
      outcome: 'none',
    });
    expect(
      await run(
        'SCRAM-SHA-256-PLUS',
        loginWith([], () => undefined),
      ),
    ).toMatchObject({
      outcome: 'none',
    });
  });

  it('says y when it could but the server does not offer it, so that the server can find out', async () => {
    const name = 'SCRAM-SHA-256';
    expect(await run(name, loginWith([name], all))).toEqual({ header: 'y,,', outcome: 'accepted' });
    expect(await run(name, loginWith([name], all), { 'tls-exporter': exporter })).toEqual({
      header: 'y,,',
      outcome:
        'server-does-support-channel-binding (somebody took its offer of channel binding away)',
    });
    // It is offered, only not used: that is no sign of anything.
    expect(await run(name, loginWith([name, 'SCRAM-SHA-1-PLUS'], all))).toMatchObject({
      header: 'n,,',
    });
    expect(await run(name, loginWith([name], undefined))).toMatchObject({ header: 'n,,' });
  });

  it('tells which type the server does not know', async () => {
    const mechanism = mechanismKind('SCRAM-SHA-256-PLUS')?.create(loginWith([], all));
    const server = new ScramServer({
      hash: 'sha256',
      password: 'pencil',
      bindings: { 'tls-unique': exporter },
    });
    const final = await mechanism?.next(
      server.first((await mechanism.start()) ?? new Uint8Array()),
    );
    await mechanism?.next(server.final(final ?? new Uint8Array()));
    expect(mechanism?.refusal?.kind).toBe('binding');
  });
});
