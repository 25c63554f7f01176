// Messages inside messages (message/rfc822): only 7bit and 8bit are allowed for them (RFC 2046 section 5.2.1).
import { isAsciiBytes } from '../../base/internal.ts';
import { encodeBase64Lines } from '../../codec/internal.ts';
import type { EncodedBody } from './leaf-encoding.ts';
import { hasOnlyCrlf, linesFit } from './line-ends.ts';

/** The message as it is when it can travel so. */
export function encodeEmbedded(bytes: Uint8Array, eightBit: boolean): EncodedBody {
  const isAscii = isAsciiBytes(bytes);
  if ((isAscii || eightBit) && hasOnlyCrlf(bytes) && linesFit(bytes) && !bytes.includes(0)) {
    return { encoding: isAscii ? '7bit' : '8bit', content: bytes };
  }
  return { encoding: 'base64', content: encodeBase64Lines(bytes) };
}
