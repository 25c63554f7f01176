import type { ReceivedMail } from './received-mail.ts';

/** What happened to the kept messages. */
export type StoreEvent =
  | { readonly type: 'added'; readonly mail: ReceivedMail }
  | { readonly type: 'changed'; readonly ids: readonly string[]; readonly read: boolean }
  | { readonly type: 'removed'; readonly ids: readonly string[] };

/** The bounds of a {@link MailStore}. */
export interface StoreBounds {
  readonly maxMessages: number;
  readonly maxTotalBytes: number;
}

/** The messages an inbox keeps, in memory, bounded by count and size: the oldest goes first. */
export class MailStore {
  readonly #bounds: StoreBounds;
  readonly #mails = new Map<string, ReceivedMail>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #totalBytes = 0;
  #unread = 0;

  constructor(bounds: StoreBounds) {
    this.#bounds = bounds;
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#mails.size;
  }

  /** How many of them nobody has opened. */
  get unread(): number {
    return this.#unread;
  }

  /** The kept messages in the order of their arrival. */
  all(): ReceivedMail[] {
    return [...this.#mails.values()];
  }

  /** One message, or `undefined` when it was never here or is gone. */
  get(id: string): ReceivedMail | undefined {
    return this.#mails.get(id);
  }

  /** Keeps a message that just arrived, and drops old ones until the bounds hold again. */
  add(mail: ReceivedMail): void {
    this.#mails.set(mail.id, mail);
    this.#totalBytes += mail.size;
    this.#unread += 1;
    this.#tell({ type: 'added', mail });
    const surplus: string[] = [];
    let count = this.#mails.size;
    let bytes = this.#totalBytes;
    for (const old of this.#mails.values()) {
      if (count <= this.#bounds.maxMessages && bytes <= this.#bounds.maxTotalBytes) break;
      surplus.push(old.id);
      count -= 1;
      bytes -= old.size;
    }
    this.remove(surplus);
  }

  /** Removes these messages; gives the number of those that were there. */
  remove(ids: readonly string[]): number {
    const gone = ids.filter((id) => this.#drop(id));
    if (gone.length > 0) this.#tell({ type: 'removed', ids: gone });
    return gone.length;
  }

  /** Marks these messages as read or unread; gives the number of those that were not so before. */
  mark(ids: readonly string[], read: boolean): number {
    const changed = ids.filter((id) => {
      const mail = this.#mails.get(id);
      if (!mail || mail.read === read) return false;
      mail.read = read;
      return true;
    });
    this.#unread += read ? -changed.length : changed.length;
    if (changed.length > 0) this.#tell({ type: 'changed', ids: changed, read });
    return changed.length;
  }

  /** Calls `listener` for everything that happens from now on; gives the function that ends it. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #drop(id: string): boolean {
    const mail = this.#mails.get(id);
    if (!mail) return false;
    this.#mails.delete(id);
    this.#totalBytes -= mail.size;
    if (!mail.read) this.#unread -= 1;
    return true;
  }

  #tell(event: StoreEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // A listener only watches; its fault must not refuse a message.
      }
    }
  }
}
