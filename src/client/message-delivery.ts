// A message made ready for a connection.
import type { MailMessage } from '../message/index.ts';
import { isRepeatable } from '../message/internal.ts';
import type { SmtpCapabilities, SmtpEnvelope, WireContent } from '../smtp/index.ts';
import type { Deliverer } from './deliverer.ts';
import { outgoing } from './outgoing.ts';
import type { Sendable, SendOptions } from './transport.ts';
import { type Delivery, wireContent } from './wire-content.ts';

type Prepared = Awaited<ReturnType<MailMessage['prepare']>>;

/** Checks the message and makes it ready; at once when all of it is in memory. Throws what is wrong with it. */
export function prepareMessage(
  given: Sendable,
  options: SendOptions,
  deliverer: Pick<Deliverer, 'withReports' | 'tnef'>,
): Delivery | Promise<Delivery> {
  const { message, envelope } = outgoing(given, options);
  const whole = deliverer.withReports(envelope, message.deliveryReceipt);
  return (options.tnef ?? deliverer.tnef)
    ? packed(message).then((carrier) => ready(carrier, whole))
    : ready(message, whole);
}

function ready(message: MailMessage, whole: SmtpEnvelope): Delivery | Promise<Delivery> {
  const prepared = message.prepare();
  if (!(prepared instanceof Promise)) return new MessageDelivery(message, prepared, whole);
  return prepared.then((write) => new MessageDelivery(message, write, whole));
}

/** The mail that carries the message as TNEF. */
async function packed(message: MailMessage): Promise<MailMessage> {
  const { packTnef } = await import('../convert/internal.ts');
  return await packTnef(message);
}

/** A message of which everything is known but what the server offers. */
class MessageDelivery implements Delivery {
  readonly envelope: SmtpEnvelope;
  readonly #message: MailMessage;
  readonly #prepared: Prepared;
  #messageId = '';

  constructor(message: MailMessage, prepared: Prepared, envelope: SmtpEnvelope) {
    this.#message = message;
    this.#prepared = prepared;
    this.envelope = envelope;
  }

  content({ eightBitMime, smtputf8 }: SmtpCapabilities): WireContent {
    const rendered = this.#prepared({ eightBit: eightBitMime, utf8: smtputf8 });
    // Read before the message is handed over: nothing may fail afterwards.
    this.#messageId = this.#message.messageId;
    return wireContent(rendered, () => this.isRepeatable());
  }

  messageId(): string {
    return this.#messageId;
  }

  isRepeatable(): boolean {
    return isRepeatable(this.#message);
  }
}
