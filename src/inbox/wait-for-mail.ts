import { OptionError, PosthornError, printable } from '../base/index.ts';
import type { InboxMessage } from './inbox-message.ts';
import { checkNames } from './option-names.ts';
import type { MailStore } from './store.ts';

/** What the awaited message is like; every member given must hold. */
export interface MailCriteria {
  /**
   * A recipient of the envelope, Bcc included. A string is a whole address, upper and lower case the
   * same; a regular expression is tried on every address. Default: any.
   */
  readonly to?: string | RegExp;
  /** The sender of the envelope or a mailbox of From, compared like `to`. Default: any. */
  readonly from?: string | RegExp;
  /** A piece of the subject as it stands there, or a regular expression. Default: any. */
  readonly subject?: string | RegExp;
}

/** Criteria, or a function that says whether a message is the awaited one. */
export type MailFilter = MailCriteria | ((message: InboxMessage) => boolean);

/** How {@link waitForMail} waits. */
export interface WaitOptions {
  /** How long, in milliseconds; `0`: only what is there already. Default: `10_000`. */
  readonly timeoutMs?: number;
  /** Ends the wait early; the call then rejects with the code `'ABORTED'`. Default: none. */
  readonly signal?: AbortSignal;
}

/** Something mail can be waited for at: an {@link Inbox}. */
export interface MailSource {
  /** See {@link waitForMail}. */
  waitForMail(filter?: MailFilter, options?: WaitOptions): Promise<InboxMessage>;
}

/**
 * The first message that fits, of those that arrived and of those still to come. Each message is
 * given once, so that the same call made twice waits for two messages. Rejects with a
 * {@link PosthornError} of code `'INBOX_TIMEOUT'`, whose message tells what arrived instead, or
 * `'CLIENT_CLOSED'` when the inbox is closed meanwhile; with {@link OptionError} for a criterion or
 * option that is not known.
 */
export function waitForMail(
  inbox: MailSource,
  filter?: MailFilter,
  options?: WaitOptions,
): Promise<InboxMessage> {
  return inbox.waitForMail(filter, options);
}

/** Those who wait at one inbox. */
export class WaitingRoom {
  readonly #store: MailStore;
  readonly #given = new WeakSet<InboxMessage>();
  readonly #leaving = new Set<() => void>();

  constructor(store: MailStore) {
    this.#store = store;
  }

  /** See {@link waitForMail}. */
  wait(filter: MailFilter = {}, options: WaitOptions = {}): Promise<InboxMessage> {
    const timeoutMs = options.timeoutMs ?? 10_000;
    return new Promise((resolve, reject) => {
      checkWait(filter, options, timeoutMs);
      const leave = (settle: () => void): void => {
        clearTimeout(timer);
        unsubscribe();
        this.#leaving.delete(onClose);
        options.signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const fail = (error: unknown): void => leave(() => reject(error));
      const consider = (mail: InboxMessage): boolean => {
        try {
          if (this.#given.has(mail) || !fits(mail, filter)) return false;
        } catch (error) {
          fail(error);
          return true;
        }
        this.#given.add(mail);
        leave(() => resolve(mail));
        return true;
      };
      const onClose = (): void => fail(closed());
      const onAbort = (): void => fail(aborted(options.signal));
      const onTimeout = (): void => fail(timedOut(filter, timeoutMs, this.#store.all()));

      const unsubscribe = this.#store.subscribe((event) => {
        if (event.type === 'added') consider(event.mail);
      });
      const timer = setTimeout(onTimeout, timeoutMs);
      this.#leaving.add(onClose);
      options.signal?.addEventListener('abort', onAbort, { once: true });
      if (options.signal?.aborted) onAbort();
      else this.#store.all().some(consider);
    });
  }

  /** Rejects every wait: the inbox is closed. */
  close(): void {
    for (const leave of [...this.#leaving]) leave();
  }
}

// Each is what the other is easily taken for; a criterion that nobody reads would fit every message.
function checkWait(filter: unknown, options: WaitOptions, timeoutMs: unknown): void {
  if (typeof filter !== 'function') {
    checkNames(filter, ['to', 'from', 'subject'], 'criteria of waitForMail');
    for (const [name, wanted] of Object.entries(filter as MailCriteria)) {
      if (wanted === undefined || typeof wanted === 'string' || wanted instanceof RegExp) continue;
      throw new OptionError(name, `'${name}' must be a string or a regular expression`);
    }
  }
  checkNames(options, ['timeoutMs', 'signal'], 'options of waitForMail');
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return;
  throw new OptionError('timeoutMs', "Option 'timeoutMs' must be milliseconds, 0 or more");
}

function fits(mail: InboxMessage, filter: MailFilter): boolean {
  if (typeof filter === 'function') return filter(mail);
  const { to, from, subject } = filter;
  if (to !== undefined && !mail.envelope.to.some((address) => isAddress(address, to))) return false;
  if (from !== undefined) {
    const senders = [mail.envelope.from, ...mail.from.map(({ address }) => address)];
    if (!senders.some((address) => isAddress(address, from))) return false;
  }
  return subject === undefined || isSubject(mail.subject, subject);
}

function isAddress(address: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string'
    ? address.toLowerCase() === wanted.toLowerCase()
    : address.search(wanted) >= 0;
}

function isSubject(subject: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? subject.includes(wanted) : subject.search(wanted) >= 0;
}

const NAMED = 5;

function timedOut(filter: MailFilter, timeoutMs: number, arrived: InboxMessage[]): PosthornError {
  const others = arrived
    .slice(-NAMED)
    .map(
      (mail) => `'${printable(mail.subject, 80)}' to ${printable(mail.envelope.to.join(', '), 80)}`,
    )
    .join('; ');
  const instead =
    arrived.length === 0
      ? 'nothing arrived: check that the program sends to the SMTP port of this inbox'
      : `the inbox holds ${arrived.length} other or already returned ${arrived.length === 1 ? 'message' : 'messages, the newest'}: ${others}`;
  return new PosthornError(
    'INBOX_TIMEOUT',
    `No mail ${describe(filter)}arrived within ${timeoutMs} ms; ${instead}`,
  );
}

function describe(filter: MailFilter): string {
  if (typeof filter === 'function') return 'that the given function takes ';
  return (['from', 'to', 'subject'] as const)
    .flatMap((name) => {
      const wanted = filter[name];
      if (wanted === undefined) return [];
      return [
        `with ${name} ${typeof wanted === 'string' ? `'${printable(wanted, 80)}' ` : `${wanted} `}`,
      ];
    })
    .join('');
}

function closed(): PosthornError {
  return new PosthornError('CLIENT_CLOSED', 'The inbox was closed while a call waited for mail');
}

function aborted(signal: AbortSignal | undefined): PosthornError {
  return new PosthornError('ABORTED', 'The signal ended the wait for mail', {
    cause: signal?.reason,
  });
}
