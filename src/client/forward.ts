// Messages that are sent on: from a file, bytes, a stream, or as an object.
import { OptionError } from '../base/index.ts';
import { type ContentStream, MailMessage } from '../message/index.ts';
import { isRepeatable, openPath, takePath } from '../message/internal.ts';
import type { AddressInput } from '../mime/index.ts';
import type { SmtpEnvelope } from '../smtp/index.ts';
import { forwardEnvelope } from './outgoing.ts';
import {
  bytesDelivery,
  type Handling,
  rawDelivery,
  sourceDelivery,
  withoutBcc,
} from './raw-content.ts';
import { resentBlock } from './resent.ts';
import type { SendForwardOptions } from './transport.ts';
import { type Delivery, wireContent } from './wire-content.ts';

/** What can be forwarded: a message, or the path (a string), `file:` URL, bytes or stream of one. */
export type ForwardContent =
  | MailMessage
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ContentStream;

/** Everything a forwarding needs; reads the header of what is forwarded. */
export async function forwardDelivery(
  from: AddressInput,
  to: AddressInput,
  content: ForwardContent,
  options: SendForwardOptions,
): Promise<Delivery> {
  const envelope = forwardEnvelope(from, to, options);
  const prefix = options.resent ? resentBlock(from, to) : undefined;
  if (content instanceof MailMessage) {
    const prepared = await content.prepare();
    let messageId = '';
    return {
      envelope,
      content: (capabilities) => {
        const { eightBitMime: eightBit, smtputf8: utf8 } = capabilities;
        const rendered = prepared({ eightBit, utf8 });
        messageId = content.messageId;
        return wireContent(rendered, () => isRepeatable(content), prefix?.(capabilities));
      },
      messageId: () => messageId,
      isRepeatable: () => isRepeatable(content),
    };
  }
  const handling: Handling = { header: withoutBcc, ...(prefix && { prefix }) };
  if (typeof content === 'string' || content instanceof URL) {
    return await fileDelivery(content, envelope, handling);
  }
  if (typeof content === 'function' || typeof content !== 'object' || content === null) {
    throw new OptionError(
      'content',
      'forward takes a message, a path, bytes or a stream; call the function',
    );
  }
  const path = takePath(content);
  return path === undefined
    ? await rawDelivery(content, envelope, handling)
    : await fileDelivery(path, envelope, handling);
}

async function fileDelivery(
  path: string | URL,
  envelope: SmtpEnvelope,
  handling: Handling,
): Promise<Delivery> {
  const source = await openPath(path);
  return source instanceof Uint8Array
    ? bytesDelivery(source, envelope, handling)
    : sourceDelivery(source, envelope, handling);
}
