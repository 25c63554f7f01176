import { describe, expect, it } from 'vitest';
import {
  defaultMechanismNames,
  mechanismNames,
  type SaslMechanismKind,
} from '../../src/auth/index.ts';
import { accountOf, fetchToken, usableMechanisms } from '../../src/auth/internal.ts';
import { AuthenticationError } from '../../src/base/index.ts';

const ann = { username: 'ann', password: 'pässword€' };
const ticket: SaslMechanismKind = {
  name: 'X-TICKET',
  needs: 'nothing',
  revealsSecret: false,
  create: () => undefined,
};
const namesOf = (options: Parameters<typeof accountOf>[0]): string[] =>
  accountOf(options)?.mechanisms.map(({ name }) => name) ?? [];

describe('an account', () => {
  it('has the mechanisms that its credentials are for, best first', () => {
    expect(accountOf({})).toBeUndefined();
    expect(namesOf(ann)).toEqual([
      'SCRAM-SHA-256-PLUS',
      'SCRAM-SHA-256',
      'SCRAM-SHA-1-PLUS',
      'SCRAM-SHA-1',
      'CRAM-MD5',
      'PLAIN',
      'LOGIN',
    ]);
    expect(namesOf({ username: 'ann', tokenProvider: async () => 'x' })).toEqual([
      'XOAUTH2',
      'OAUTHBEARER',
    ]);
    expect(namesOf({ ...ann, authMechanisms: ['LOGIN', 'XOAUTH2', ticket] })).toEqual([
      'LOGIN',
      'X-TICKET',
    ]);
    expect(namesOf({ authMechanisms: ['EXTERNAL'] })).toEqual(['EXTERNAL']);
    expect(namesOf({ username: 'ann', authMechanisms: ['EXTERNAL', 'PLAIN'] })).toEqual([
      'EXTERNAL',
    ]);
    expect(defaultMechanismNames).not.toContain('DIGEST-MD5');
    expect(defaultMechanismNames).not.toContain('NTLM');
    expect(mechanismNames).toEqual(expect.arrayContaining(['DIGEST-MD5', 'NTLM', 'ANONYMOUS']));
  });

  it.each<[Parameters<typeof accountOf>[0], string]>([
    [{ username: '', password: 'x' }, "Option 'username' must not be empty"],
    [{ username: 'a', password: 'x\0y' }, "Option 'password' must not hold NUL characters"],
    [{ username: 'a\u0001b', password: 'x' }, "Option 'username' must not hold NUL characters"],
    [
      { ...ann, tokenProvider: () => 'x' },
      "Options 'password' and 'tokenProvider' don't go together: give the one that the server wants",
    ],
    [
      { tokenProvider: () => 'x' },
      "Option 'username' must be given too: a login needs both username and tokenProvider",
    ],
    [
      { ...ann, authMechanisms: ['XOAUTH2'] },
      "None of XOAUTH2 in 'authMechanisms' takes a password; give 'tokenProvider'",
    ],
    [
      { username: 'ann', tokenProvider: () => 'x', authMechanisms: ['PLAIN'] },
      "None of PLAIN in 'authMechanisms' takes a token; add 'XOAUTH2' or 'OAUTHBEARER'",
    ],
  ])('is not made from %j', (options, message) => {
    expect(() => accountOf(options)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message }),
    );
  });
});

describe('the choice', () => {
  const encrypted = { encrypted: true, loopback: false };
  const near = { encrypted: false, loopback: true };
  const far = { encrypted: false, loopback: false };
  const choose = (
    offered: string[],
    names: readonly string[] = defaultMechanismNames,
    link = encrypted,
    policy: 'loopback' | boolean = 'loopback',
  ): string => {
    try {
      const allowed = accountOf({ ...ann, authMechanisms: names })?.mechanisms ?? [];
      const question = { offered, allowed, link, policy };
      return usableMechanisms(question, { host: 'x', port: 25 })
        .map(({ name }) => name)
        .join(' ');
    } catch (error) {
      expect(error).toBeInstanceOf(AuthenticationError);
      const { code, message, stage, host, delivered } = error as AuthenticationError;
      expect({ stage, host, delivered }).toEqual({ stage: 'auth', host: 'x', delivered: 'no' });
      expect(message).not.toContain('€');
      return code;
    }
  };

  it('is the best that is offered, then the others', () => {
    expect(choose(['LOGIN', 'PLAIN', 'CRAM-MD5', 'SCRAM-SHA-1'])).toBe(
      'SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN',
    );
    expect(choose(['NTLM', 'DIGEST-MD5', 'LOGIN', 'EXTERNAL'])).toBe('LOGIN');
    expect(choose(['PLAIN', 'LOGIN'], ['LOGIN', 'PLAIN'])).toBe('LOGIN PLAIN');
    expect(choose(['NTLM', 'LOGIN'], ['NTLM', 'LOGIN'])).toBe('NTLM LOGIN');
  });

  it('is never one that is not offered or not allowed', () => {
    expect(choose([])).toBe('AUTH_NOT_OFFERED');
    expect(choose(['NTLM', 'GSSAPI'])).toBe('AUTH_NOT_OFFERED');
    expect(choose(['PLAIN'], ['LOGIN'])).toBe('AUTH_NOT_OFFERED');
    expect(choose(['PLAIN'], [])).toBe('AUTH_NOT_OFFERED');
    expect(choose(['__PROTO__', 'CONSTRUCTOR'])).toBe('AUTH_NOT_OFFERED');
  });

  it('never shows a secret where the policy forbids it', () => {
    expect(choose(['PLAIN'], undefined, near)).toBe('PLAIN');
    expect(choose(['PLAIN'], undefined, near, false)).toBe('AUTH_PLAINTEXT_REFUSED');
    expect(choose(['PLAIN'], undefined, far)).toBe('AUTH_PLAINTEXT_REFUSED');
    expect(choose(['LOGIN'], undefined, far, false)).toBe('AUTH_PLAINTEXT_REFUSED');
    expect(choose(['PLAIN'], undefined, far, true)).toBe('PLAIN');
    expect(choose(['PLAIN'], undefined, encrypted, false)).toBe('PLAIN');
    // What shows no secret may be used, and what does is left out.
    expect(choose(['PLAIN', 'CRAM-MD5', 'SCRAM-SHA-256'], undefined, far)).toBe(
      'SCRAM-SHA-256 CRAM-MD5',
    );
  });
});

describe('a token', () => {
  it('comes from a provider or a function', async () => {
    const expiresAt = new Date();
    const provider = { getToken: async () => ({ token: 'a.b-c', expiresAt }) };
    expect(await fetchToken(provider, {})).toEqual({ token: 'a.b-c', expiresAt });
  });

  it('may not be had, for reasons of the provider', async () => {
    const cause = new Error('no \u001bnetwork');
    const provider = { getToken: async () => Promise.reject(cause) };
    await expect(fetchToken(provider, {})).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      message: "Option 'tokenProvider' gave no token: no \\u{1b}network",
      cause,
    });
  });

  it.each(['', 'a b', 'a\u0001b', 'ä', undefined, 5])('can not be %j', async (token) => {
    const provider = { getToken: async () => ({ token: token as string }) };
    await expect(fetchToken(provider, {})).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      message:
        "Option 'tokenProvider' gave no token: it has to give a string of visible ASCII characters",
    });
  });
});
