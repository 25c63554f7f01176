// Writing base64 without line structure (RFC 4648 section 4); lines of 76 columns are in base64-lines.ts.
import { viewOf } from '../base/internal.ts';

/** The octets in base64, with padding and without line ends (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return viewOf(bytes).toString('base64');
}
