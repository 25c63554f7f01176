// Reading encoded words (RFC 2047). Writing them is in encoded-word.ts.
import { concatBytes, latin1Bytes } from '../base/internal.ts';
import { decodeBase64 } from './base64.ts';
import { canonicalCharset, decodeCharset } from './charset.ts';

const WORD = /=\?([^?\s*]{1,64})(?:\*[^?\s]{0,64})?\?([BbQq])\?([^?]*)\?=/g;

function octets(encoding: string, payload: string): Uint8Array {
  if (encoding === 'B' || encoding === 'b') return decodeBase64(payload);
  return latin1Bytes(
    payload
      .replaceAll('_', ' ')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
  );
}

/** A header value with its encoded words decoded; `raw` holds one character for each octet. */
export function decodeWords(raw: string): string {
  let out = '';
  let at = 0;
  let charset = '';
  let pending: Uint8Array[] = [];
  const flush = (): void => {
    if (pending.length > 0) {
      out += decodeCharset(concatBytes(pending), charset, { keepByteOrderMark: true }).text;
    }
    pending = [];
  };
  const literal = (text: string): string =>
    decodeCharset(latin1Bytes(text), undefined, { keepByteOrderMark: true }).text;
  for (const match of raw.matchAll(WORD)) {
    const [word, label = '', encoding = '', payload = ''] = match;
    if (canonicalCharset(label) === undefined) continue;
    const between = raw.slice(at, match.index);
    const adjacent = pending.length > 0 && /^[ \t\r\n]*$/.test(between);
    if (!adjacent || charset !== label.toLowerCase()) flush();
    if (!adjacent) out += literal(between);
    charset = label.toLowerCase();
    pending.push(octets(encoding, payload));
    at = match.index + word.length;
  }
  flush();
  return out + literal(raw.slice(at));
}
