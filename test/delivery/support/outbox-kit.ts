// Helpers for the tests of the outbox.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendReceipt, SmtpReply, Transport } from 'posthorn';
import { MailMessage, type MessageFields, type Sendable, type SendOptions } from 'posthorn';
import { Outbox, type OutboxEvent, type OutboxOptions } from 'posthorn/delivery';

/** A small message. */
export const letter: MessageFields = {
  from: 'Ann <ann@example.com>',
  to: 'bob@example.org',
  subject: 'Hello',
  text: 'Hi Bob',
};

/** Waits that make tests quick. */
export const quick = { retry: { schedule: [20, 40, 80], jitter: 0, maxAgeMs: 60_000 } };

/** An outbox in a folder of its own. */
export interface TestOutbox {
  readonly outbox: Outbox;
  readonly events: OutboxEvent[];
  readonly url: string;
  readonly path: string;
}

/** Runs `work` with a new outbox, which is closed and removed afterwards. */
export async function withOutbox(
  work: (test: TestOutbox) => Promise<void>,
  options: OutboxOptions = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-outbox-'));
  const path = join(folder, 'outbox.db');
  const events: OutboxEvent[] = [];
  const onEvent = (event: OutboxEvent): void => {
    events.push(event);
  };
  const outbox = await Outbox.open(`sqlite:${path}`, { onEvent, ...options });
  try {
    await work({ outbox, events, url: `sqlite:${path}`, path });
  } finally {
    await outbox.close();
    await rm(folder, { recursive: true });
  }
}

/** What a scripted transport was given. */
export interface Given {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly messageId: string;
  readonly options: SendOptions;
}

/** What a scripted transport does with one message; nothing: it takes it. */
export type Act = (
  given: Given,
  index: number,
) => Promise<Partial<SendReceipt> | undefined> | Partial<SendReceipt> | undefined;

/** A transport that does what a test says. */
export class ScriptedTransport implements Transport {
  readonly name = 'scripted';
  readonly callsBeforeFinal = true;
  readonly given: Given[] = [];
  readonly #act: Act;

  constructor(act: Act = () => undefined) {
    this.#act = act;
  }

  async send(message: Sendable, options: SendOptions = {}): Promise<SendReceipt> {
    // By what it can do: the built package has a class of its own.
    const whole = 'toBytes' in message ? message : new MailMessage(message);
    const { from, to } = options.envelope ?? {};
    const recipients = to as string[];
    const given: Given = {
      from: String(from),
      to: recipients,
      raw: Buffer.from(await whole.toBytes()).toString(),
      messageId: whole.messageId,
      options,
    };
    const index = this.given.push(given) - 1;
    const receipt = await this.#act(given, index);
    const isMarked = receipt !== undefined && 'accepted' in receipt;
    if (!isMarked) await options.beforeFinal?.({ recipients, accepted: [] });
    return {
      messageId: whole.messageId,
      envelope: { from: given.from, to: [...recipients] },
      accepted: [...recipients],
      rejected: [],
      unsettled: [],
      reply: reply(250, '2.0.0', 'queued as 1'),
      size: given.raw.length,
      startedAt: new Date(),
      durationMs: 1,
      server: { host: 'mx.example.org', port: 25, security: 'none' },
      ...receipt,
    };
  }

  async close(): Promise<void> {}
}

/** A reply. */
export function reply(code: number, enhanced: string | undefined, text: string): SmtpReply {
  return { code, enhanced, lines: [text] };
}
