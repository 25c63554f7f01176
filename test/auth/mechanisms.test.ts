import { describe, expect, it } from 'vitest';
import {
  authenticationHint,
  LoginMechanism,
  mechanismNames,
  PlainMechanism,
} from '../../src/auth/index.ts';
import { checkCredentials, selectMechanism } from '../../src/auth/internal.ts';
import { AuthenticationError } from '../../src/base/index.ts';

const credentials = { username: 'ann@grün.example', password: 'pässword€' };
const utf8 = (text: string): Uint8Array => Buffer.from(text);
const nothing = new Uint8Array(0);

describe('PLAIN', () => {
  it('says all at once, in UTF-8', () => {
    const mechanism = new PlainMechanism(credentials);
    expect(mechanism.name).toBe('PLAIN');
    expect(mechanism.revealsSecret).toBe(true);
    expect(mechanism.start()).toEqual(utf8('\0ann@grün.example\0pässword€'));
  });

  it('has no more to say', () => {
    expect(() => new PlainMechanism(credentials).next()).toThrow(
      'The server asks for more than AUTH PLAIN has',
    );
  });
});

describe('LOGIN', () => {
  it('answers two questions, whatever they are', () => {
    const mechanism = new LoginMechanism(credentials);
    expect(mechanism.name).toBe('LOGIN');
    expect(mechanism.start()).toBeUndefined();
    expect(mechanism.next()).toEqual(utf8('ann@grün.example'));
    expect(mechanism.next()).toEqual(utf8('pässword€'));
    expect(() => mechanism.next()).toThrow('The server asks for more than AUTH LOGIN has');
    expect(nothing.length).toBe(0);
  });
});

describe('the choice', () => {
  const encrypted = { encrypted: true, loopback: false };
  const near = { encrypted: false, loopback: true };
  const far = { encrypted: false, loopback: false };
  const choose = (
    offered: string[],
    allowed: readonly string[] = mechanismNames,
    link = encrypted,
    policy: 'loopback' | boolean = 'loopback',
  ): string => {
    try {
      const choice = { offered, allowed, credentials, link, policy };
      return selectMechanism(choice, { host: 'x', port: 25 }).name;
    } catch (error) {
      expect(error).toBeInstanceOf(AuthenticationError);
      const { code, message, stage, host, delivered } = error as AuthenticationError;
      expect({ stage, host, delivered }).toEqual({ stage: 'auth', host: 'x', delivered: 'no' });
      expect(message).not.toContain('€');
      return code;
    }
  };

  it('is the best that is offered', () => {
    expect(choose(['LOGIN', 'PLAIN'])).toBe('PLAIN');
    expect(choose(['login'])).toBe('LOGIN');
    expect(choose(['NTLM', 'LOGIN'])).toBe('LOGIN');
    expect(choose(['PLAIN', 'LOGIN'], ['LOGIN', 'PLAIN'])).toBe('LOGIN');
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
  });
});

describe('credentials', () => {
  it('hold no NUL and a name', () => {
    expect(() => checkCredentials(credentials)).not.toThrow();
    expect(() => checkCredentials({ username: '', password: 'x' })).toThrow(
      "Option 'username' must not be empty",
    );
    expect(() => checkCredentials({ username: 'a', password: 'x\0y' })).toThrow(
      "Option 'password' must not hold NUL characters",
    );
  });
});

describe('hints', () => {
  it.each([
    [
      535,
      '5.7.8',
      'Username and Password not accepted. BadCredentials - gsmtp',
      'myaccount.google.com',
    ],
    [
      534,
      '5.7.9',
      'Application-specific password required. InvalidSecondFactor',
      'two-step verification',
    ],
    [535, '5.7.139', 'SmtpClientAuthentication is disabled for the Mailbox', 'Authenticated SMTP'],
    [535, '5.7.139', 'user credentials were incorrect', 'use OAuth'],
    [535, '5.7.139', 'the user is blocked by Conditional Access policy', 'security policy'],
    [535, undefined, 'Please use an app-specific password', 'wants an app password'],
    [530, '5.7.0', 'Must issue a STARTTLS command first', "write security: 'starttls'"],
    [538, undefined, 'Encryption required', 'needs an encrypted connection'],
    [504, '5.7.11', 'no', 'needs an encrypted connection'],
    [534, '5.7.9', 'too weak', 'too weak'],
    [454, '4.7.0', 'try later', 'try again later'],
    [535, undefined, 'no', 'Check user name and password'],
  ])('for %s %s %s', (code, enhanced, line, hint) => {
    expect(authenticationHint({ code, enhanced, lines: [line] })).toContain(hint);
  });

  it('are not made up', () => {
    expect(
      authenticationHint({ code: 500, enhanced: undefined, lines: ['what?'] }),
    ).toBeUndefined();
  });
});
