// Base64 without line structure (RFC 4648 section 4). Lines of 76 columns are in base64-lines.ts.
import { Buffer } from 'node:buffer';
import { latin1, viewOf } from '../base/internal.ts';

/** The octets in base64, with padding and without line ends (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return viewOf(bytes).toString('base64');
}

/** The octets that base64 text stands for; never throws (RFC 2045 section 6.8). */
export function decodeBase64(text: string | Uint8Array): Uint8Array {
  return Buffer.from(typeof text === 'string' ? text : latin1(text), 'base64');
}
