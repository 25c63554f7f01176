import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIpAddress, isLoopbackAddress, isLoopbackHost } from '../../src/net/index.ts';

describe('isIpAddress', () => {
  it.each([
    ...[
      '127.0.0.1',
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1%eth0',
      '2001:db8::8:800:200c:417a',
    ],
    ...['::ffff:192.0.2.1', '1:2:3:4:5:6:7:8', '1::', '::192.0.2.1', 'FE80::ABCD'],
  ])('%s is one', (text) => {
    expect(isIpAddress(text)).toBe(true);
    expect(isIP(text)).not.toBe(0);
  });

  it.each([
    ...[
      '',
      'localhost',
      '1',
      '1.2',
      '1.2.3',
      '256.0.0.1',
      '1.2.3.4.5',
      '01.2.3.4',
      '0x7f.1',
      '1.2.3.4 ',
      ' ::1',
    ],
    ...[
      ':',
      ':::',
      '1:2:3:4:5:6:7:8:9',
      '::1%',
      '[::1]',
      '1::2::3',
      'g::1',
      '12345::',
      '::1/64',
      '::1@x',
      '%eth0',
    ],
  ])('%j is none', (text) => {
    expect(isIpAddress(text)).toBe(false);
    expect(isIP(text)).toBe(0);
  });

  it('agrees with node:net on anything', () => {
    const piece = fc.constantFrom(
      ...'0159af:.%xg'.split(''),
      '::',
      '255',
      '256',
      'ffff',
      '127.0.0.1',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6(), fc.string()), (host) => {
        expect(isIpAddress(host)).toBe(isIP(host) !== 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('loopback', () => {
  it.each([...['127.0.0.1', '127.255.0.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1']])(
    '%s is',
    (text) => {
      expect(isLoopbackAddress(text)).toBe(true);
      expect(isLoopbackHost(text)).toBe(true);
    },
  );

  it.each([
    ...['128.0.0.1', '10.0.0.1', '::', '::2', '1::1', '::ffff:10.0.0.1', '127.1', ''],
    ...['localhost', '127.0.0.1.example'],
  ])('%j is no loopback address', (text) => {
    expect(isLoopbackAddress(text)).toBe(false);
  });

  it('of hosts may be names', () => {
    const names = ['localhost', 'LOCALHOST.', 'mail.localhost', 'notlocalhost', 'localhost.evil'];
    expect(names.map(isLoopbackHost)).toEqual([true, true, true, false, false]);
  });
});
