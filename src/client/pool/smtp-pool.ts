// The pool of a client.
import type { ConnectionSettings } from '../../smtp/internal.ts';
import type { ConnectionBounds } from '../connection-options.ts';
import { Pool } from './pool.ts';
import { openLink, type SmtpJob } from './smtp-link.ts';

/** A pool of connections to the server of the settings; none is open yet. */
export function smtpPool(
  settings: ConnectionSettings,
  { max, maxMessages, rate }: ConnectionBounds,
): Pool<SmtpJob> {
  return new Pool<SmtpJob>({
    max,
    idleMs: settings.timeoutsMs.idle,
    rate,
    open: async (events, signal) => await openLink(settings, maxMessages, events, signal),
  });
}
