// Which ports and modes are tried, in which order. Pure: the one place to look when the order is in question.
import { isLoopbackHost } from '../net/index.ts';
import type { ConnectionSettings } from './options.ts';

/** One way to a server. */
export interface Candidate {
  /** The TCP port; 0 for a Unix socket. */
  readonly port: number;
  /** TLS from the first byte, STARTTLS or fail, STARTTLS if offered, or in clear. */
  readonly mode: 'implicit' | 'starttls' | 'starttls-if-offered' | 'none';
}

const SUBMISSIONS = 465;

/** The ways that `security`, `port` and `host` allow, best first; at least one. */
export function candidates({
  host,
  port,
  security,
  socketPath,
}: Pick<ConnectionSettings, 'host' | 'port' | 'security' | 'socketPath'>): readonly Candidate[] {
  const isLocal = socketPath !== undefined || isLoopbackHost(host);
  const only = socketPath === undefined ? port : (port ?? 0);
  switch (security) {
    case 'implicit':
      return [{ port: only ?? SUBMISSIONS, mode: 'implicit' }];
    case 'starttls':
      return [{ port: only ?? 587, mode: 'starttls' }];
    case 'none':
      return [{ port: only ?? 25, mode: 'none' }];
    case 'starttls-if-offered':
      return (only === undefined ? [587, 25] : [only]).map((each) => ({
        port: each,
        mode: 'starttls-if-offered',
      }));
    case 'auto-tls':
    case 'auto': {
      const clearAllowed = isLocal || (security === 'auto' && only !== undefined);
      const mode = clearAllowed ? 'starttls-if-offered' : 'starttls';
      if (only !== undefined)
        return [{ port: only, mode: only === SUBMISSIONS ? 'implicit' : mode }];
      const encrypted = [587, 25, 2525].map((each) => ({ port: each, mode }) as const);
      const clear = [587, 25, 2525].map((each) => ({ port: each, mode: 'none' }) as const);
      return [
        { port: SUBMISSIONS, mode: 'implicit' },
        ...encrypted,
        ...(security === 'auto' && !isLocal ? clear : []),
      ];
    }
    default:
      return security satisfies never;
  }
}
