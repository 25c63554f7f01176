import { describe, expect, it } from 'vitest';
import { NtlmMechanism } from '../../src/auth/index.ts';
import { md4 } from '../../src/auth/sasl/md4.ts';
import { ntlmV2Key, ntlmV2Response, windowsTime } from '../../src/auth/sasl/ntlm-response.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const octets = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('MD4', () => {
  // RFC 1320 appendix A.5.
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    [
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
      '043f8582f241db351ce627e153e7f0e4',
    ],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('of %j', (text, digest) => {
    expect(hex(md4(Buffer.from(text)))).toBe(digest);
  });
});

// MS-NLMP section 4.2.
const serverChallenge = octets('0123456789abcdef');
const clientChallenge = Buffer.alloc(8, 0xaa);
const targetInfo = octets(
  '02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000',
);

describe('NTLMv2', () => {
  const input = {
    user: 'User',
    domain: 'Domain',
    password: 'Password',
    serverChallenge,
    clientChallenge,
    targetInfo,
    time: Buffer.alloc(8),
    isTimeFromServer: false,
  };

  it('has the keys of MS-NLMP section 4.2.4', () => {
    expect(hex(md4(Buffer.from('Password', 'utf16le')))).toBe('a4f49c406510bdcab6824ee7c30fd852');
    expect(hex(ntlmV2Key('User', 'Domain', 'Password'))).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
    const { lm, nt, sessionKey, hasMic } = ntlmV2Response(input);
    expect(hex(lm)).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(hex(nt.subarray(0, 16))).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(hex(nt.subarray(16))).toBe(
      `01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000${hex(targetInfo)}00000000`,
    );
    expect(hex(sessionKey)).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
    expect(hasMic).toBe(false);
  });

  it('counts time as Windows does', () => {
    expect(hex(windowsTime(0))).toBe('00803ed5deb19d01');
  });

  it('binds the messages together when the server gives the time', () => {
    const { lm, nt, hasMic } = ntlmV2Response({ ...input, isTimeFromServer: true });
    expect(hasMic).toBe(true);
    expect(hex(lm)).toBe('00'.repeat(24));
    // MsvAvFlags 2 before the end of the list.
    expect(hex(nt)).toContain('0600040002000000' + '00000000' + '00000000');
  });
});

function challengeMessage(info: Uint8Array = targetInfo): Buffer {
  const header = Buffer.alloc(56);
  header.write('NTLMSSP\0', 'latin1');
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(0x00a88205, 20);
  serverChallenge.copy(header, 24);
  header.writeUInt16LE(info.length, 40);
  header.writeUInt16LE(info.length, 42);
  header.writeUInt32LE(56, 44);
  return Buffer.concat([header, info]);
}

describe('NTLM', () => {
  const credentials = { username: 'Domain\\User', password: 'Password', clientChallenge };
  const field = (message: Uint8Array, at: number): Buffer => {
    const view = Buffer.from(message);
    const start = view.readUInt32LE(at + 4);
    return view.subarray(start, start + view.readUInt16LE(at));
  };

  it('says hello, then proves', () => {
    const mechanism = new NtlmMechanism(credentials);
    const hello = Buffer.from(mechanism.start());
    expect(hello.toString('latin1', 0, 8)).toBe('NTLMSSP\0');
    expect(hello.readUInt32LE(8)).toBe(1);
    const proof = Buffer.from(mechanism.next(challengeMessage()));
    expect(proof.readUInt32LE(8)).toBe(3);
    expect(field(proof, 28).toString('utf16le')).toBe('Domain');
    expect(field(proof, 36).toString('utf16le')).toBe('User');
    expect(field(proof, 20).length).toBe(16 + 28 + targetInfo.length + 4);
    expect(hex(proof.subarray(72, 88))).toBe('00'.repeat(16));
    expect(() => mechanism.next(challengeMessage())).toThrow(
      'The server asks for more than AUTH NTLM has',
    );
  });

  it('keeps a user principal name whole, and signs when the server gives the time', () => {
    const mechanism = new NtlmMechanism({ ...credentials, username: 'user@example.com' });
    mechanism.start();
    const info = Buffer.concat([octets('070008000102030405060708'), targetInfo]);
    const proof = Buffer.from(mechanism.next(challengeMessage(info)));
    expect(field(proof, 36).toString('utf16le')).toBe('user@example.com');
    expect(field(proof, 28).length).toBe(0);
    expect(hex(field(proof, 20))).toContain('0102030405060708aaaaaaaaaaaaaaaa');
    expect(hex(proof.subarray(72, 88))).not.toBe('00'.repeat(16));
  });

  it('reads no message that is cut or lies about its lengths', () => {
    const whole = challengeMessage();
    const lying = challengeMessage(octets('0200ffff4400'));
    const wild = challengeMessage();
    wild.writeUInt32LE(0xffffffff, 44);
    const cuts = Array.from(whole, (_, i) => whole.subarray(0, i)).filter(
      ({ length }) => length < 32 || length >= 48,
    );
    for (const message of [...cuts, lying, wild, Buffer.alloc(40)]) {
      const mechanism = new NtlmMechanism(credentials);
      expect(() => mechanism.next(message)).toThrow(
        expect.objectContaining({
          code: 'PROTOCOL_VIOLATION',
          message: 'In AUTH NTLM the server sent no message of it',
        }),
      );
    }
  });
});
