import type { ServerResponse } from 'node:http';
import type { MailStore, StoreEvent } from '../store.ts';
import type { AddedJson, ChangedJson, RemovedJson } from './api-types.ts';
import { countsOf } from './routes.ts';
import { summaryOf } from './views.ts';

const MAX_READERS = 100;
const MAX_UNREAD_BYTES = 1_048_576;
const HEARTBEAT_MS = 20_000;

/** The open event streams (Server-Sent Events) of an inbox. */
export class EventStreams {
  readonly #store: MailStore;
  readonly #readers = new Set<ServerResponse>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: ReturnType<typeof setInterval>;

  constructor(store: MailStore) {
    this.#store = store;
    this.#unsubscribe = store.subscribe((event) => {
      if (this.#readers.size > 0) this.#send(write(event, store));
    });
    // A comment line now and then finds the readers that are gone.
    this.#heartbeat = setInterval(() => this.#send(':\n\n'), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Whether one more reader can be taken. */
  get hasRoom(): boolean {
    return this.#readers.size < MAX_READERS;
  }

  /** Keeps `response` open and sends it all that happens. Its first event, `hello`, has the counts. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: 1000\n${eventText('hello', countsOf(this.#store))}`);
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
  }

  /** Ends every stream. */
  close(): void {
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    for (const reader of this.#readers) reader.end();
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      // One that reads nothing must not fill the memory; it asks for the list when it comes back.
      if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy();
      else reader.write(text);
    }
  }
}

function write(event: StoreEvent, store: MailStore): string {
  const counts = countsOf(store);
  switch (event.type) {
    case 'added':
      return eventText('added', { message: summaryOf(event.mail), ...counts } satisfies AddedJson);
    case 'removed':
      return eventText('removed', { ids: event.ids, ...counts } satisfies RemovedJson);
    case 'changed': {
      const { ids, read } = event;
      return eventText('changed', { ids, read, ...counts } satisfies ChangedJson);
    }
    default:
      return event satisfies never;
  }
}

function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
