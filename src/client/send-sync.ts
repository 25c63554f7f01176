// Sending without `await`, for scripts: another thread sends, this one waits.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidAddressError, OptionError } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import { MailMessage, type MessageFields } from '../message/index.ts';
import { type AddressInput, MailAddress, MailGroup } from '../mime/index.ts';
import { parseSmtpUrl } from '../smtp/internal.ts';
import { aborted } from './failures.ts';
import { checkDelivery, outgoing } from './outgoing.ts';
import { type SendTarget, targetOf } from './send.ts';
import { readCall } from './send-call.ts';
import { SmtpClient } from './smtp-client.ts';
import { type SyncContent, type SyncJob, type SyncNews, unpackErrors } from './sync-protocol.ts';
import type { Sendable, SendOptions, SendReceipt } from './transport.ts';

/**
 * Sends one message and comes back when that is done: for scripts and command lines only. The whole program stands
 * still meanwhile, timers and requests too; anything else awaits {@link send}. Gives the same receipt and throws the
 * same errors. `onEvent` and `onProgress` are called while it waits. What belongs to the waiting thread can't be used:
 * streams, functions that open one, `signal`, `connect`, `tokenProvider`.
 *
 * @param message The message or its fields. Of a `MailMessage` with files, give the fields.
 * @param server Host, port, login and `SendOptions`; or a URL such as `'smtps://user:pass@smtp.example.com'`.
 */
export function sendSync(message: Sendable, server: SendTarget): SendReceipt;
/** As above, from four strings. */
export function sendSync(
  from: string,
  to: AddressInput,
  subject: string,
  text: string,
  server: SendTarget,
): SendReceipt;
export function sendSync(
  ...call:
    | readonly [message: Sendable, server: SendTarget]
    | readonly [from: string, to: AddressInput, subject: string, text: string, server: SendTarget]
): SendReceipt {
  const [target, options] = targetOf(call.length === 2 ? call[1] : call[4]);
  const { message } = readCall(
    call.length === 2 ? [call[0]] : [call[0], call[1], call[2], call[3]],
  );
  // What is wrong with the options or the message is found here, by the same checks as ever.
  new SmtpClient(target);
  checkDelivery(options);
  if (options.signal?.aborted) throw aborted(options.signal);
  const { onEvent, ...server } = typeof target === 'string' ? parseSmtpUrl(target) : target;
  const { signal, onProgress, ...plainOptions } = options;
  if (signal) throw refused('signal', 'the thread that could abort it waits; use timeoutsMs');
  const content = contentOf(message, plainOptions);
  for (const name of ['connect', 'tokenProvider'] as const) {
    if (server[name] !== undefined) throw refused(name, 'it belongs to the thread that waits');
  }
  checkCloneable(server);
  const listeners = { onEvent, onProgress };
  return inAnotherThread(content, server, (news) => {
    if (news.kind === 'event') emit(listeners.onEvent, news.value);
    if (news.kind === 'progress') tell(listeners.onProgress, news.value);
  });
}

type Server = SyncJob['server'];

function inAnotherThread(
  content: SyncContent,
  server: Server,
  listen: (news: SyncNews) => void,
): SendReceipt {
  const { MessageChannel, receiveMessageOnPort, Worker } =
    process.getBuiltinModule('node:worker_threads');
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const job: SyncJob = { content, server, port: port2, bell };
  const worker = new Worker(workerFile(), { workerData: job, transferList: [port2] });
  try {
    for (let heard = 0; ; heard = Atomics.load(bell, 0)) {
      for (let post = receiveMessageOnPort(port1); post; post = receiveMessageOnPort(port1)) {
        const news = unpackErrors(post.message) as SyncNews;
        if (news.kind === 'receipt') return news.value;
        if (news.kind === 'error') throw news.value;
        listen(news);
      }
      Atomics.wait(bell, 0, heard);
    }
  } finally {
    port1.close();
    void worker.terminate();
  }
}

// Beside the package's own entry, wherever it is installed.
function workerFile(): string {
  const entry = createRequire(import.meta.url).resolve('posthorn');
  return join(dirname(entry), 'sync-worker.js');
}

// The options as the other thread gets them; a function in one of them stays behind.
function checkCloneable(server: Server): void {
  for (const [name, value] of Object.entries(server)) {
    try {
      structuredClone(value);
    } catch {
      throw refused(name, 'functions belong to the thread that waits');
    }
  }
}

function contentOf(message: Sendable, options: SendOptions): SyncContent {
  const { message: whole, envelope } = outgoing(message, options);
  if (!(message instanceof MailMessage)) {
    const fields = plain(message);
    if (fields)
      return { kind: 'fields', fields: fields as MessageFields, options: plain(options) ?? {} };
  }
  const prepared = whole.prepare();
  if (prepared instanceof Promise) {
    prepared.catch(() => undefined);
    throw refused(
      'message',
      'its parts are not all in memory: give the fields, with attachments as paths or bytes',
    );
  }
  const { dsn } = envelope;
  const reports = dsn ?? (whole.deliveryReceipt ? EVERY_EVENT : undefined);
  const { partial, requireTls, deliverBySeconds, holdForSeconds, mtPriority } = options;
  return {
    kind: 'raw',
    bytes: render(prepared),
    options: {
      from: envelope.from,
      to: [...envelope.to],
      ...(reports && { dsn: reports }),
      ...{ partial, requireTls, deliverBySeconds, holdForSeconds, mtPriority },
    },
  };
}

const EVERY_EVENT = { notify: ['success', 'failure', 'delay'], ifOffered: true } as const;

// What the server offers is not known yet: ASCII passes everywhere.
function render(
  prepared: Exclude<ReturnType<MailMessage['prepare']>, Promise<unknown>>,
): Uint8Array {
  try {
    return prepared({}).bytes();
  } catch (error) {
    if (error instanceof InvalidAddressError && error.code === 'ADDRESS_NEEDS_SMTPUTF8') {
      return prepared({ eightBit: true, utf8: true }).bytes();
    }
    throw error;
  }
}

// A copy that another thread can be given; `undefined` when it holds something that lives in this one.
function plain<T>(value: T): T | undefined {
  const copy = plainCopy(value);
  return copy === ALIVE ? undefined : (copy as T);
}

const ALIVE: unique symbol = Symbol('alive');

function plainCopy(value: unknown): unknown {
  if (typeof value === 'function') return ALIVE;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof MailAddress || value instanceof MailGroup) return String(value);
  if (value instanceof URL) return value.protocol === 'file:' ? fileURLToPath(value) : ALIVE;
  if (value instanceof Date || value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return value;
  }
  if (value instanceof Map) return copyOf([...value.entries()], (pairs) => new Map(pairs as never));
  if (Array.isArray(value)) return copyOf(value, (items) => items);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return ALIVE;
  const names = Object.keys(value);
  return copyOf(Object.values(value), (items) =>
    Object.fromEntries(names.map((name, index) => [name, items[index]])),
  );
}

function copyOf(items: readonly unknown[], make: (items: readonly unknown[]) => unknown): unknown {
  const copies = items.map(plainCopy);
  return copies.includes(ALIVE) ? ALIVE : make(copies);
}

function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch {
    // A listener only watches; its fault must not become the message's.
  }
}

function refused(option: string, why: string): OptionError {
  return new OptionError(
    option,
    `sendSync can't use '${option}': ${why}, or use await send(…) instead`,
  );
}
