// What may be said about a proxy, in options and in the environment.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/base/index.ts';
import { type ProxyInput, proxySettings } from '../../src/net/index.ts';
import { isExcepted, proxyFromEnvironment } from '../../src/net/proxy-env.ts';

function refusal(input: unknown): OptionError {
  try {
    proxySettings(input as ProxyInput);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('It was expected to be refused');
}

describe('a proxy URL', () => {
  it.each([
    ['socks5://h', 'socks5', 'h', 1080, 'socks5://h:1080'],
    ['socks5h://h:9', 'socks5', 'h', 9, 'socks5://h:9'],
    ['socks://h', 'socks5', 'h', 1080, 'socks5://h:1080'],
    ['SOCKS4://127.0.0.1', 'socks4', '127.0.0.1', 1080, 'socks4://127.0.0.1:1080'],
    ['socks4a://h/', 'socks4a', 'h', 1080, 'socks4a://h:1080'],
    ['http://h', 'http', 'h', 80, 'http://h:80'],
    ['http://h:3128/', 'http', 'h', 3128, 'http://h:3128'],
    ['https://[::1]', 'https', '::1', 443, 'https://[::1]:443'],
    ['socks5://[2001:db8::1]:1', 'socks5', '2001:db8::1', 1, 'socks5://[2001:db8::1]:1'],
  ])('%s', (url, kind, host, port, shown) => {
    expect(proxySettings(url)).toEqual({
      kind,
      host,
      port,
      shown,
      credentials: undefined,
      tls: {},
    });
  });

  it('has its login decoded, and never shown', () => {
    const settings = proxySettings('socks5://an%40n:p%3Aw%25@h:1');
    expect(settings).toMatchObject({
      credentials: { username: 'an@n', password: 'p:w%' },
      shown: 'socks5://h:1',
    });
    expect(proxySettings('http://:x@h')).toMatchObject({
      credentials: { username: '', password: 'x' },
    });
    expect(proxySettings('env')).toBe('env');
  });

  const kinds =
    "must be the URL of a proxy, such as 'socks5://user:password@proxy.example:1080' or 'http://proxy.example:3128'; socks4:, socks4a:, socks5:, http: and https: are known";
  const after =
    "has something after host and port; write '#', '?', '/' and '@' in user name and password percent-encoded (%23, %3F, %2F, %40)";
  it.each([
    ['ftp://ann:hidden@h', kinds],
    ['hidden', kinds],
    ['', kinds],
    [undefined, kinds],
    ['socks5://ann:hidden@', kinds],
    ['http://ann:hid#den@h', kinds],
    ['socks5://ann@h/hidden', after],
    ['socks5://h?hidden', after],
    ['socks5://ann:hidden%@h', "has a '%' that begins no percent-encoded octet; write it as %25"],
    ['socks5://h:0', 'has port 0; give a port from 1 to 65535'],
    ['socks5://ann:hidden%0d%0a@h', 'has a line end or NUL in user name or password'],
    [
      `socks5://ann:${'x'.repeat(256)}@h`,
      'has a user name or password of more than 255 octets, which SOCKS has no room for',
    ],
    [
      'http://an%3An:hidden@h',
      'has a colon in the user name, which HTTP has no room for (RFC 7617 section 2)',
    ],
    [
      'socks4://ann:hidden@h',
      'has a password, which SOCKS4 has no room for; use socks5: or leave it out',
    ],
  ])('%j is refused without being repeated', (url, why) => {
    const text = refusal({ url }).message;
    expect(text).toBe(`Option 'proxy.url' ${why}`);
    expect(text).not.toContain('hidden');
  });

  it('stands alone or with TLS options that exist', () => {
    const tls = { servername: 'proxy.example' };
    expect(proxySettings({ url: 'https://h', tls })).toMatchObject({ kind: 'https', tls });
    expect(refusal({ url: 'http://h', user: 'x' }).message).toBe(
      "There is no option 'proxy.user'; proxy has url, tls",
    );
    expect(refusal({ url: 'https://h', tls: { secure: true } }).message).toMatch(
      /^There is no option 'proxy\.tls\.secure'; proxy\.tls has ca, /,
    );
  });
});

describe('the environment', () => {
  const to = { host: 'mail.example.com', port: 587 };
  const shown = (environment: Record<string, string>): string | undefined =>
    proxyFromEnvironment(to, environment)?.shown;

  it('names the proxy in ALL_PROXY, lower case first', () => {
    expect(shown({})).toBeUndefined();
    expect(shown({ ALL_PROXY: '' })).toBeUndefined();
    expect(shown({ ALL_PROXY: ' socks5://a ' })).toBe('socks5://a:1080');
    expect(shown({ ALL_PROXY: 'socks5://a', all_proxy: 'http://b' })).toBe('http://b:80');
    expect(shown({ all_proxy: 'b:3128' })).toBe('http://b:3128');
    expect(shown({ HTTPS_PROXY: 'http://c', HTTP_PROXY: 'http://d' })).toBeUndefined();
  });

  it('may except the server', () => {
    expect(shown({ ALL_PROXY: 'http://a', NO_PROXY: 'example.com' })).toBeUndefined();
    expect(shown({ ALL_PROXY: 'http://a', no_proxy: 'x', NO_PROXY: '*' })).toBe('http://a:80');
  });

  it('is told when it names no proxy, without its password', () => {
    const broken = { ALL_PROXY: 'gopher://ann:hidden@h' };
    expect(() => proxyFromEnvironment(to, broken)).toThrow(
      /^Variable ALL_PROXY must be the URL of a proxy, such as /,
    );
    expect(() => proxyFromEnvironment(to, broken)).not.toThrow(/hidden/);
  });

  it.each([
    ...['*', 'mail.example.com', 'EXAMPLE.com', '.example.com', '*.example.com', 'com'],
    ...['a, b , example.com.', 'x example.com', 'example.com:587', '*:587'],
  ])('NO_PROXY=%s excepts a name', (noProxy) => {
    expect(isExcepted(to, noProxy)).toBe(true);
  });

  it.each([
    '',
    ',',
    '.',
    'ample.com',
    'mail.example.com.org',
    'example.com:25',
    'l.example.com',
    '10.0.0.0/8',
  ])('NO_PROXY=%s does not', (noProxy) => {
    expect(isExcepted(to, noProxy)).toBe(false);
  });

  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.3:587', true],
    ['10.1.2.3', '10.1.2.3:25', false],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '3', false],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['10.1.2.3', '10.0.0.0/x', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db8::1', '2001:0db8:0::1', true],
    ['2001:db8::1', '[2001:db8::1]:587', true],
    ['2001:db8::1', '[2001:db8::1]:25', false],
    ['2001:db9::1', '2001:db8::/32', false],
    ['fe80::1%eth0', 'fe80::/10', true],
  ])('address %s with NO_PROXY=%s: %s', (host, noProxy, expected) => {
    expect(isExcepted({ host, port: 587 }, noProxy)).toBe(expected);
  });

  it('with anything in NO_PROXY makes no error', () => {
    const host = fc.constantFrom('mail.example.com', '10.1.2.3', '::1');
    fc.assert(
      fc.property(host, fc.string(), (name, noProxy) => {
        expect(typeof isExcepted({ host: name, port: 25 }, noProxy)).toBe('boolean');
      }),
      { numRuns: 200 },
    );
  });
});
