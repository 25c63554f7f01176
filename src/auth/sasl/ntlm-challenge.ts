// The CHALLENGE message of NTLM (MS-NLMP section 2.2.1.2).
import { ProtocolError } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';

/** What the server says. */
export interface NtlmChallenge {
  /** Eight octets to answer. */
  readonly challenge: Uint8Array;
  /** What the server can do and wants. */
  readonly flags: number;
  /** Attributes of the server, as they came. */
  readonly targetInfo: Uint8Array;
  /** The server's clock as a FILETIME; `undefined` when it says none. */
  readonly time: Uint8Array | undefined;
}

const AV_EOL = 0;
const AV_TIMESTAMP = 7;

/** Reads the message. Throws `ProtocolError`. */
export function readChallenge(bytes: Uint8Array): NtlmChallenge {
  const message = viewOf(bytes);
  if (
    message.length < 32 ||
    message.toString('latin1', 0, 8) !== 'NTLMSSP\0' ||
    message.readUInt32LE(8) !== 2
  ) {
    throw noChallenge();
  }
  const targetInfo = message.length < 48 ? message.subarray(0, 0) : field(message, 40);
  return {
    challenge: message.subarray(24, 32),
    flags: message.readUInt32LE(20),
    targetInfo,
    time: timestampIn(targetInfo),
  };
}

// Length, space and offset (MS-NLMP section 2.2.1.2, 'Fields').
function field(message: Buffer, at: number): Buffer {
  const length = message.readUInt16LE(at);
  const start = message.readUInt32LE(at + 4);
  if (length === 0) return message.subarray(0, 0);
  if (start + length > message.length) throw noChallenge();
  return message.subarray(start, start + length);
}

// AV_PAIRs (MS-NLMP section 2.2.2.1): id, length, value; the last has the id 0.
function timestampIn(targetInfo: Buffer): Uint8Array | undefined {
  for (let at = 0; at + 4 <= targetInfo.length; ) {
    const id = targetInfo.readUInt16LE(at);
    const length = targetInfo.readUInt16LE(at + 2);
    if (id === AV_EOL) return undefined;
    if (at + 4 + length > targetInfo.length) throw noChallenge();
    if (id === AV_TIMESTAMP && length === 8) return targetInfo.subarray(at + 4, at + 12);
    at += 4 + length;
  }
  return undefined;
}

function noChallenge(): ProtocolError {
  return new ProtocolError('PROTOCOL_VIOLATION', 'In AUTH NTLM the server sent no message of it');
}
