import { type Channel, channel } from 'node:diagnostics_channel';
import type { PosthornError } from './errors.ts';
import type { SmtpReply } from './smtp-reply.ts';

interface EventBase {
  /** When it happened. */
  readonly at: Date;
  /** Which connection, counted from 1 in this process; 0 when none is open. */
  readonly connectionId: number;
}

/** What happens on the way of a message; secrets are masked always, message bodies never appear. */
export type PosthornEvent =
  | (EventBase & {
      readonly type: 'connect';
      readonly host: string;
      readonly port: number;
      /** The IP address of the other end: of the server, or of the proxy before it. */
      readonly address?: string;
      /** The proxy the connection goes through, without its password. */
      readonly proxy?: string;
      readonly durationMs: number;
    })
  | (EventBase & {
      readonly type: 'tls';
      readonly protocol: string;
      readonly cipher: string;
      /** `false` when the certificate was not verified because `tls.rejectUnauthorized` is `false`. */
      readonly authorized: boolean;
      /** Whether the keys of an earlier session were used again. */
      readonly resumed: boolean;
      readonly durationMs: number;
    })
  | (EventBase & { readonly type: 'warning'; readonly message: string })
  | (EventBase & { readonly type: 'auth'; readonly mechanism: string; readonly durationMs: number })
  | (EventBase & { readonly type: 'command'; readonly line: string })
  | (EventBase & { readonly type: 'reply'; readonly reply: SmtpReply; readonly durationMs: number })
  | (EventBase & {
      readonly type: 'sent';
      readonly messageId: string;
      readonly accepted: readonly string[];
      readonly size: number;
      readonly durationMs: number;
    })
  | (EventBase & { readonly type: 'failed'; readonly error: PosthornError })
  | (EventBase & { readonly type: 'retry'; readonly reason: string })
  | (EventBase & {
      readonly type: 'discovery';
      readonly host: string;
      readonly port: number;
      readonly security: 'implicit' | 'starttls' | 'none';
      readonly error?: PosthornError;
    })
  | (EventBase & { readonly type: 'close'; readonly reason: string });

/** Receives events; what it throws is ignored, so that a listener can't break a delivery. */
export type EventListener = (event: PosthornEvent) => void;

const channels = new Map<PosthornEvent['type'], Channel>();

function channelOf(type: PosthornEvent['type']): Channel {
  let found = channels.get(type);
  if (!found) {
    found = channel(`posthorn:${type}`);
    channels.set(type, found);
  }
  return found;
}

/** Whether anybody would be told: an event that nobody hears need not be made. */
export function isHeard(listener: EventListener | undefined, type: PosthornEvent['type']): boolean {
  return listener !== undefined || channelOf(type).hasSubscribers;
}

/** Gives the event to the listener and to `node:diagnostics_channel` as `posthorn:<type>`. */
export function emit(listener: EventListener | undefined, event: PosthornEvent): void {
  const subscribers = channelOf(event.type);
  if (subscribers.hasSubscribers) subscribers.publish(event);
  if (!listener) return;
  try {
    listener(event);
  } catch {
    // A listener only watches; its fault must not become the message's.
  }
}
