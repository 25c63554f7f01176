// One call, one connection.
import type { AddressInput } from '../mime/index.ts';
import type { SmtpClientOptions } from './options.ts';
import { SmtpClient } from './smtp-client.ts';
import type { Sendable, SendOptions, SendReceipt } from './transport.ts';

/** Where a single message is sent: options of the server and of the call together, or the server's URL. */
export type SendTarget = string | (SmtpClientOptions & SendOptions);

/**
 * Sends one message over a connection of its own, which is closed at the end, whatever comes of it: without being
 * waited for. Fails as {@link SmtpClient.send} does.
 *
 * @param message The message or its fields.
 * @param server Host, port, login and `SendOptions`; or a URL such as `'smtps://user:pass@smtp.example.com'`.
 * @param options How the message is sent; counts more than what `server` says of it.
 */
export function send(
  message: Sendable,
  server: SendTarget,
  options?: SendOptions,
): Promise<SendReceipt>;
/** As above, from four strings. */
export function send(
  from: string,
  to: AddressInput,
  subject: string,
  text: string,
  server: SendTarget,
  options?: SendOptions,
): Promise<SendReceipt>;
export async function send(...call: MessageCall | TextCall): Promise<SendReceipt> {
  const isMessage = isMessageCall(call);
  const [server, own] = targetOf(isMessage ? call[1] : call[4]);
  const given = isMessage ? call[2] : call[5];
  const options = given === undefined ? own : { ...own, ...given };
  const client = new SmtpClient(server);
  try {
    if (isMessage) return await client.send(call[0], options);
    const [from, to, subject, text] = call;
    return await client.send(from, to, subject, text, options);
  } finally {
    // The goodbye takes a round trip, and keeps nobody waiting.
    void client.close();
  }
}

type MessageCall = readonly [
  message: Sendable,
  server: SendTarget,
  options?: SendOptions | undefined,
];
type TextCall = readonly [
  from: string,
  to: AddressInput,
  subject: string,
  text: string,
  server: SendTarget,
  options?: SendOptions | undefined,
];

// A message is no string: that is the sender of the other form.
const isMessageCall = (call: MessageCall | TextCall): call is MessageCall =>
  typeof call[0] !== 'string';

/** What is for the client, and what is for the call. */
export function targetOf(
  target: SendTarget,
): [server: string | SmtpClientOptions, options: SendOptions] {
  if (typeof target !== 'object' || target === null) return [target, {}];
  const {
    envelope,
    signal,
    onProgress,
    partial,
    deliverBySeconds,
    holdForSeconds,
    mtPriority,
    ...server
  } = target;
  const options = { envelope, signal, onProgress, partial };
  return [server, { ...options, deliverBySeconds, holdForSeconds, mtPriority }];
}
