// Who is told what happens in the outbox.
import { type Channel, channel } from 'node:diagnostics_channel';
import type { OutboxEvent } from './types.ts';

const channels = new Map<OutboxEvent['type'], Channel>();

function channelOf(type: OutboxEvent['type']): Channel {
  let found = channels.get(type);
  if (!found) {
    found = channel(`posthorn:outbox:${type}`);
    channels.set(type, found);
  }
  return found;
}

/** Receives the events of an outbox. */
export type OutboxListener = (event: OutboxEvent) => void;

/** Tells the listener and `node:diagnostics_channel`; an event that nobody hears is not made. */
export class Teller {
  readonly #listener: OutboxListener | undefined;

  constructor(listener: OutboxListener | undefined) {
    this.#listener = listener;
  }

  tell<T extends OutboxEvent['type']>(
    type: T,
    details: () => Omit<Extract<OutboxEvent, { type: T }>, 'type' | 'at'>,
  ): void {
    const subscribers = channelOf(type);
    if (!this.#listener && !subscribers.hasSubscribers) return;
    const event = { type, at: new Date(), ...details() } as unknown as OutboxEvent;
    if (subscribers.hasSubscribers) subscribers.publish(event);
    try {
      this.#listener?.(event);
    } catch {
      // A listener only watches; its fault must not become the message's.
    }
  }
}
