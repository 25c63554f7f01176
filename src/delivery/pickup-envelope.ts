// The envelope of a message in a pickup directory: as header fields before the message, or as JSON beside it.
import { FormatError, printable } from '../base/index.ts';
import { latin1, latin1Bytes, utf8Bytes, viewOf } from '../base/internal.ts';
import type { SmtpEnvelope } from '../smtp/index.ts';

/** Who a message in a pickup directory is from and for. */
export interface PickupEnvelope {
  /** The reverse path; `''` for none. */
  readonly from: string;
  /** The recipients. */
  readonly to: readonly string[];
}

/** The fields that the pickup services of Windows read: sender, then each recipient. */
export function envelopeFields({ from, to }: SmtpEnvelope): Uint8Array {
  const lines = [`X-Sender: ${from || '<>'}`, ...to.map((address) => `X-Receiver: ${address}`)];
  return utf8Bytes(`${lines.join('\r\n')}\r\n`);
}

/** The same as JSON. */
export function envelopeJson({ from, to }: SmtpEnvelope): Uint8Array {
  return utf8Bytes(`${JSON.stringify({ from, to })}\n`);
}

const FIELD = /^X-(Sender|Receiver)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|\n|\r)/i;

/** The envelope at the beginning of `bytes`, and where the message begins. */
export function readEnvelopeFields(
  bytes: Uint8Array,
  name: string,
): { readonly envelope: PickupEnvelope; readonly length: number } {
  const text = latin1(bytes);
  let from: string | undefined;
  const to: string[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\n', at);
    const line = text.slice(at, lineEnd === -1 ? text.length : lineEnd + 1);
    const found = FIELD.exec(line);
    if (!found) break;
    const value = viewOf(latin1Bytes(found[2] ?? '')).toString('utf8');
    const address = value.replace(/^<(.*)>$/, '$1');
    if ((found[1] ?? '').toLowerCase() === 'sender') from ??= address;
    else to.push(address);
    at += line.length;
  }
  if (from === undefined || to.length === 0) {
    throw broken(name, 'does not begin with X-Sender and X-Receiver', at);
  }
  return { envelope: { from, to }, length: at };
}

/** The envelope in a file of its own. */
export function readEnvelopeJson(bytes: Uint8Array, name: string): PickupEnvelope {
  try {
    const { from, to } = JSON.parse(viewOf(bytes).toString('utf8')) as Record<string, unknown>;
    if (typeof from === 'string' && Array.isArray(to) && to.length > 0 && to.every(isText)) {
      return { from, to };
    }
  } catch {
    // Told below; what the file holds need not be repeated.
  }
  throw broken(name, 'is not { "from": …, "to": […] }', 0);
}

const isText = (value: unknown): value is string => typeof value === 'string';

function broken(name: string, why: string, offset: number): FormatError {
  return new FormatError(
    `The envelope of '${printable(name)}' can't be read: it ${why}; read the file with MailMessage.load, or remove it`,
    'pickup',
    offset,
  );
}
