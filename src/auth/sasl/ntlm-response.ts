// The proof of NTLMv2 (MS-NLMP section 3.3.2). Only sums; no messages.
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

/** What the proof is made from. */
export interface NtlmV2Input {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  readonly serverChallenge: Uint8Array;
  readonly clientChallenge: Uint8Array;
  /** The server's attributes, as they came. */
  readonly targetInfo: Uint8Array;
  /** Eight octets of FILETIME. */
  readonly time: Uint8Array;
  /** Whether the time is the server's: then the messages are bound together by a MIC. */
  readonly isTimeFromServer: boolean;
}

/** The proof, and the key that a MIC is made with. */
export interface NtlmV2Response {
  /** LmChallengeResponse. */
  readonly lm: Uint8Array;
  /** NtChallengeResponse. */
  readonly nt: Uint8Array;
  /** SessionBaseKey, which is also the KeyExchangeKey. */
  readonly sessionKey: Uint8Array;
  /** Whether the AUTHENTICATE message has to have a MIC. */
  readonly hasMic: boolean;
}

/** NTOWFv2: the key that stands for user and password. */
export function ntlmV2Key(user: string, domain: string, password: string): Uint8Array {
  const hash = md4(utf16(password));
  // The user name in upper case, the domain as it is.
  return hmac(hash, utf16(user.toUpperCase() + domain));
}

/** The responses to the server's challenge. */
export function ntlmV2Response(input: NtlmV2Input): NtlmV2Response {
  const { user, domain, password, serverChallenge, clientChallenge, time } = input;
  const key = ntlmV2Key(user, domain, password);
  const targetInfo = input.isTimeFromServer ? withMicFlag(input.targetInfo) : input.targetInfo;
  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ]);
  const proof = hmac(key, Buffer.concat([serverChallenge, temp]));
  // MS-NLMP section 3.1.5.1.2: no LM response when the server gave the time.
  const lm = input.isTimeFromServer
    ? Buffer.alloc(24)
    : Buffer.concat([
        hmac(key, Buffer.concat([serverChallenge, clientChallenge])),
        clientChallenge,
      ]);
  return {
    lm,
    nt: Buffer.concat([proof, temp]),
    sessionKey: hmac(key, proof),
    hasMic: input.isTimeFromServer,
  };
}

/** A time as Windows counts it: in tenths of microseconds since 1601. */
export function windowsTime(unixMs: number): Uint8Array {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(unixMs)) + 11_644_473_600_000n) * 10_000n);
  return time;
}

/** UTF-16LE, as every string of NTLM is. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

// MsvAvFlags (MS-NLMP section 2.2.2.1) with the bit that says: there is a MIC. Before the end marker.
function withMicFlag(targetInfo: Uint8Array): Uint8Array {
  const end = targetInfo.length - 4;
  const hasEnd = end >= 0 && Buffer.from(targetInfo).readUInt32LE(end) === 0;
  const pairs = hasEnd ? targetInfo.subarray(0, end) : targetInfo;
  return Buffer.concat([pairs, Buffer.from([6, 0, 4, 0, 2, 0, 0, 0]), Buffer.alloc(4)]);
}

function hmac(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac('md5', key).update(bytes).digest();
}
