import { describe, expect, it } from 'vitest';
import { saslprep } from '../../src/auth/index.ts';

describe('SASLprep', () => {
  // RFC 4013 section 3, then each table.
  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['', ''],
    ['a\u00a0b\u3000c', 'a b c'],
    ['a\u200bb', 'a b'],
    ['a\u1806\ufe0fb', 'ab'],
    ['pa\u0308ss', 'p\u00e4ss'],
    ['\u0627\u0644', '\u0627\u0644'],
    ['\u06271\u0628', '\u06271\u0628'],
    ['\ufb01', 'fi'],
    ['p s"w\\o=r,d\u20ac', 'p s"w\\o=r,d\u20ac'],
    ['\u{1d400}', 'A'],
  ])('makes %j %j', (given, prepared) => {
    expect(saslprep(given, 'password')).toBe(prepared);
    expect(saslprep(prepared, 'password')).toBe(prepared);
  });

  it.each([
    ['\u0007', 'a character that'],
    ['a\u007fb', 'a character that'],
    ['\u0000', 'a character that'],
    ['\u0085', 'a character that'],
    ['\ue000', 'a character that'],
    ['\ud800', 'a character that'],
    ['\ufffd', 'a character that'],
    ['\u2028', 'a character that'],
    ['\u{e0001}', 'a character that'],
    ['\u{10fffd}', 'a character that'],
    ['\u{1f600}', 'a character newer than Unicode 3.2, which'],
    ['\u0221', 'a character newer than Unicode 3.2, which'],
    ['\u06271', 'a mixture of writing directions, which'],
    ['1\u0627', 'a mixture of writing directions, which'],
    ['\u0627a\u0628', 'a mixture of writing directions, which'],
  ])('refuses %j', (given, what) => {
    expect(() => saslprep(given, 'password')).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        option: 'password',
        message: `Option 'password' holds ${what} this mechanism can't carry (RFC 4013)`,
      }),
    );
  });
});
