// Who waits for messages hears of them: at once in this process, by NOTIFY from others.
import type { Client } from 'pg';
import type { Runner } from './queue.ts';

const CHANNEL = 'posthorn_outbox';
// PostgreSQL lets one transaction with a NOTIFY commit at a time: it is told apart from the message, and not for each.
const NOTIFY_MS = 50;
const RECONNECT_MS = 5000;

/** Tells listeners that there may be something to do. */
export class Watch {
  readonly #listeners = new Set<() => void>();
  readonly #runner: Runner;
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client | undefined> | undefined;
  #telling: Promise<void> | undefined;
  #isClosed = false;

  constructor(runner: Runner, connect: () => Promise<Client>) {
    this.#runner = runner;
    this.#connect = connect;
  }

  /** Calls the listener from now on; gives the way to stop that. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#client ??= this.#listen();
    return () => this.#listeners.delete(listener);
  }

  /** Tells those of this process. */
  tellHere(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Tells everybody. */
  tell(): void {
    this.tellHere();
    if (this.#isClosed) return;
    this.#telling ??= new Promise<void>((resolve) => setTimeout(resolve, NOTIFY_MS)).then(
      async () => {
        this.#telling = undefined;
        // Whoever does not hear of it looks by himself after a while.
        await this.#runner.query(`NOTIFY ${CHANNEL}`).catch(() => undefined);
      },
    );
  }

  /** Tells everybody when the transaction is committed. */
  async tellWithin(runner: Runner): Promise<void> {
    await runner.query(`NOTIFY ${CHANNEL}`);
  }

  /** Lets go of the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await this.#telling;
    const client = await this.#client;
    await client?.end().catch(() => undefined);
  }

  async #listen(): Promise<Client | undefined> {
    try {
      const client = await this.#connect();
      client.on('notification', () => this.tellHere());
      client.on('error', () => this.#listenLater());
      await client.query(`LISTEN ${CHANNEL}`);
      return client;
    } catch {
      this.#listenLater();
      return undefined;
    }
  }

  #listenLater(): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      if (!this.#isClosed) this.#client = this.#listen();
    }, RECONNECT_MS);
    timer.unref();
  }
}
