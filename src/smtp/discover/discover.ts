// From an address, a domain, a host or a provider's name to the settings of its mail server.
import {
  type DiscoveryAttempt,
  DiscoveryError,
  OptionError,
  PosthornError,
  printable,
} from '../../base/index.ts';
import { Deadline, RecordLookup } from '../../net/internal.ts';
import { openConnection } from '../discovery.ts';
import { sentencesAbout } from '../discovery-story.ts';
import { farewell } from '../farewell.ts';
import type { SmtpConnectionOptions } from '../options.ts';
import { type RaceRules, race } from '../race.ts';
import { connectionSettings } from '../settings.ts';
import { fetchAutoconfig } from './autoconfig.ts';
import { DiscoveredServer, type ServerFacts } from './discovered-server.ts';
import { findProvider, providerByDomain, providerByExchanger, providerByHost } from './provider.ts';
import type { Provider } from './providers.data.ts';
import { orderServers } from './srv-order.ts';
import { type DiscoveryTarget, readTarget } from './target.ts';

/** How to look for a server. */
export interface DiscoverOptions
  extends Pick<
    SmtpConnectionOptions,
    'tls' | 'connect' | 'proxy' | 'localAddress' | 'clientName' | 'timeoutsMs' | 'onEvent'
  > {
  /** Whether a server that offers no encryption will do as a last resort (`'auto'`). Default: `'auto-tls'`. */
  readonly security?: 'auto-tls' | 'auto';
  /** Whether SRV records are asked for (RFC 6186, RFC 8314). Default: `true`. */
  readonly srv?: boolean;
  /** Whether the mail exchanger of an address's domain may show that a known provider hosts it. Default: `true`. */
  readonly mx?: boolean;
  /**
   * Whether the domain's own web server is asked for Mozilla's autoconfig document, over https. It learns
   * the address. Default: `false`.
   */
  readonly autoconfig?: boolean;
  /**
   * Decides about a host that an SRV record names although it belongs to another domain: anybody who can
   * forge DNS answers can write such a record (RFC 6186 section 6). Default: only known providers, and
   * hosts whose certificate is good for the domain itself.
   */
  readonly confirmHost?: (host: string, domain: string) => boolean | Promise<boolean>;
  /** Name servers to ask for SRV and MX records, such as `'192.0.2.53'` or `'127.0.0.1:5353'`. Default: the system's. */
  readonly dnsServers?: readonly string[];
  /** Ends the search. */
  readonly signal?: AbortSignal;
}

/** One server to try. */
interface Way {
  readonly host: string;
  readonly port?: number;
  readonly security?: 'implicit' | 'starttls';
  /** The name to expect in the certificate, when it is not `host`. */
  readonly servername?: string;
  readonly username?: string | undefined;
}

// The names that mail servers have, when nobody says.
const USUAL_NAMES = ['smtp', 'mail'];
const HEAD_START_MS = { beforeFirstSign: 500, afterwards: 500 };
const GRACE_MS = 250;

/**
 * Finds the server that takes mail for an address (`'ann@example.com'`), a domain, a host or a service
 * (`'gmail'`): known providers first, then the domain's autoconfig document (on request), its SRV records
 * and mail exchanger, then the usual names and ports. Sends no credentials. The result goes into
 * `new SmtpClient({ ...server, username, password })`.
 *
 * Throws `OptionError` when the target is none, `DiscoveryError` when nothing works, with every attempt.
 */
export async function discover(
  target: string,
  options: DiscoverOptions = {},
): Promise<DiscoveredServer> {
  const what = readTarget(target);
  checkNames(options);
  const provider = knownProvider(what);
  if (provider) return fromProvider(provider, what, 'provider');
  return await new DiscoverySearch(what, options).run();
}

function knownProvider({ address, domain }: DiscoveryTarget): Provider | undefined {
  return address === undefined ? findProvider(domain) : providerByDomain(domain);
}

function fromProvider(
  { name, host, port, security, hint, source: documentation }: Provider,
  { address: suggestedUsername }: DiscoveryTarget,
  source: 'provider' | 'mx',
): DiscoveredServer {
  const facts = { source, provider: name, suggestedUsername, hint, documentation };
  return new DiscoveredServer({ host, port, security }, facts);
}

const OPTION_NAMES: ReadonlySet<string> = new Set<keyof DiscoverOptions>([
  ...(['security', 'srv', 'mx', 'autoconfig', 'confirmHost', 'dnsServers', 'signal'] as const),
  ...(['tls', 'connect', 'proxy', 'localAddress', 'clientName', 'timeoutsMs', 'onEvent'] as const),
]);

// Above all a login, which a search must not show to anybody.
function checkNames(options: DiscoverOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.has(name));
  if (unknown === undefined) return;
  throw new OptionError(
    printable(unknown, 80),
    `There is no option '${printable(unknown, 80)}' of discover(); the options are ${[...OPTION_NAMES].join(', ')}`,
  );
}

class DiscoverySearch {
  readonly #target: DiscoveryTarget;
  readonly #options: DiscoverOptions;
  readonly #wire: SmtpConnectionOptions;
  readonly #deadline: Deadline;
  readonly #lookup: RecordLookup;
  readonly #attempts: DiscoveryAttempt[] = [];
  readonly #notes: string[] = [];

  constructor(target: DiscoveryTarget, options: DiscoverOptions) {
    const { srv, mx, autoconfig, confirmHost, dnsServers, signal, ...wire } = options;
    this.#target = target;
    this.#options = options;
    this.#wire = wire;
    // Says at once what is wrong with the options.
    const { timeoutsMs } = connectionSettings({ ...wire, host: target.domain });
    const whole = new Deadline(signal);
    this.#deadline = whole.within(timeoutsMs.discovery, 'timeoutsMs.discovery');
    try {
      this.#lookup = new RecordLookup(timeoutsMs.dns, dnsServers);
    } catch {
      throw new OptionError(
        'dnsServers',
        "Option 'dnsServers' must be a list of IP addresses, each with or without a port",
      );
    }
  }

  async run(): Promise<DiscoveredServer> {
    const { domain, isPublic, address } = this.#target;
    const { autoconfig = false, srv = true, mx = true } = this.#options;
    this.#deadline.check('dns', () => ({ host: domain }));
    const found =
      (isPublic && autoconfig && (await this.#tellFailure(this.#byAutoconfig()))) ||
      (isPublic && srv && (await this.#tellFailure(this.#bySrv()))) ||
      (isPublic && mx && address !== undefined && (await this.#tellFailure(this.#byMx()))) ||
      (await this.#byUsualNames());
    if (found) return found;
    throw new DiscoveryError(
      `No mail server was found for ${domain}; give 'host' if you know it. ${this.#notes.join('. ')}`,
      this.#attempts,
      {
        host: domain,
        stage: 'connect',
        retryable: this.#attempts.some(({ error }) => error.retryable),
      },
    );
  }

  async #byAutoconfig(): Promise<DiscoveredServer | undefined> {
    const { domain, address } = this.#target;
    const settings = connectionSettings({ ...this.#wire, host: domain });
    const { discovery } = settings.timeoutsMs;
    // A web server that does not answer must leave time for the other ways.
    const bounded = this.#deadline.within(Math.ceil(discovery / 3), 'timeoutsMs.discovery');
    const { servers, failures } = await fetchAutoconfig(domain, address, settings, bounded);
    this.#notes.push(...failures);
    // The document came over https from the domain itself: the hosts it names are confirmed.
    const ways = servers.flatMap(({ host, port, security, username }) =>
      security === 'none' ? [] : [{ host, port, security, username }],
    );
    return await this.#firstThatWorks(ways, 'autoconfig');
  }

  async #bySrv(): Promise<DiscoveredServer | undefined> {
    const { domain } = this.#target;
    const [submissions, submission] = await Promise.all(
      ['_submissions', '_submission'].map((service) =>
        this.#lookup.srv(`${service}._tcp.${domain}`, this.#deadline),
      ),
    );
    const servers = orderServers(submissions ?? [], submission ?? []);
    const isRefused = servers.length === 0 && [submissions, submission].some((s) => s?.length);
    if (isRefused) this.#notes.push(`The SRV records of ${domain} say that it has no such server`);
    const ways: Way[] = [];
    for (const { target: host, port, security } of servers) {
      const name = host.toLowerCase();
      if (await this.#isConfirmed(name)) ways.push({ host: name, port, security });
      else {
        // RFC 6186 section 6: otherwise the certificate has to be good for the domain that was asked for.
        ways.push({ host: name, port, security, servername: domain });
        this.#notes.push(
          `An SRV record of ${domain} names ${printable(name, 255)}, which is in another domain; if it is right, allow it with 'confirmHost' or write host: '${printable(name, 255)}'`,
        );
      }
    }
    return await this.#firstThatWorks(ways, 'srv');
  }

  async #isConfirmed(host: string): Promise<boolean> {
    const { domain } = this.#target;
    if (host === domain || host.endsWith(`.${domain}`) || providerByHost(host)) return true;
    const { confirmHost } = this.#options;
    return confirmHost !== undefined && (await confirmHost(host, domain));
  }

  async #byMx(): Promise<DiscoveredServer | undefined> {
    const exchangers = await this.#lookup.mx(this.#target.domain, this.#deadline);
    for (const exchanger of exchangers) {
      const provider = providerByExchanger(exchanger);
      if (provider) return fromProvider(provider, this.#target, 'mx');
    }
    return undefined;
  }

  async #byUsualNames(): Promise<DiscoveredServer | undefined> {
    const { domain, isPublic, address } = this.#target;
    const usual = isPublic ? USUAL_NAMES.map((name) => `${name}.${domain}`) : [];
    // Of a host that was named, itself comes first; a domain of addresses is rarely its own mail server.
    const hosts = address === undefined ? [domain, ...usual] : [...usual, domain];
    return await this.#firstThatWorks(
      hosts.map((host) => ({ host })),
      'probe',
    );
  }

  async #firstThatWorks(
    ways: readonly Way[],
    source: ServerFacts['source'],
  ): Promise<DiscoveredServer | undefined> {
    if (ways.length === 0) return undefined;
    const rules: RaceRules<Way, DiscoveredServer> = {
      go: (way, signal) => this.#probe(way, signal, source),
      headStartMs: HEAD_START_MS,
      graceMs: GRACE_MS,
      onFailure: (way, error, durationMs) => this.#remember(way, error, durationMs),
      onLate: () => undefined,
    };
    return (await race(ways, rules))?.arrival;
  }

  async #probe(
    { host, port, security, servername, username }: Way,
    signal: AbortSignal,
    source: ServerFacts['source'],
  ): Promise<DiscoveredServer> {
    const settings = connectionSettings({
      ...this.#wire,
      host,
      ...(port === undefined ? {} : { port }),
      ...(security === undefined ? {} : { security }),
      ...(servername === undefined ? {} : { tls: { ...this.#wire.tls, servername } }),
    });
    const { dialogue, server } = await openConnection(settings, this.#deadline.or(signal));
    void farewell(dialogue, settings.timeoutsMs.command);
    const tls = servername === undefined ? {} : { tls: { servername } };
    return new DiscoveredServer(
      { host: settings.host, port: server.port, security: server.security, ...tls },
      {
        source,
        provider: providerByHost(host)?.name,
        suggestedUsername: username ?? this.#target.address,
      },
    );
  }

  #remember(way: Way, error: unknown, durationMs: number): 'stop' | 'go on' {
    if (!(error instanceof PosthornError) || error.code === 'ABORTED') return 'stop';
    const { port = 0, security = 'implicit' } = way;
    if (error instanceof DiscoveryError) {
      this.#attempts.push(...error.attempts);
      const host = printable(error.host ?? '', 255);
      this.#notes.push(`${host}: ${sentencesAbout(error.attempts).join('. ')}`);
    } else {
      this.#attempts.push({ port: error.port ?? port, security, durationMs, error });
      this.#notes.push(error.message);
    }
    return 'go on';
  }

  // A source that does not answer is no reason not to ask the next one.
  async #tellFailure<T>(found: Promise<T>): Promise<T | undefined> {
    try {
      return await found;
    } catch (error) {
      const isOurs = error instanceof PosthornError && error.code !== 'ABORTED';
      if (!isOurs || error.code === 'OPTION_INVALID') throw error;
      this.#notes.push(error.message);
      return undefined;
    }
  }
}
