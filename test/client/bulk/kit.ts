// Helpers for the tests of many messages.
import {
  type BulkOutcome,
  type MessageFields,
  type PosthornError,
  SmtpClient,
  type SmtpClientOptions,
} from 'posthorn';
import type { Sink } from '../../support/sink.ts';

/** The message with this number as its subject. */
export const numbered = (n: number): MessageFields => ({
  from: 'ann@example.com',
  to: `bob${n}@example.org`,
  subject: `${n}`,
  text: 'Hi Bob',
});

/** Messages from 0 on, one after the other; counts how many were asked for, and whether it was let go of. */
export class Numbers implements Iterable<MessageFields> {
  readonly #count: number;
  given = 0;
  isLeft = false;

  constructor(count: number = Infinity) {
    this.#count = count;
  }

  *[Symbol.iterator](): Generator<MessageFields> {
    try {
      for (; this.given < this.#count; this.given += 1) yield numbered(this.given);
    } finally {
      this.isLeft = true;
    }
  }
}

/** `'0'`, `'1'` and so on. */
export const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

/** By number. */
export const inOrder = (list: readonly string[]): string[] => [...list].sort((a, b) => +a - +b);

/** A client of the server. */
export const clientOf = (
  { port }: Pick<Sink, 'port'>,
  options: SmtpClientOptions = {},
): SmtpClient => new SmtpClient({ host: '127.0.0.1', port, security: 'none', ...options });

/** Subjects of the messages by what became of them. */
export class Outcomes {
  readonly sent: string[] = [];
  readonly failed: string[] = [];
  readonly unknown: string[] = [];
  readonly notAttempted: string[] = [];
  readonly errors: PosthornError[] = [];

  readonly add = (outcome: BulkOutcome): void => {
    const subject = `${outcome.index}`;
    if (outcome.status === 'sent') this.sent.push(subject);
    else if (outcome.status === 'not-attempted') this.notAttempted.push(subject);
    else {
      this.errors.push(outcome.error);
      (outcome.error.delivered === 'unknown' ? this.unknown : this.failed).push(subject);
    }
  };

  /** All of them, in order. */
  get all(): string[] {
    return inOrder([...this.sent, ...this.failed, ...this.unknown, ...this.notAttempted]);
  }
}
