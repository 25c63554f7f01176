// The messages of SCRAM (RFC 5802 section 7): attributes with a letter, divided by commas.
import { Buffer } from 'node:buffer';
import { ProtocolError } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';

// What each message of the server begins with; attributes we don't know may follow (RFC 5802 section 5.1).
const FORMS: readonly RegExp[] = [
  /^r=[\x21-\x2b\x2d-\x7e]+,s=[^,]*,i=[1-9][0-9]{0,9}(?:,[a-zA-Z]=[^,]*)*$/,
  /^v=[^,]*(?:,[a-zA-Z]=[^,]*)*$/,
  /^e=[^,]*(?:,[a-zA-Z]=[^,]*)*$/,
];

/** The attributes by letter. Throws `ProtocolError` for anything but one of the server's messages. */
export function readScramMessage(
  bytes: Uint8Array,
  mechanism: string,
): ReadonlyMap<string, string> {
  const text = viewOf(bytes).toString('utf8');
  const parts = text.split(',');
  const attributes = new Map(parts.map((part) => [part.slice(0, 1), part.slice(2)]));
  if (FORMS.some((form) => form.test(text)) && attributes.size === parts.length) return attributes;
  // An 'm' in front means an extension that must be understood, and there is none (RFC 5802 section 5.1).
  const what = text.startsWith('m=')
    ? 'wants an extension that nobody knows'
    : 'sent no message of it';
  throw new ProtocolError('PROTOCOL_VIOLATION', `In AUTH ${mechanism} the server ${what}`);
}

/** The octets of base64 as RFC 4648 writes it; `undefined` for anything else. */
export function strictBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
