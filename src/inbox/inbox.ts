import { WebServer } from './http/server.ts';
import type { InboxMessage } from './inbox-message.ts';
import { listen } from './listen.ts';
import { type InboxOptions, type InboxSettings, resolveOptions } from './options.ts';
import { ReceivedMail } from './received-mail.ts';
import { SmtpSink } from './smtp-sink.ts';
import { MailStore } from './store.ts';
import {
  type MailFilter,
  type MailSource,
  WaitingRoom,
  type WaitOptions,
} from './wait-for-mail.ts';

/** A running development inbox: an SMTP server that keeps every message, and a page that shows them. */
export interface Inbox extends MailSource {
  /** The address both servers listen on. */
  readonly host: string;
  /** The port that takes mail. */
  readonly smtpPort: number;
  /** The port of the page and the HTTP API. */
  readonly httpPort: number;
  /** Where the page is, such as `'http://127.0.0.1:8025'`. */
  readonly url: string;
  /** The kept messages in the order of their arrival. */
  readonly messages: readonly InboxMessage[];
  /** See the function {@link waitForMail}. */
  waitForMail(filter?: MailFilter, options?: WaitOptions): Promise<InboxMessage>;
  /** Removes every message. */
  clear(): void;
  /** Stops both servers, ends their connections and rejects the pending waits. */
  close(): Promise<void>;
  /** The same as {@link Inbox.close}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a development inbox: it takes mail for any recipient from any sender with any login, keeps
 * it in memory, and shows it on a page. It never passes a message on. Throws {@link OptionError} for
 * an option that can't be and when no port can be had.
 */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  const settings = resolveOptions(options);
  const store = new MailStore(settings);
  const sink = await SmtpSink.create(settings, (arrival) => store.add(new ReceivedMail(arrival)));
  const { host } = settings;
  const ports = { smtp: 0, http: 0 };
  const web = await WebServer.create(
    () => ({
      store,
      info: {
        smtp: { host, port: ports.smtp },
        http: { host, port: ports.http },
        maxMessages: settings.maxMessages,
      },
    }),
    [host.toLowerCase(), ...settings.allowedHosts],
  );
  ports.smtp = await listen(sink.server, host, settings.smtpPort, 'smtpPort');
  try {
    ports.http = await listen(web.server, host, settings.httpPort, 'httpPort');
  } catch (error) {
    await sink.close();
    throw error;
  }
  return new RunningInbox(settings, store, sink, web, ports);
}

class RunningInbox implements Inbox {
  readonly host: string;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly #store: MailStore;
  readonly #sink: SmtpSink;
  readonly #web: WebServer;
  readonly #waiting: WaitingRoom;
  #closed: Promise<void> | undefined;

  constructor(
    settings: InboxSettings,
    store: MailStore,
    sink: SmtpSink,
    web: WebServer,
    ports: { readonly smtp: number; readonly http: number },
  ) {
    this.host = settings.host;
    this.smtpPort = ports.smtp;
    this.httpPort = ports.http;
    this.#store = store;
    this.#sink = sink;
    this.#web = web;
    this.#waiting = new WaitingRoom(store);
  }

  get url(): string {
    const everywhere = this.host === '0.0.0.0' || this.host === '::';
    const host = everywhere ? '127.0.0.1' : this.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.httpPort}`;
  }

  get messages(): readonly InboxMessage[] {
    return this.#store.all();
  }

  waitForMail(filter?: MailFilter, options?: WaitOptions): Promise<InboxMessage> {
    return this.#waiting.wait(filter, options);
  }

  clear(): void {
    this.#store.remove(this.#store.all().map(({ id }) => id));
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stop(): Promise<void> {
    this.#waiting.close();
    await Promise.all([this.#sink.close(), this.#web.close()]);
  }
}
