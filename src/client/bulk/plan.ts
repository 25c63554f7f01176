// A call for many messages, checked.
import { OptionError } from '../../base/index.ts';
import { checkNames, type KnownNames } from '../../message/internal.ts';
import { checkConnections } from '../connection-options.ts';
import { checkDelivery, checkFlag } from '../outgoing.ts';
import type { SendOptions } from '../transport.ts';
import type { BulkMessages, BulkOptions, BulkSendOptions } from './types.ts';

/** What is to be done. */
export interface BulkPlan {
  readonly messages: BulkMessages;
  /** What holds for each message that has no options of its own. */
  readonly common: SendOptions;
  readonly connections: number | undefined;
  readonly total: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: BulkOptions['onProgress'];
  readonly onOutcome: BulkSendOptions['onOutcome'];
}

const names: KnownNames = {
  of: 'sending many messages',
  names: new Set<keyof BulkSendOptions>([
    'connections',
    'total',
    'signal',
    'onProgress',
    'onOutcome',
    'partial',
    'requireTls',
    'deliverBySeconds',
    'holdForSeconds',
    'mtPriority',
    'tnef',
  ]),
  habits: new Map([
    ['concurrency', 'write connections: 5'],
    ['envelope', 'give it with the message: { message, options: { envelope } }'],
    ['rate', "write it among the client's: connections: { rate: { messages, perMs } }"],
    ['onError', 'write onOutcome: (outcome) => …'],
  ]),
};

/** Reads the arguments. Throws an `OptionError`. */
export function planBulk(messages: BulkMessages, options: BulkSendOptions = {}): BulkPlan {
  if (!isIterable(messages)) {
    throw wrong('messages', 'an array, or another iterable or async iterable, of messages');
  }
  if (typeof options !== 'object' || options === null) throw wrong('options', 'an object');
  checkNames(options, names);
  const { connections, total, signal, onProgress, onOutcome, ...common } = options;
  const { tnef, ...delivering } = common;
  checkFlag(tnef, 'tnef');
  checkDelivery({ ...delivering, signal });
  checkListener(onProgress, 'onProgress');
  checkListener(onOutcome, 'onOutcome');
  if (connections !== undefined) checkConnections(connections, 'connections');
  if (total !== undefined && !(Number.isInteger(total) && total >= 0)) {
    throw wrong('total', 'a whole number from 0 on');
  }
  const known = total ?? sizeOf(messages);
  return { messages, common, connections, total: known, signal, onProgress, onOutcome };
}

function isIterable(value: unknown): value is BulkMessages {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

function checkListener(listener: unknown, option: string): void {
  if (listener !== undefined && typeof listener !== 'function') throw wrong(option, 'a function');
}

function sizeOf(messages: BulkMessages): number | undefined {
  if (Array.isArray(messages)) return messages.length;
  return messages instanceof Set ? messages.size : undefined;
}

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
