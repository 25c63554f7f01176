// Finds a way to the server: one candidate after the other until one works or must not be passed over.
import {
  AuthenticationError,
  type DiscoveryAttempt,
  DiscoveryError,
  PosthornError,
} from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { Deadline } from '../net/internal.ts';
import { type Candidate, candidates } from './candidates.ts';
import { type OpenConnection, shakeHands } from './handshake.ts';
import type { ConnectionSettings } from './options.ts';

/** Opens the connection by the first candidate that works. */
export async function openConnection(
  settings: ConnectionSettings,
  deadline: Deadline,
): Promise<OpenConnection> {
  const ways = candidates(settings);
  const [only] = ways;
  if (ways.length === 1 && only) return await shakeHands(settings, only, deadline);
  const attempts: DiscoveryAttempt[] = [];
  for (const candidate of ways) {
    const startedAt = performance.now();
    try {
      const open = await shakeHands(settings, candidate, deadline);
      tell(settings, candidate, open.dialogue.id);
      return open;
    } catch (error) {
      if (!(error instanceof PosthornError) || mustStop(error)) throw error;
      tell(settings, candidate, 0, error);
      const { port } = candidate;
      const durationMs = performance.now() - startedAt;
      attempts.push({ port, security: securityOf(candidate), durationMs, error });
    }
  }
  throw nothingWorked(settings, attempts);
}

// A refused password is not tried elsewhere, and a certificate that fails is no reason to try with less.
function mustStop({ code }: PosthornError): boolean {
  return ['AUTH_FAILED', 'TLS_CERTIFICATE', 'ABORTED', 'OPTION_INVALID', 'CONNECTION_DNS'].includes(
    code,
  );
}

function nothingWorked({ host }: ConnectionSettings, attempts: DiscoveryAttempt[]): DiscoveryError {
  const login = attempts.find(({ error }) => error instanceof AuthenticationError)?.error;
  const stories = attempts.map(
    ({ port, security, error }) => `port ${port} (${security}): ${error.message}`,
  );
  return new DiscoveryError(
    `No way to ${host} works; give 'port' and 'security' if you know them. ${stories.join('. ')}`,
    attempts,
    {
      host,
      stage: login ? 'auth' : 'connect',
      retryable: attempts.some(({ error }) => error.retryable),
      ...(login ? { cause: login } : {}),
    },
  );
}

function tell(
  { host, onEvent }: ConnectionSettings,
  candidate: Candidate,
  connectionId: number,
  error?: PosthornError,
): void {
  const security = securityOf(candidate);
  const { port } = candidate;
  const found = error ? { error } : {};
  emit(onEvent, {
    type: 'discovery',
    at: new Date(),
    connectionId,
    host,
    port,
    security,
    ...found,
  });
}

function securityOf({ mode }: Candidate): DiscoveryAttempt['security'] {
  return mode === 'starttls-if-offered' ? 'starttls' : mode;
}
