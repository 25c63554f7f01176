// What the tests of this room share: connecting to a scripted server and handing over content.
import { PosthornError } from '../../src/base/index.ts';
import {
  type DeliveryOptions,
  type DeliveryReport,
  SmtpConnection,
  type SmtpConnectionOptions,
  type WireContent,
} from '../../src/smtp/index.ts';
import type { ScriptedServer } from '../support/scripted-server.ts';

export const ENVELOPE = { from: 'ann@example.com', to: ['bob@example.com'] };
export const TEXT = 'Subject: hello\r\n\r\n.dots\r\nbye\r\n';

/** Content from one string of ASCII, with its size known. */
export function text(content: string = TEXT): () => WireContent {
  const bytes = Buffer.from(content, 'latin1');
  return () => ({ size: bytes.length, eightBit: false, utf8: false, chunks: () => [bytes] });
}

/** Content from chunks, with its size not known. */
export function chunks(
  list: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): () => WireContent {
  return () => ({ size: undefined, eightBit: false, utf8: false, chunks: list });
}

/** Options for a server in clear. */
export function clear(server: ScriptedServer): SmtpConnectionOptions {
  return { host: server.host, port: server.port, security: 'none', clientName: 'client.test' };
}

/** Connects, sends one message and leaves. */
export async function deliver(
  options: SmtpConnectionOptions,
  content: () => WireContent = text(),
  delivery: DeliveryOptions = {},
): Promise<DeliveryReport> {
  const connection = await SmtpConnection.connect(options, delivery.signal);
  try {
    return await connection.send(ENVELOPE, content, delivery);
  } finally {
    await connection.quit();
  }
}

/** The error a call fails with; anything but a PosthornError is thrown on. */
export async function failure(work: Promise<unknown>): Promise<PosthornError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PosthornError) return error;
    throw error;
  }
  throw new Error('It was expected to fail');
}
