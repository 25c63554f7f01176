// Challenges of HTTP proxies, and the answers of RFC 7616.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChallenges } from '../../src/net/http-challenge.ts';
import { canDigest, digestAnswer } from '../../src/net/http-digest.ts';
import { expectLinear } from '../support/linear.ts';

describe('challenges', () => {
  const read = (...fields: string[]): [string, Record<string, string>][] =>
    readChallenges(fields).map(({ scheme, parameters }) => [
      scheme,
      Object.fromEntries(parameters),
    ]);

  it.each([
    ['Basic realm="x"', [['basic', { realm: 'x' }]]],
    ['Basic', [['basic', {}]]],
    [
      'Negotiate, NTLM',
      [
        ['negotiate', {}],
        ['ntlm', {}],
      ],
    ],
    [
      'Negotiate YIIB==, Basic realm=x',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Digest realm="a, \\"b\\"", nonce = "n" , qop="auth,auth-int", Basic realm="c"',
      [
        ['digest', { realm: 'a, "b"', nonce: 'n', qop: 'auth,auth-int' }],
        ['basic', { realm: 'c' }],
      ],
    ],
    ['Digest realm="a",REALM="b"', [['digest', { realm: 'a' }]]],
    ['Digest __proto__="a"', [['digest', Object.fromEntries([['__proto__', 'a']])]]],
    ['', []],
    ['"', []],
    ['=x', []],
  ] as [string, unknown][])('%s', (field, expected) => {
    expect(read(field)).toEqual(expected);
  });

  it('of several fields are all read', () => {
    expect(read('Digest nonce=1', 'Basic realm=2').map(([scheme]) => scheme)).toEqual([
      'digest',
      'basic',
    ]);
  });

  it('of any form are read in linear time', () => {
    fc.assert(fc.property(fc.string(), (field) => void readChallenges([field])));
    for (const piece of ['a ', 'a=b,', '"', 'a="', 'a=, ', ' ', 'x=']) {
      expectLinear((size) => void readChallenges([piece.repeat(size)]), 20_000);
    }
  });
});

describe('Digest', () => {
  const [md5, sha256] = readChallenges([
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  ]);
  const request = {
    method: 'GET',
    uri: '/dir/index.html',
    username: 'Mufasa',
    password: 'Circle of Life',
  };
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

  it('answers as RFC 7616 section 3.9.1 does', () => {
    if (!md5 || !sha256) throw new Error('both are there');
    expect(digestAnswer(md5, request, cnonce)).toContain(
      'response="8ca523f5e9506fed4657c9700eebdbec"',
    );
    expect(digestAnswer(sha256, request, cnonce)).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    );
    expect(digestAnswer(md5, request, cnonce)).toContain('qop=auth, nc=00000001, cnonce="f2/wE4q');
  });

  it('is for challenges that can be answered', () => {
    const can = (field: string): boolean[] => readChallenges([field]).map(canDigest);
    expect(can('Digest realm=x, nonce=y')).toEqual([true]);
    expect(can('Digest realm=x, nonce=y, algorithm=SHA-512-256, qop=auth')).toEqual([true]);
    expect(can('Digest realm=x, nonce=y, algorithm=MD5-sess')).toEqual([true]);
    expect(can('Digest realm=x')).toEqual([false]);
    expect(can('Digest nonce=y, algorithm=TOKEN')).toEqual([false]);
    expect(can('Digest nonce=y, qop=auth-int')).toEqual([false]);
  });

  it('can hide the user name and quote what must be', () => {
    const [challenge] = readChallenges(['Digest realm="a", nonce="b", userhash=true']);
    if (!challenge) throw new Error('it is there');
    const answer = digestAnswer(challenge, request);
    expect(answer).not.toContain('Mufasa');
    expect(answer).toMatch(/userhash=true$/);
    const [open] = readChallenges(['Digest realm="a", nonce="b"']);
    if (!open) throw new Error('it is there');
    expect(digestAnswer(open, { ...request, username: 'a"b\\' })).toContain('username="a\\"b\\\\"');
  });
});
