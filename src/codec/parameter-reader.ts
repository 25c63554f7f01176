// Reading structured header values with parameters (RFC 2045 section 5.1, RFC 2231), leniently.
import { latin1Bytes } from '../base/internal.ts';
import { decodeCharset } from './charset.ts';
import { decodeWords } from './encoded-word-reader.ts';

/** A header value such as Content-Type or Content-Disposition, taken apart. */
export interface ParameterizedValue {
  /** What stands before the first `;`, without comments; case as written. */
  readonly value: string;
  /** The parameters, names in lower case, values decoded. */
  readonly parameters: Map<string, string>;
}

/** Takes a value with parameters apart; `raw` is unfolded and holds one character for each octet. */
export function decodeParameters(raw: string): ParameterizedValue {
  const parameters = new Map<string, string>();
  const [value = '', ...rest] = raw.split(';');
  for (const item of rest) {
    const equals = item.indexOf('=');
    if (equals < 0) continue;
    const name = item.slice(0, equals).trim().toLowerCase();
    const text = item.slice(equals + 1).trim();
    if (name.endsWith('*')) {
      const [charset = '', , ...data] = text.split("'");
      const octets = data
        .join("'")
        .replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
          String.fromCharCode(Number.parseInt(code, 16)),
        );
      parameters.set(name.slice(0, -1), decodeCharset(latin1Bytes(octets), charset).text);
    } else if (!parameters.has(name)) {
      const plain = text.startsWith('"')
        ? text.slice(1, text.endsWith('"') ? -1 : undefined).replace(/\\(.)/g, '$1')
        : text;
      parameters.set(name, decodeWords(plain));
    }
  }
  return { value: value.trim(), parameters };
}
