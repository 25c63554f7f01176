import { describe, expect, it } from 'vitest';
import {
  AnonymousMechanism,
  CramMd5Mechanism,
  ExternalMechanism,
  LoginMechanism,
  OAuthBearerMechanism,
  PlainMechanism,
  XOAuth2Mechanism,
} from '../../src/auth/index.ts';

const credentials = { username: 'ann@grün.example', password: 'pässword€' };
const utf8 = (text: string): Uint8Array => Buffer.from(text);

describe('PLAIN', () => {
  it('says all at once, in UTF-8', () => {
    const mechanism = new PlainMechanism(credentials);
    expect(mechanism.name).toBe('PLAIN');
    expect(mechanism.start()).toEqual(utf8('\0ann@grün.example\0pässword€'));
    const forBob = new PlainMechanism({ ...credentials, authorizationId: 'bob' });
    expect(forBob.start()).toEqual(utf8('bob\0ann@grün.example\0pässword€'));
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
  });
});

describe('CRAM-MD5', () => {
  // RFC 2195 section 2.
  const tim = { username: 'tim', password: 'tanstaaftanstaaf' };
  const challenge = utf8('<1896.697170952@postoffice.reston.mci.net>');

  it('answers as the RFC does', () => {
    const mechanism = new CramMd5Mechanism(tim);
    expect(mechanism.name).toBe('CRAM-MD5');
    expect(mechanism.start()).toBeUndefined();
    expect(mechanism.next(challenge)).toEqual(utf8('tim b913a602c7eda7a495b4e6e7334d3890'));
    expect(() => mechanism.next(challenge)).toThrow(
      'The server asks for more than AUTH CRAM-MD5 has',
    );
  });

  it('answers no empty challenge', () => {
    expect(() => new CramMd5Mechanism(tim).next(new Uint8Array())).toThrow(
      'The server sent no challenge',
    );
  });
});

describe('EXTERNAL and ANONYMOUS', () => {
  it('say one thing, which may be nothing', () => {
    expect(new ExternalMechanism().start()).toEqual(utf8(''));
    expect(new ExternalMechanism('ann').start()).toEqual(utf8('ann'));
    expect(new AnonymousMechanism('trace').start()).toEqual(utf8('trace'));
    expect(() => new ExternalMechanism().next()).toThrow(
      'The server asks for more than AUTH EXTERNAL has',
    );
    expect(() => new AnonymousMechanism().next()).toThrow(
      'The server asks for more than AUTH ANONYMOUS has',
    );
  });
});

describe('tokens', () => {
  const login = {
    username: 'user@example.com',
    token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==',
  };

  it('go into XOAUTH2 as Google has it', () => {
    const mechanism = new XOAuth2Mechanism(login);
    expect(mechanism.name).toBe('XOAUTH2');
    expect(mechanism.start()).toEqual(
      utf8(`user=user@example.com\u0001auth=Bearer ${login.token}\u0001\u0001`),
    );
  });

  it('go into OAUTHBEARER as RFC 7628 section 4.1 has it', () => {
    const server = { host: 'server.example.com', port: 143 };
    const mechanism = new OAuthBearerMechanism({ ...login, ...server });
    expect(mechanism.name).toBe('OAUTHBEARER');
    expect(mechanism.start()).toEqual(
      utf8(
        `n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001auth=Bearer ${login.token}\u0001\u0001`,
      ),
    );
    const odd = new OAuthBearerMechanism({ ...login, host: 'x', username: 'a=b,c', port: 0 });
    expect(odd.start()).toEqual(
      utf8(`n,a=a=3Db=2Cc,\u0001host=x\u0001auth=Bearer ${login.token}\u0001\u0001`),
    );
  });

  it.each([
    [
      '{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}',
      'token',
      "401 (the token is expired, revoked or for somebody else); the scope it wants is 'https://mail.google.com/'",
    ],
    [
      '{"status":"invalid_token"}',
      'token',
      'invalid_token (the token is expired, revoked or for somebody else)',
    ],
    ['{"status":401}', 'token', '401 (the token is expired, revoked or for somebody else)'],
    [
      '{"status":"insufficient_scope","scope":"mail"}',
      'other',
      "insufficient_scope (the token was not given for this scope); the scope it wants is 'mail'",
    ],
    ['{"status":"\\u001b[31mred"}', 'token', '\\u{1b}[31mred'],
    ['{"__proto__":{"status":"x"}}', 'token', 'no reason given'],
    ['["status"]', 'token', 'no reason given'],
    ['null', 'token', 'no reason given'],
    ['rubbish', 'token', 'no reason given'],
    ['', 'token', 'no reason given'],
  ])('that are refused with %j have their reason', (challenge, kind, reason) => {
    const xoauth2 = new XOAuth2Mechanism(login);
    expect(xoauth2.next(utf8(challenge))).toEqual(new Uint8Array(0));
    expect(xoauth2.refusal).toEqual({ kind, reason });
    const bearer = new OAuthBearerMechanism({ ...login, host: 'x', port: 1 });
    expect(bearer.next(utf8(challenge))).toEqual(utf8('\u0001'));
    expect(bearer.refusal).toEqual({ kind, reason });
    for (const mechanism of [xoauth2, bearer]) {
      expect(() => mechanism.next(utf8(challenge))).toThrow(
        `The server asks for more than AUTH ${mechanism.name} has`,
      );
      expect(() => mechanism.finish()).toThrow(
        `The server refused the token in AUTH ${mechanism.name} and then accepted it`,
      );
    }
  });
});
