import { describe, expect, it } from 'vitest';
import { mechanismNames } from '../../src/auth/index.ts';
import { candidates } from '../../src/smtp/candidates.ts';
import { isClientName } from '../../src/smtp/client-name.ts';
import { defaultClientName } from '../../src/smtp/default-client-name.ts';
import type { SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { parseSmtpUrl } from '../../src/smtp/index.ts';
import { connectionSettings } from '../../src/smtp/internal.ts';
import { optionRules } from '../../src/smtp/option-table.ts';
import { queueIdOf } from '../../src/smtp/queue-id.ts';

function complaint(work: () => unknown): { code: string; option: string; message: string } {
  try {
    work();
  } catch (error) {
    const { code, option, message } = error as { code: string; option: string; message: string };
    return { code, option, message };
  }
  throw new Error('It was expected to fail');
}

const settingsOf = (options: object): ReturnType<typeof connectionSettings> =>
  connectionSettings(options as SmtpConnectionOptions);

describe('options', () => {
  it('have the defaults of the documents', () => {
    expect(settingsOf({ host: 'smtp.example.com' })).toEqual({
      host: 'smtp.example.com',
      port: undefined,
      security: 'auto-tls',
      protocol: 'smtp',
      credentials: undefined,
      dangerouslyAllowPlaintextAuth: 'loopback',
      tls: {},
      socketPath: undefined,
      connect: undefined,
      localAddress: undefined,
      clientName: undefined,
      proxy: undefined,
      pipelining: 'auto',
      chunking: 'auto',
      manners: expect.anything(),
      timeoutsMs: {
        dns: 10_000,
        connect: 10_000,
        greeting: 10_000,
        tls: 10_000,
        auth: 30_000,
        command: 60_000,
        data: 180_000,
        finalReply: 600_000,
        discovery: 30_000,
        idle: 30_000,
      },
      onEvent: undefined,
    });
  });

  it('change one time and keep the others', () => {
    const { timeoutsMs } = settingsOf({
      host: 'x',
      timeoutsMs: { command: Infinity, dns: undefined },
    });
    expect(timeoutsMs).toMatchObject({ command: Infinity, dns: 10_000, finalReply: 600_000 });
  });

  it('map a host name once', () => {
    expect(settingsOf({ host: 'Bücher.example' }).host).toBe('xn--bcher-kva.example');
    expect(settingsOf({ host: 'my_container' }).host).toBe('my_container');
    expect(settingsOf({ host: '::1' }).host).toBe('::1');
    expect(settingsOf({ host: 'fe80::1%eth0' }).host).toBe('fe80::1%eth0');
  });

  it.each([
    [{}, 'host', "Option 'host' must be given: the name of the mail server"],
    [{ host: '' }, 'host', "Option 'host' must be a host name or an IP address, got ''"],
    [{ host: 'a b' }, 'host', "Option 'host' must be a host name or an IP address, got 'a b'"],
    [
      { host: 'smtps://ann:secret@x' },
      'host',
      "Option 'host' must be a host name alone, such as 'smtp.example.com'; a URL with user and password is given in place of all options",
    ],
    [
      { host: 'ann:secret@x' },
      'host',
      "Option 'host' must be a host name alone, such as 'smtp.example.com'; a URL with user and password is given in place of all options",
    ],
    [
      { host: 'x\r\ny' },
      'host',
      "Option 'host' must be a host name or an IP address, got 'x\\u{d}\\u{a}y'",
    ],
    [{ host: 'x', port: 0 }, 'port', "Option 'port' must be an integer from 1 to 65535, got 0"],
    [
      { host: 'x', port: '25' },
      'port',
      "Option 'port' must be an integer from 1 to 65535, got '25'",
    ],
    [
      { host: 'x', port: 65536 },
      'port',
      "Option 'port' must be an integer from 1 to 65535, got 65536",
    ],
    [
      { host: 'x', security: 'ssl' },
      'security',
      "Option 'security' must be 'auto-tls', 'auto', 'implicit', 'starttls', 'starttls-if-offered', 'none', got 'ssl'",
    ],
    [
      { host: 'x', username: 'ann' },
      'password',
      "Option 'password' must be given too: a login needs both username and password (or tokenProvider)",
    ],
    [
      { host: 'x', password: 'sesame' },
      'username',
      "Option 'username' must be given too: a login needs both username and password",
    ],
    [
      { host: 'x', username: 'ann', password: 5 },
      'password',
      "Option 'password' must be a string, got number",
    ],
    [
      { host: 'x', username: 'a\0b', password: 'c' },
      'username',
      "Option 'username' must be a string that is not empty, got string",
    ],
    [
      { host: 'x', username: 'ann', password: 'ses\0ame' },
      'password',
      "Option 'password' must not hold NUL characters",
    ],
    [
      { host: 'x', authMechanisms: ['FOO'] },
      'authMechanisms',
      `Option 'authMechanisms' must be a list of ${mechanismNames.map((name) => `'${name}'`).join(', ')}, or of mechanisms of your own, got object`,
    ],
    [
      { host: 'x', dangerouslyAllowPlaintextAuth: 'yes' },
      'dangerouslyAllowPlaintextAuth',
      "Option 'dangerouslyAllowPlaintextAuth' must be 'loopback', false or true, got 'yes'",
    ],
    [
      { host: 'x', timeoutsMs: { connect: -1 } },
      'timeoutsMs.connect',
      "Option 'timeoutsMs.connect' must be milliseconds above 0, got -1",
    ],
    [
      { host: 'x', timeoutsMs: { socket: 5 } },
      'timeoutsMs.socket',
      "Option 'timeoutsMs.socket' does not exist; timeoutsMs has dns, connect, greeting, tls, auth, command, data, finalReply, discovery, idle",
    ],
    [
      { host: 'x', clientName: 'me\r\nMAIL' },
      'clientName',
      "Option 'clientName' must be a domain name or an address literal such as '[192.0.2.1]' or '[IPv6:2001:db8::1]', got 'me\\u{d}\\u{a}MAIL'",
    ],
    [
      { host: 'x', localAddress: 'eth0' },
      'localAddress',
      "Option 'localAddress' must be an IP address, got 'eth0'",
    ],
    [
      { host: 'x', secure: true },
      'secure',
      "There is no option 'secure'; write security: 'implicit' for true, security: 'starttls' for false",
    ],
    [
      { host: 'x', auth: { user: 'a', pass: 'sesame' } },
      'auth',
      "There is no option 'auth'; write username and password",
    ],
    [
      { host: 'x', hots: 1 },
      'hots',
      `There is no option 'hots'; the options are ${[...optionRules.keys()].join(', ')}`,
    ],
  ])('refuse %j', (options, option, message) => {
    expect(complaint(() => settingsOf(options))).toEqual({
      code: 'OPTION_INVALID',
      option,
      message,
    });
  });

  it('let the caller check members of its own', () => {
    expect(connectionSettings({ host: 'x', connections: 5 } as object, ['connections']).host).toBe(
      'x',
    );
  });
});

describe('candidates', () => {
  const ways = (host: string, security: string, port?: number, socketPath?: string): string =>
    candidates({ host, security: security as 'auto', port, socketPath, protocol: 'smtp' })
      .rounds.map((round) => round.map(({ port: p, mode }) => `${p} ${mode}`).join(', '))
      .join('; ');

  it.each([
    [
      'mail.example',
      'auto-tls',
      undefined,
      '465 implicit, 587 starttls, 25 starttls, 2525 starttls',
    ],
    [
      'mail.example',
      'auto',
      undefined,
      '465 implicit, 587 starttls, 25 starttls, 2525 starttls; 587 none, 25 none, 2525 none',
    ],
    [
      'localhost',
      'auto-tls',
      undefined,
      '465 implicit, 587 starttls-if-offered, 25 starttls-if-offered, 2525 starttls-if-offered',
    ],
    ['mail.example', 'auto-tls', 465, '465 implicit, 465 starttls'],
    ['mail.example', 'auto-tls', 2500, '2500 starttls, 2500 implicit'],
    ['mail.example', 'auto', 2500, '2500 starttls-if-offered, 2500 implicit; 2500 none'],
    ['127.0.0.2', 'auto-tls', 2500, '2500 starttls-if-offered, 2500 implicit'],
    ['127.0.0.2', 'auto', 2500, '2500 starttls-if-offered, 2500 implicit'],
    ['::1', 'auto-tls', 2500, '2500 starttls-if-offered, 2500 implicit'],
    ['localhost.example', 'auto-tls', 2500, '2500 starttls, 2500 implicit'],
    ['mail.example', 'implicit', undefined, '465 implicit'],
    ['mail.example', 'implicit', 9, '9 implicit'],
    ['mail.example', 'starttls', undefined, '587 starttls'],
    [
      'mail.example',
      'starttls-if-offered',
      undefined,
      '587 starttls-if-offered, 25 starttls-if-offered',
    ],
    ['mail.example', 'starttls-if-offered', 26, '26 starttls-if-offered'],
    ['mail.example', 'none', undefined, '25 none'],
  ])('of %s with %s and port %s are %s', (host, security, port, expected) => {
    expect(ways(host, security, port)).toBe(expected);
  });

  it('are one for a Unix socket', () => {
    expect(ways('mail.example', 'auto-tls', undefined, '/run/smtp')).toBe('0 starttls-if-offered');
  });
});

describe('the URL form', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example' }],
    ['smtp://mail.example:2525/', { host: 'mail.example', port: 2525 }],
    ['smtps://mail.example', { host: 'mail.example', security: 'implicit' }],
    ['smtp://[::1]:25', { host: '::1', port: 25 }],
    [
      'smtps://ann%40example.com:p%40ss%2Fw%3Ard%25@mail.example:465',
      {
        host: 'mail.example',
        port: 465,
        security: 'implicit',
        username: 'ann@example.com',
        password: 'p@ss/w:rd%',
      },
    ],
    [
      'smtp://mail.example:587?security=starttls',
      { host: 'mail.example', port: 587, security: 'starttls' },
    ],
    [
      'smtp://mail.example?clientName=me.example&authMechanisms=login,plain',
      { host: 'mail.example', clientName: 'me.example', authMechanisms: ['LOGIN', 'PLAIN'] },
    ],
    ['smtp://b%C3%BCcher.example', { host: 'bücher.example' }],
  ])('reads %s', (url, options) => {
    expect(parseSmtpUrl(url)).toEqual(options);
  });

  it.each([
    ['', 'must have the form'],
    ['mail.example', 'must have the form'],
    ['http://mail.example', 'must have the form'],
    ['smtp://', 'must have the form'],
    ['smtp://ann:ses/ame@mail.example', 'must have the form'],
    ['smtp://ann:1#sesame@mail.example', 'has something after host and port; write'],
    ['smtp://ann:1?sesame@mail.example', 'has something after host and port; write'],
    ['smtp://ann:1/sesame@mail.example', 'has something after host and port; write'],
    [
      'smtp://ann:ses%ame@mail.example',
      "has a '%' that begins no percent-encoded octet; write it as %25",
    ],
    [
      'smtp://mail.example?secure=true',
      "has 'secure' in its query; known are security, clientName",
    ],
    [
      'smtp://mail.example?security=none&security=none',
      "has 'security' in its query more than once",
    ],
    ['smtps://mail.example?security=none', 'says both smtps: and ?security='],
  ])('refuses %j without repeating a password', (url, message) => {
    const error = complaint(() => parseSmtpUrl(url));
    expect(error).toMatchObject({ code: 'OPTION_INVALID', option: 'url' });
    expect(error.message).toContain(`The server URL ${message}`);
    expect(error.message).not.toMatch(/ses|ame@/);
  });

  it('leaves values to the check of options', () => {
    const options = parseSmtpUrl('smtp://mail.example?security=ssl');
    expect(complaint(() => connectionSettings(options)).option).toBe('security');
  });
});

describe('the client name', () => {
  it.each([
    ['host.example.com', '192.0.2.1', 'host.example.com'],
    ['Host-1.Example.com', undefined, 'Host-1.Example.com'],
    ['laptop', '192.0.2.1', '[192.0.2.1]'],
    ['laptop', '2001:db8::1', '[IPv6:2001:db8::1]'],
    ['laptop', 'fe80::1%eth0', '[IPv6:fe80::1]'],
    ['laptop', undefined, '[127.0.0.1]'],
    ['laptop', '::ffff:192.0.2.1', '[192.0.2.1]'],
    ['my_laptop.local', '192.0.2.1', '[192.0.2.1]'],
    ['anns-laptop.local', '192.0.2.1', '[192.0.2.1]'],
    ['localhost.localdomain', '192.0.2.1', '[192.0.2.1]'],
    ['-host.example.com', '192.0.2.1', '[192.0.2.1]'],
    ['10.0.0.1', '192.0.2.1', '[192.0.2.1]'],
    ['a..b', '192.0.2.1', '[192.0.2.1]'],
    ['x.example\r\nMAIL', '192.0.2.1', '[192.0.2.1]'],
    ['', '192.0.2.1', '[192.0.2.1]'],
  ])('of machine %j at %s is %s', (machine, address, name) => {
    expect(defaultClientName(address, machine)).toBe(name);
  });
});

describe('a client name that is given', () => {
  it.each([
    'client',
    'client.example.com',
    'my_host.example',
    '[192.0.2.1]',
    '[IPv6:2001:db8::1]',
    '[ipv6:::1]',
    '[X-Tag:whatever]',
  ])('may be %s', (name) => {
    expect(isClientName(name)).toBe(true);
  });

  it.each([
    '',
    '192.0.2.1',
    '2001:db8::1',
    '[2001:db8::1]',
    '[fe80::1]',
    '[IPv6:192.0.2.1]',
    '[IPv6:fe80::1%eth0]',
    '[192.0.2.256]',
    '[client]',
    '[]',
    'client.',
    'a..b',
    '-a.example',
    'a-.example',
    'two words',
    'x\r\nMAIL',
    'bücher.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(128)}b`,
    7,
  ])('may not be %j', (name) => {
    expect(isClientName(name)).toBe(false);
  });
});

describe('the queue number', () => {
  it.each([
    ['Ok: queued as 4X1Y2Z', '4X1Y2Z'],
    ['Ok: queued as 4bGx7d2ZJ8z1', '4bGx7d2ZJ8z1'],
    ['OK id=1rABcd-000abc-01', '1rABcd-000abc-01'],
    ['<a@b> [InternalId=123, Hostname=x] Queued mail for delivery', '123'],
    ['OK  1700000000 a12-20020a0564sor.1 - gsmtp', 'a12-20020a0564sor.1'],
    ['5e3b8f1a Message accepted for delivery', '5e3b8f1a'],
    ['ok 1700000000 qp 12345', '12345'],
    ['Ok 0100018b1234abcd-12ab-000000', '0100018b1234abcd-12ab-000000'],
    ['Ok', undefined],
    ['Message received', undefined],
    ['Thank you for your message', undefined],
  ])('in %j is %s', (text, id) => {
    expect(queueIdOf({ code: 250, enhanced: undefined, lines: [text] })).toBe(id);
  });
});
