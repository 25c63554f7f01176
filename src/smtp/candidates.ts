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

/** The ways that may be tried. */
export interface Candidates {
  /** Best first. What stands in a later round is tried only when nothing of the earlier ones works. */
  readonly rounds: readonly (readonly Candidate[])[];
  /** Whether they differ in the mode alone: the server's first bytes then say which one is right. */
  readonly isOnePort: boolean;
}

const SUBMISSIONS = 465;
const LMTP = 24;
const OTHER_PORTS = [587, 25, 2525];

/** The ways that `security`, `port` and `host` allow; at least one. */
export function candidates(
  settings: Pick<ConnectionSettings, 'host' | 'port' | 'security' | 'socketPath' | 'protocol'> &
    Partial<Pick<ConnectionSettings, 'proxy'>>,
): Candidates {
  const { security, socketPath } = settings;
  // RFC 2033 section 5: LMTP has no port of its own, only one it must not use; 24 is what servers take.
  const given = settings.port ?? (settings.protocol === 'lmtp' ? LMTP : undefined);
  const only = socketPath === undefined ? given : (settings.port ?? 0);
  switch (security) {
    case 'implicit':
      return one({ port: only ?? SUBMISSIONS, mode: 'implicit' });
    case 'starttls':
      return one({ port: only ?? 587, mode: 'starttls' });
    case 'none':
      return one({ port: only ?? 25, mode: 'none' });
    case 'starttls-if-offered': {
      const ports = only === undefined ? [587, 25] : [only];
      return { rounds: [ports.map((port) => ({ port, mode: security }))], isOnePort: false };
    }
    case 'auto-tls':
    case 'auto': {
      // Behind a proxy, `localhost` is the proxy's.
      const isProxied = typeof settings.proxy === 'object';
      const isLocal = socketPath !== undefined || (isLoopbackHost(settings.host) && !isProxied);
      const withClear = security === 'auto' && !isLocal;
      // One connection tells whether a port offers STARTTLS; among several ports all encrypted ones come first.
      const mayStayClear = isLocal || (withClear && only !== undefined);
      const mode = mayStayClear ? 'starttls-if-offered' : 'starttls';
      return only === undefined ? allPorts(mode, withClear) : onePort(only, mode, withClear);
    }
    default:
      return security satisfies never;
  }
}

function one(candidate: Candidate): Candidates {
  return { rounds: [[candidate]], isOnePort: false };
}

function allPorts(mode: Candidate['mode'], withClear: boolean): Candidates {
  const encrypted: Candidate[] = [
    { port: SUBMISSIONS, mode: 'implicit' },
    ...OTHER_PORTS.map((port) => ({ port, mode })),
  ];
  const clear = OTHER_PORTS.map((port) => ({ port, mode: 'none' }) as const);
  return { rounds: withClear ? [encrypted, clear] : [encrypted], isOnePort: false };
}

function onePort(port: number, mode: Candidate['mode'], withClear: boolean): Candidates {
  // A Unix socket has no other end that TLS would be for.
  if (port === 0) return one({ port, mode });
  const modes = [mode, 'implicit'] as const;
  const encrypted = (port === SUBMISSIONS ? modes.toReversed() : modes).map((each) => ({
    port,
    mode: each,
  }));
  const clear = [{ port, mode: 'none' }] as const;
  return { rounds: withClear ? [encrypted, clear] : [encrypted], isOnePort: true };
}
