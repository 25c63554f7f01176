// What is told when no way works: each one's story, best first, and the one that matters most as the cause.
import {
  AuthenticationError,
  type DiscoveryAttempt,
  DiscoveryError,
  type PosthornError,
} from '../base/index.ts';
import type { Candidate, Candidates } from './candidates.ts';
import type { ConnectionSettings } from './options.ts';

/** What came of one way. */
export interface Story {
  readonly candidate: Candidate;
  readonly error: PosthornError;
  readonly durationMs: number;
}

/** The failure of the whole search. */
export function nothingWorked(
  { host }: ConnectionSettings,
  { rounds, isOnePort }: Candidates,
  stories: readonly Story[],
): PosthornError {
  const told = rounds.flat().flatMap((way) => stories.filter(({ candidate }) => candidate === way));
  // On one port there is nothing to choose from: the best way's failure is what has to be cured.
  const [best] = told;
  if (isOnePort && best) return best.error;
  const attempts: DiscoveryAttempt[] = told.map(({ candidate, error, durationMs }) => {
    return { port: candidate.port, security: securityOf(candidate), durationMs, error };
  });
  const login = attempts.find(({ error }) => error instanceof AuthenticationError)?.error;
  return new DiscoveryError(
    `No way to ${host} works; give 'port' and 'security' if you know them. ${sentencesAbout(attempts).join('. ')}`,
    attempts,
    {
      host,
      stage: login ? 'auth' : 'connect',
      retryable: attempts.some(({ error }) => error.retryable),
      ...(login ? { cause: login } : {}),
    },
  );
}

/** What came of the ports of one host; what is the same for many is said once, after what is worth reading. */
export function sentencesAbout(attempts: readonly DiscoveryAttempt[]): string[] {
  const closed = attempts.filter(({ error }) => error.code === 'CONNECTION_REFUSED');
  const dark = attempts.filter(
    ({ error }) => error.code === 'TIMEOUT' && error.stage === 'connect',
  );
  const others = attempts.filter((attempt) => !closed.includes(attempt) && !dark.includes(attempt));
  const told = alikes(others).map(({ story, attempts: alike }) => {
    const [{ port, security, error }] = alike;
    if (alike.length === 1) return `Port ${port} (${security}): ${error.message}`;
    return `Ports ${alike.map((each) => each.port).join(', ')} (${security}): ${story}`;
  });
  if (dark.length > 0) {
    told.push(`No answer from ${portsOf(dark)}: a firewall may drop the packets`);
  }
  if (closed.length > 0) told.push(`Nothing listens on ${portsOf(closed)}`);
  return told;
}

interface Alike {
  readonly story: string;
  readonly attempts: [DiscoveryAttempt, ...DiscoveryAttempt[]];
}

// Attempts in one mode whose errors differ in the port alone.
function alikes(attempts: readonly DiscoveryAttempt[]): Alike[] {
  const groups: Alike[] = [];
  for (const attempt of attempts) {
    const { port, security, error } = attempt;
    const story = error.message.replaceAll(`${error.host}:${port}`, `${error.host}`);
    const group = groups.find(
      (each) => each.story === story && each.attempts[0].security === security,
    );
    if (group) group.attempts.push(attempt);
    else groups.push({ story, attempts: [attempt] });
  }
  return groups;
}

function portsOf(attempts: readonly DiscoveryAttempt[]): string {
  const ports = [...new Set(attempts.map(({ port }) => port))];
  return `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}

/** The encryption a candidate stands for, as attempts and events name it. */
export function securityOf({ mode }: Candidate): DiscoveryAttempt['security'] {
  return mode === 'starttls-if-offered' ? 'starttls' : mode;
}
