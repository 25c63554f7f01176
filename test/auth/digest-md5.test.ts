import { describe, expect, it } from 'vitest';
import { DigestMd5Mechanism } from '../../src/auth/index.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

// RFC 2831 section 4.
const chris = {
  username: 'chris',
  password: 'secret',
  service: 'imap',
  host: 'elwood.innosoft.com',
  nonce: 'OA6MHXh6VqTrRk',
};
const challenge =
  'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8';
const rspauth = 'rspauth=ea40f60335c427b5527b84dbabcdfffd';

describe('DIGEST-MD5', () => {
  it('answers as the RFC does, and hears the proof', () => {
    const mechanism = new DigestMd5Mechanism(chris);
    expect(mechanism.start()).toBeUndefined();
    expect(Buffer.from(mechanism.next(bytes(challenge))).toString()).toBe(
      'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth',
    );
    expect(mechanism.next(bytes(rspauth))).toEqual(new Uint8Array(0));
    expect(() => mechanism.finish()).not.toThrow();
    expect(() => mechanism.next(bytes(rspauth))).toThrow(
      'In AUTH DIGEST-MD5 the server asks for more than it may',
    );
  });

  it.each([
    ['', 'sent no message of it'],
    ['rubbish', 'sent no message of it'],
    [`${challenge},"`, 'sent no message of it'],
    [`${challenge},x="${'y'.repeat(3000)}"`, 'sent no message of it'],
    ['realm="x",algorithm=md5-sess', 'sent no nonce'],
    ['nonce="a",nonce="b",algorithm=md5-sess', "sent 'nonce' more than once"],
    ['nonce="a",algorithm=md5', 'wants another algorithm'],
    ['nonce="a"', 'wants another algorithm'],
    ['nonce="a",algorithm=md5-sess,qop="auth-conf"', 'wants to encrypt by itself; use TLS instead'],
  ])('answers no %j', (wrong, what) => {
    expect(() => new DigestMd5Mechanism(chris).next(bytes(wrong))).toThrow(
      expect.objectContaining({
        code: 'PROTOCOL_VIOLATION',
        message: `In AUTH DIGEST-MD5 the server ${what}`,
      }),
    );
  });

  it('takes no success without the proof', () => {
    for (const wrong of ['rspauth=ea40f60335c427b5527b84dbabcdfffe', 'rspauth=""', 'x=y']) {
      const mechanism = new DigestMd5Mechanism(chris);
      expect(() => mechanism.finish()).toThrow('did not prove that it knows the password');
      mechanism.next(bytes(challenge));
      expect(() => mechanism.next(bytes(wrong))).toThrow(
        expect.objectContaining({ code: 'AUTH_SERVER_UNPROVEN', mechanism: 'DIGEST-MD5' }),
      );
    }
  });

  it('quotes what has to be quoted, and takes the first of several realms', () => {
    const mechanism = new DigestMd5Mechanism({ ...chris, username: 'a"b\\c' });
    const several = 'realm="one\\"", realm=two, nonce="n", algorithm=md5-sess, qop="auth,auth-int"';
    const answer = Buffer.from(mechanism.next(bytes(several))).toString();
    expect(answer).toContain('username="a\\"b\\\\c",realm="one\\"",');
  });
});
