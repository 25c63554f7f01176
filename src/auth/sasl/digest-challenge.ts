// The messages of DIGEST-MD5 (RFC 2831 section 2.1.1): name=value or name="value", divided by commas.
import { ProtocolError } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';

const LONGEST = 2048;
const DIRECTIVE =
  /[ \t\r\n,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))[ \t\r\n]*(?=,|$)/sy;

/** Every directive by its name in lower case; of a repeated one all values, in order. Throws `ProtocolError`. */
export function readDirectives(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const text = viewOf(bytes).toString('utf8');
  const directives = new Map<string, string[]>();
  // RFC 2831 section 2.1.1: a challenge is shorter than 2048 octets.
  let isWhole = bytes.length <= LONGEST;
  for (let at = 0; isWhole && at < text.length && !/^[ \t\r\n,]*$/.test(text.slice(at)); ) {
    DIRECTIVE.lastIndex = at;
    const match = DIRECTIVE.exec(text);
    isWhole = match !== null;
    if (!match) break;
    at = DIRECTIVE.lastIndex;
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2]?.replace(/\\(.)/gs, '$1') ?? match[3] ?? '';
    directives.set(name, [...(directives.get(name) ?? []), value]);
  }
  if (isWhole && directives.size > 0) return directives;
  throw new ProtocolError(
    'PROTOCOL_VIOLATION',
    'In AUTH DIGEST-MD5 the server sent no message of it',
  );
}

/** A value between quotes. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
