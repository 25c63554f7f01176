import { describe, expect, it } from 'vitest';
import { noCapabilities, readCapabilities } from '../../src/smtp/capabilities.ts';

describe('capabilities', () => {
  it('are typed', () => {
    const read = readCapabilities([
      'mail.example.com greets you',
      'SIZE 35882577',
      'pipelining',
      'CHUNKING',
      'BINARYMIME',
      '8BITMIME',
      'SMTPUTF8',
      'STARTTLS',
      'AUTH PLAIN login\tXOAUTH2',
      'AUTH=PLAIN CRAM-MD5',
      'DSN',
      'ENHANCEDSTATUSCODES',
      'REQUIRETLS',
      'DELIVERBY 240',
      'FUTURERELEASE 604800 2026-12-01T00:00:00Z',
      'MT-PRIORITY MIXER',
      'LIMITS RCPTMAX=20 rcptdomainmax=1 MAILMAX=0 NEWMAX=3 RCPTMAX',
      'X-VENDOR some thing ',
    ]);
    const { raw, ...typed } = read;
    expect(typed).toEqual({
      size: 35882577,
      pipelining: true,
      chunking: true,
      binaryMime: true,
      eightBitMime: true,
      smtputf8: true,
      starttls: true,
      auth: ['PLAIN', 'LOGIN', 'XOAUTH2', 'CRAM-MD5'],
      dsn: true,
      enhancedStatusCodes: true,
      requireTls: true,
      deliverBy: 240,
      futureRelease: { maxSeconds: 604800, maxDate: '2026-12-01T00:00:00Z' },
      mtPriority: true,
      limits: { mailMax: undefined, rcptMax: 20, rcptDomainMax: 1 },
      serverName: 'mail.example.com',
    });
    expect(raw.get('X-VENDOR')).toBe('some thing');
    expect(raw.get('AUTH')).toBe('PLAIN LOGIN XOAUTH2 CRAM-MD5');
  });

  it('are empty without EHLO', () => {
    const { raw, ...typed } = noCapabilities;
    expect(raw.size).toBe(0);
    expect(Object.values(typed).filter((value) => value !== false && value !== undefined)).toEqual([
      [],
      { mailMax: undefined, rcptMax: undefined, rcptDomainMax: undefined },
      '',
    ]);
  });

  it.each([
    ['SIZE', 0],
    ['SIZE 0', 0],
    ['SIZE 1000', 1000],
    ['SIZE -5', 0],
    ['SIZE 1e9', 0],
    ['SIZE 99999999999999999999', 0],
    ['SIZEX 5', undefined],
  ])('read %j as a size of %s', (line, size) => {
    expect(readCapabilities(['x', line]).size).toBe(size);
  });

  it('are not fooled by names that objects have', () => {
    const { raw, auth } = readCapabilities([
      'x',
      '__proto__ a',
      'constructor',
      'toString x',
      'AUTH __proto__',
    ]);
    // An underscore is not allowed in a keyword; the others are only keys of a Map.
    expect([...raw.keys()]).toEqual(['CONSTRUCTOR', 'TOSTRING', 'AUTH']);
    expect(auth).toEqual(['__PROTO__']);
  });

  it('ignore what is no keyword', () => {
    expect(readCapabilities(['x', '', ' SIZE 5', '-x', '250-SIZE 5', 'é']).raw.size).toBe(1);
  });

  it('keep the first of a keyword said twice', () => {
    expect(readCapabilities(['x', 'SIZE 5', 'SIZE 9']).size).toBe(5);
  });
});
