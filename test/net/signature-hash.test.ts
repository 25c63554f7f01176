// The hash that a certificate was signed with: by made-up certificates that have nothing else in them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureHash } from '../../src/net/signature-hash.ts';

const element = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(content);
  const length =
    bytes.length < 0x80
      ? [bytes.length]
      : [0x82, Math.floor(bytes.length / 256), bytes.length % 256];
  return Buffer.concat([Buffer.of(tag, ...length), bytes]);
};
const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
const sequence = (...content: readonly Buffer[]): Buffer => element(0x30, ...content);
const certificate = (...algorithm: readonly Buffer[]): Buffer =>
  sequence(sequence(Buffer.alloc(300)), sequence(...algorithm), element(0x03, Buffer.alloc(70)));

describe('the hash of a signature', () => {
  it.each([
    ['2a864886f70d010104', 'sha256', 'MD5 with RSA'],
    ['2a864886f70d010105', 'sha256', 'SHA-1 with RSA'],
    ['2a864886f70d01010b', 'sha256', 'SHA-256 with RSA'],
    ['2a864886f70d01010c', 'sha384', 'SHA-384 with RSA'],
    ['2a864886f70d01010d', 'sha512', 'SHA-512 with RSA'],
    ['2a8648ce3d0401', 'sha256', 'SHA-1 with ECDSA'],
    ['2a8648ce3d040302', 'sha256', 'SHA-256 with ECDSA'],
    ['2a8648ce3d040303', 'sha384', 'SHA-384 with ECDSA'],
    ['2a8648ce3d040304', 'sha512', 'SHA-512 with ECDSA'],
    ['2b6570', undefined, 'Ed25519'],
    ['2b6571', undefined, 'Ed448'],
  ] as [string, string | undefined, string][])('%s is %s (%s)', (identifier, hash) => {
    expect(signatureHash(certificate(oid(identifier)))).toBe(hash);
    expect(signatureHash(certificate(oid(identifier), element(0x05)))).toBe(hash);
  });

  it('of RSASSA-PSS is among its parameters', () => {
    const pss = oid('2a864886f70d01010a');
    const named = (hash: string): Buffer => sequence(element(0xa0, sequence(oid(hash))));
    expect(signatureHash(certificate(pss, named('608648016503040202')))).toBe('sha384');
    expect(signatureHash(certificate(pss, named('608648016503040203')))).toBe('sha512');
    expect(signatureHash(certificate(pss, named('2b0e03021a')))).toBe('sha256');
    expect(signatureHash(certificate(pss, sequence()))).toBe('sha256');
    expect(signatureHash(certificate(pss, named('2a0304')))).toBeUndefined();
  });

  it('of anything else is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const hash = signatureHash(bytes);
        expect(hash === undefined || /^sha\d+$/.test(hash)).toBe(true);
      }),
      { numRuns: 300 },
    );
    const whole = certificate(oid('2a8648ce3d040302'));
    for (const end of [0, 1, 5, 100, whole.length - 80]) {
      expect(signatureHash(whole.subarray(0, end))).toBeUndefined();
    }
  });
});
