// A port that is spoken to in clear and says nothing may wait for TLS: this finds out before the deadline does.
import { TlsError } from '../base/index.ts';
import type { Deadline } from '../net/internal.ts';
import type { Candidate } from './candidates.ts';
import { peerOf } from './failure.ts';
import { farewell } from './farewell.ts';
import { type ReachedServer, reachServer } from './handshake.ts';
import type { ConnectionSettings } from './options.ts';

// Longer than a server needs that looks up its client's name first.
const SILENCE_MS = 2_000;

/**
 * Goes one way to the server. When it is silent for two seconds, a second connection speaks TLS to it; if it
 * understands, the first ends with `TLS_WRONG_MODE`. Without that, fails as `reachServer` does.
 */
export async function reachInClear(
  settings: ConnectionSettings,
  way: Candidate,
  deadline: Deadline,
): Promise<ReachedServer> {
  const over = new AbortController();
  const bounded = deadline.or(over.signal);
  let isTls = false;
  let isProbed = false;
  let silence: NodeJS.Timeout | undefined;
  const probe = async (): Promise<void> => {
    isProbed = true;
    isTls = await speaksTls(settings, way, bounded);
    if (isTls) over.abort();
  };
  try {
    return await reachServer(settings, way, bounded, {
      onProgress: (step) => {
        clearTimeout(silence);
        if (step === 'connect') silence = setTimeout(() => void probe(), SILENCE_MS);
      },
    });
  } catch (error) {
    if (!isTls || deadline.signal?.aborted) throw error;
    const context = { stage: 'greeting', host: settings.host, port: way.port } as const;
    throw new TlsError(
      'TLS_WRONG_MODE',
      `${peerOf(context)} speaks TLS from the first byte; write security: 'implicit' for this port`,
      context,
    );
  } finally {
    clearTimeout(silence);
    // Whichever is still under way has nothing more to tell. An abort costs as much as a write to a socket.
    if (isProbed) over.abort();
  }
}

// Whoever it is: nothing is said to them, and nothing they say is used.
async function speaksTls(
  settings: ConnectionSettings,
  { port }: Candidate,
  deadline: Deadline,
): Promise<boolean> {
  const quiet: ConnectionSettings = {
    ...settings,
    tls: { ...settings.tls, rejectUnauthorized: false },
    credentials: undefined,
    onEvent: undefined,
  };
  let isTls = false;
  try {
    const onTls = (): void => {
      isTls = true;
    };
    const { dialogue } = await reachServer(quiet, { port, mode: 'implicit' }, deadline, { onTls });
    void farewell(dialogue, settings.timeoutsMs.command);
  } catch {
    // The story is told by the way that was asked for.
  }
  return isTls;
}
