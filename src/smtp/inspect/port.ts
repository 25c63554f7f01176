// Looks at one port: in the mode it should have, then in the other one, and past a certificate that does not verify.
import { PosthornError, type SmtpReply, TlsError } from '../../base/index.ts';
import type { Deadline } from '../../net/internal.ts';
import type { Candidate } from '../candidates.ts';
import { mayBeOtherMode } from '../discovery.ts';
import { securityOf } from '../discovery-story.ts';
import { farewell } from '../farewell.ts';
import { reachServer } from '../handshake.ts';
import type { ConnectionSettings } from '../options.ts';
import { type RaceRules, type RunnerSigns, race } from '../race.ts';
import type { PortInspection } from './inspection.ts';

type Draft = { -readonly [member in keyof PortInspection]: PortInspection[member] };

// A server that has said nothing for so long may wait for TLS.
const SILENCE_MS = 1_000;

/** Everything that the ways to one port tell; `ways`: the usual mode first. */
export async function inspectPort(
  settings: ConnectionSettings,
  ways: readonly [usual: Candidate, other: Candidate],
  deadline: Deadline,
): Promise<PortInspection> {
  const [usual] = ways;
  // Of two modes that both find nothing, the usual one tells why.
  let story = blank(usual);
  const rules: RaceRules<Candidate, PortInspection> = {
    go: async (way, signal, signs) => {
      const found = await look(settings, way, deadline, signal, signs);
      if (found.error && mayBeOtherMode(found.error)) {
        if (way === usual || !story.error) story = found;
        throw found.error;
      }
      return found;
    },
    // Mail exchangers take it ill when somebody speaks before the greeting.
    headStartMs: {
      beforeFirstSign: Infinity,
      afterwards: usual.port === 25 ? Infinity : SILENCE_MS,
    },
    graceMs: 0,
    onFailure: (_way, error) =>
      error instanceof PosthornError && error.code !== 'ABORTED' ? 'go on' : 'stop',
    onLate: () => undefined,
  };
  return (await race(ways, rules))?.arrival ?? story;
}

function blank({ port, mode }: Candidate): PortInspection {
  return { port, security: securityOf({ port, mode }), durationMs: 0, authInClear: [] };
}

async function look(
  settings: ConnectionSettings,
  way: Candidate,
  whole: Deadline,
  signal: AbortSignal,
  signs: RunnerSigns,
): Promise<PortInspection> {
  const startedAt = performance.now();
  const draft: Draft = { ...blank(way) };
  const deadline = whole.or(signal);
  try {
    await visit(settings, way, deadline, draft, signs);
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code === 'ABORTED') throw error;
    draft.error = error;
    if (error instanceof TlsError && error.certificate) draft.certificate = error.certificate;
    if (error.code === 'TLS_CERTIFICATE') await lookPast(settings, way, deadline, draft, signs);
  }
  draft.durationMs = performance.now() - startedAt;
  return draft;
}

// No login follows, and the error stays: this only shows what else there is to repair.
async function lookPast(
  settings: ConnectionSettings,
  way: Candidate,
  deadline: Deadline,
  draft: Draft,
  signs: RunnerSigns,
): Promise<void> {
  const tls = { ...settings.tls, rejectUnauthorized: false };
  try {
    await visit({ ...settings, tls, onEvent: undefined }, way, deadline, draft, signs);
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code === 'ABORTED') throw error;
  }
}

async function visit(
  settings: ConnectionSettings,
  way: Candidate,
  deadline: Deadline,
  draft: Draft,
  { alive, claim }: RunnerSigns,
): Promise<void> {
  const { onEvent, timeoutsMs } = settings;
  let first: SmtpReply | undefined;
  const watched: ConnectionSettings = {
    ...settings,
    credentials: undefined,
    onEvent: (event) => {
      if (event.type === 'reply') first ??= event.reply;
      onEvent?.(event);
    },
  };
  const { dialogue, server } = await reachServer(watched, way, deadline, {
    onProgress: (step) => {
      if (step === 'greeting' || step === 'tls') claim();
      else alive();
    },
    onTls: ({ protocol, cipher, certificate }) => {
      draft.tls = { protocol, cipher };
      draft.certificate = certificate();
    },
    onCapabilities: (capabilities, encrypted) => {
      draft.capabilities = capabilities;
      if (first) draft.greeting = first.lines.join(' ');
      if (!encrypted) draft.authInClear = capabilities.auth;
    },
  });
  draft.security = server.security;
  void farewell(dialogue, timeoutsMs.command);
}
