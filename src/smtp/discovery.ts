// Finds a way to the server: the ways that the settings allow, side by side, until one works or must not be passed over.
import { type DiscoveryAttempt, type ErrorCode, PosthornError } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { Deadline } from '../net/internal.ts';
import { type Candidate, type Candidates, candidates } from './candidates.ts';
import { nothingWorked, type Story, securityOf } from './discovery-story.ts';
import { farewell } from './farewell.ts';
import { type ReachedServer, reachServer } from './handshake.ts';
import { login } from './login.ts';
import type { ConnectionSettings } from './options.ts';
import { reachInClear } from './other-mode.ts';
import { type RaceRules, type RunnerSigns, race } from './race.ts';

// A port behind a firewall that drops packets costs no more than the first. Who has connected is waited for longer: a
// distant server needs half a dozen round trips, and a second connection to it would be of no use.
const HEAD_START_MS = { beforeFirstSign: 250, afterwards: 1_000 };
// On one port, silence tells something: a server that awaits TLS says nothing, one that does not greets.
const ONE_PORT_HEAD_START_MS = { beforeFirstSign: Infinity, afterwards: 500 };
const IN_ITS_OWN_TIME = { beforeFirstSign: Infinity, afterwards: Infinity };
const GRACE_MS = 250;
// A server that has greeted gets its QUIT, if it goes on answering.
const LINGER_MS = 1_000;

/** Opens a connection by the best way that works and logs in. What was found is kept as long as the settings live. */
export async function openConnection(
  settings: ConnectionSettings,
  deadline: Deadline,
): Promise<ReachedServer> {
  const plan = candidates(settings);
  const [first] = plan.rounds.flat();
  if (first && plan.rounds.flat().length === 1) {
    return await loggedIn(await reachOnly(settings, first, deadline), settings, deadline);
  }
  for (;;) {
    // Several connections opened at once need one search; what it finds, or that it finds nothing, holds for all.
    for (let search = searches.get(settings); search; search = searches.get(settings)) {
      await endOf(search, settings, deadline);
    }
    const known = knownWays.get(settings);
    if (!known) break;
    const reached = await reachKnown(settings, known, deadline);
    if (reached) return await loggedIn(reached, settings, deadline);
  }
  const search = new Search(settings, plan, deadline).run();
  searches.set(settings, search);
  try {
    return await search;
  } finally {
    if (searches.get(settings) === search) searches.delete(settings);
  }
}

// Said before anything of a login has left: another port may offer more.
const NO_LOGIN_HERE: ReadonlySet<ErrorCode> = new Set([
  'AUTH_NOT_OFFERED',
  'AUTH_PLAINTEXT_REFUSED',
]);

const knownWays = new WeakMap<ConnectionSettings, Candidate>();
const searches = new WeakMap<ConnectionSettings, Promise<ReachedServer>>();

// Mail exchangers take it ill when somebody speaks before the greeting; a caller's own stream may be the only one.
async function reachOnly(
  settings: ConnectionSettings,
  way: Candidate,
  deadline: Deadline,
): Promise<ReachedServer> {
  const mayBeTls = way.mode !== 'implicit' && way.port !== 25 && way.port !== 0;
  const reach = mayBeTls && !settings.connect ? reachInClear : reachServer;
  return await reach(settings, way, deadline);
}

async function endOf(
  search: Promise<ReachedServer>,
  { host }: ConnectionSettings,
  deadline: Deadline,
): Promise<void> {
  try {
    await deadline.wait('connect', search, () => ({ host }));
  } catch (error) {
    // Who aborts ends his own call only.
    const isTheirs = error instanceof PosthornError && error.code === 'ABORTED';
    if (!isTheirs || deadline.signal?.aborted) throw error;
  }
}

async function reachKnown(
  settings: ConnectionSettings,
  known: Candidate,
  deadline: Deadline,
): Promise<ReachedServer | undefined> {
  try {
    return await reachServer(settings, known, deadline);
  } catch (error) {
    if (knownWays.get(settings) === known) knownWays.delete(settings);
    if (!(error instanceof PosthornError) || mustStop(error)) throw error;
    tell(settings, known, 0, error);
    return undefined;
  }
}

async function loggedIn(
  reached: ReachedServer,
  settings: ConnectionSettings,
  deadline: Deadline,
): Promise<ReachedServer> {
  const { dialogue, capabilities, link } = reached;
  try {
    // What logs in is loaded when somebody does.
    if (settings.credentials) await login(dialogue, capabilities, settings, link, deadline);
    return reached;
  } catch (error) {
    dialogue.close();
    throw error;
  }
}

/** One search through all the ways. */
class Search {
  readonly #settings: ConnectionSettings;
  readonly #plan: Candidates;
  readonly #deadline: Deadline;
  readonly #bounded: Deadline;
  readonly #stories: Story[] = [];

  constructor(settings: ConnectionSettings, plan: Candidates, deadline: Deadline) {
    this.#settings = settings;
    this.#plan = plan;
    this.#deadline = deadline;
    const { discovery } = settings.timeoutsMs;
    this.#bounded = deadline.within(discovery, 'timeoutsMs.discovery');
  }

  async run(): Promise<ReachedServer> {
    for (const round of this.#plan.rounds) {
      if (this.#stories.some(({ error }) => error.code === 'TLS_STARTTLS_VIOLATION')) break;
      // A way on which nobody can log in is none; the others may still be.
      for (let ways = round; ways.length > 0; ) {
        const found = await race(ways, this.#rules());
        if (!found) break;
        const reached = await this.#logIn(found.way, found.arrival);
        if (reached) return reached;
        ways = ways.filter((way) => !this.#stories.some(({ candidate }) => candidate === way));
      }
    }
    throw nothingWorked(this.#settings, this.#plan, this.#stories);
  }

  async #logIn(way: Candidate, arrival: ReachedServer): Promise<ReachedServer | undefined> {
    const { id } = arrival.dialogue;
    const startedAt = performance.now();
    try {
      const reached = await loggedIn(arrival, this.#settings, this.#deadline);
      const kept = toKeep(way, reached);
      if (kept) knownWays.set(this.#settings, kept);
      // On one port, the first mode that is tried is what was expected.
      if (!this.#plan.isOnePort || way !== this.#plan.rounds[0]?.[0]) tell(this.#settings, way, id);
      return reached;
    } catch (error) {
      const isOffer = error instanceof PosthornError && NO_LOGIN_HERE.has(error.code);
      if (!isOffer) throw error;
      this.#remember(way, error, performance.now() - startedAt);
      return undefined;
    }
  }

  #rules(): RaceRules<Candidate, ReachedServer> {
    const { isOnePort } = this.#plan;
    return {
      go: (way, signal, signs) => this.#reach(way, signal, signs),
      headStartMs: this.#headStart(),
      graceMs: GRACE_MS,
      onFailure: (way, error, durationMs) => {
        if (!(error instanceof PosthornError)) return 'stop';
        this.#remember(way, error, durationMs);
        if (mustStop(error)) return 'stop';
        return !isOnePort || mayBeOtherMode(error) || this.#mayDoWithout(error) ? 'go on' : 'stop';
      },
      onLate: ({ dialogue }) => void farewell(dialogue, this.#settings.timeoutsMs.command),
    };
  }

  // The last resort is for servers whose encryption does not work, not for lines that somebody tampers with.
  #mayDoWithout({ code }: PosthornError): boolean {
    return this.#plan.rounds.length > 1 && ['TLS_NOT_OFFERED', 'TLS_HANDSHAKE'].includes(code);
  }

  #headStart(): RaceRules<Candidate, ReachedServer>['headStartMs'] {
    if (!this.#plan.isOnePort) return HEAD_START_MS;
    // Mail exchangers take it ill when somebody speaks before the greeting, and a caller's own function may have one
    // stream only.
    const { port, connect } = this.#settings;
    return port === 25 || connect ? IN_ITS_OWN_TIME : ONE_PORT_HEAD_START_MS;
  }

  async #reach(
    way: Candidate,
    signal: AbortSignal,
    { alive, claim }: RunnerSigns,
  ): Promise<ReachedServer> {
    const giveUp = new AbortController();
    let hasGreeted = false;
    signal.addEventListener('abort', () => {
      if (hasGreeted) setTimeout(() => giveUp.abort(), LINGER_MS).unref();
      else giveUp.abort();
    });
    const { isOnePort } = this.#plan;
    return await reachServer(this.#settings, way, this.#bounded.or(giveUp.signal), {
      onProgress: (step) => {
        hasGreeted ||= step === 'greeting';
        if (isOnePort && (hasGreeted || step === 'tls')) claim();
        else alive();
      },
    });
  }

  #remember(candidate: Candidate, error: PosthornError, durationMs: number): void {
    this.#stories.push({ candidate, error, durationMs });
    tell(this.#settings, candidate, 0, error);
  }
}

// A refused password is not tried elsewhere, and a certificate that fails is no reason to try with less. A proxy that
// can't be used leads to no port.
const STOPPERS: ReadonlySet<ErrorCode> = new Set([
  'AUTH_FAILED',
  'TLS_CERTIFICATE',
  'ABORTED',
  'OPTION_INVALID',
  'CONNECTION_DNS',
  'CONNECTION_PROXY',
]);

// Encryption that comes back to a port in clear is used at once. Where it is offered and does not work, all ways are tried
// again each time.
function toKeep(way: Candidate, { capabilities }: ReachedServer): Candidate | undefined {
  if (way.mode !== 'none') return way;
  return capabilities.starttls ? undefined : { port: way.port, mode: 'starttls-if-offered' };
}

function mustStop({ code }: PosthornError): boolean {
  return STOPPERS.has(code);
}

/** Whether this is what a server says, or does not, that expects to be spoken to the other way. */
export function mayBeOtherMode({ code, stage }: PosthornError): boolean {
  const isSilent = code === 'TIMEOUT' && (stage === 'greeting' || stage === 'tls');
  return code === 'TLS_WRONG_MODE' || isSilent;
}

function tell(
  { host, onEvent }: ConnectionSettings,
  candidate: Candidate,
  connectionId: number,
  error?: PosthornError,
): void {
  const { port } = candidate;
  const security: DiscoveryAttempt['security'] = securityOf(candidate);
  const at = new Date();
  const found = error ? { error } : {};
  emit(onEvent, { type: 'discovery', at, connectionId, host, port, security, ...found });
}
