// What the two threads of sendSync tell each other: plain values, with errors taken apart and put together again, since
// a clone of an error loses its class.
import type { MessagePort } from 'node:worker_threads';
import {
  AuthenticationError,
  ConnectionError,
  DiscoveryError,
  FormatError,
  InvalidAddressError,
  InvalidMessageError,
  LimitError,
  MissingDependencyError,
  OptionError,
  PosthornError,
  type PosthornEvent,
  ProtocolError,
  RecipientsError,
  SmtpReplyError,
  TimeoutError,
  TlsError,
} from '../base/index.ts';
import type { MessageFields } from '../message/index.ts';
import type { SendProgress } from '../smtp/index.ts';
import type { SmtpClientOptions } from './options.ts';
import type { SendOptions, SendRawOptions, SendReceipt } from './transport.ts';

/** What is to be sent: fields, or a message that is written already. */
export type SyncContent =
  | { readonly kind: 'fields'; readonly fields: MessageFields; readonly options: SendOptions }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array; readonly options: SendRawOptions };

/** What the worker is started with. */
export interface SyncJob {
  readonly content: SyncContent;
  readonly server: SmtpClientOptions;
  readonly port: MessagePort;
  /** Counted up and notified for each piece of news. */
  readonly bell: Int32Array;
}

/** What the worker tells: what happens, and the end. */
export type SyncNews =
  | { readonly kind: 'event'; readonly value: PosthornEvent }
  | { readonly kind: 'progress'; readonly value: SendProgress }
  | { readonly kind: 'receipt'; readonly value: SendReceipt }
  | { readonly kind: 'error'; readonly value: unknown };

const CLASSES: ReadonlyMap<unknown, { readonly prototype: PosthornError }> = new Map<
  unknown,
  { readonly prototype: PosthornError }
>(
  [
    AuthenticationError,
    ConnectionError,
    DiscoveryError,
    FormatError,
    InvalidAddressError,
    InvalidMessageError,
    LimitError,
    MissingDependencyError,
    OptionError,
    ProtocolError,
    RecipientsError,
    SmtpReplyError,
    TimeoutError,
    TlsError,
  ].map((each) => [each.prototype.name, each]),
);

interface PackedError {
  readonly [PACKED]: true;
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: unknown;
}
const PACKED = '\0error';

/** The value with every error in it as plain data. */
export function packErrors(value: unknown): unknown {
  if (value instanceof Error) {
    const { name, message, cause } = value;
    const isOurs = value instanceof PosthornError;
    const fields = isOurs ? packErrors({ ...value }) : { code: Reflect.get(value, 'code') };
    return { [PACKED]: true, name, message, fields, cause: packErrors(cause) };
  }
  return mapPlain(value, packErrors);
}

/** The value with errors again, of the classes they had. */
export function unpackErrors(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(PACKED in value)) {
    return mapPlain(value, unpackErrors);
  }
  const { name, message, fields, cause } = value as PackedError;
  const why = unpackErrors(cause);
  const Class = CLASSES.get(name) ?? (name === 'PosthornError' ? PosthornError : undefined);
  const error = new Error(message, why === undefined ? undefined : { cause: why });
  if (Class) Object.setPrototypeOf(error, Class.prototype);
  else error.name = name;
  return Object.assign(error, unpackErrors(fields));
}

function mapPlain(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]));
}
