// Looks at a server from all sides without sending a message: DNS, ports, TLS, certificates, offers, login.
import { OptionError, PosthornError } from '../../base/index.ts';
import { isIpAddress, isLoopbackHost } from '../../net/index.ts';
import { Deadline, RecordLookup, resolveHost } from '../../net/internal.ts';
import type { Candidate } from '../candidates.ts';
import { openConnection } from '../discovery.ts';
import { farewell } from '../farewell.ts';
import type { ConnectionSettings, SmtpConnectionOptions } from '../options.ts';
import { connectionSettings } from '../settings.ts';
import type {
  InspectedSrv,
  LoginInspection,
  PortInspection,
  ServerInspection,
  ServerUse,
} from './inspection.ts';
import { inspectPort } from './port.ts';
import { aboutOtherModes, warningsAbout } from './warnings.ts';

/** How a server is inspected: the options of a client, and these. */
export interface InspectOptions extends SmtpConnectionOptions {
  /** Name servers to ask for SRV records. Default: the system's. */
  readonly dnsServers?: readonly string[];
  /** Ends the inspection. */
  readonly signal?: AbortSignal;
  /** Is told what is done, as it is done. Default: nobody. */
  readonly onProgress?: (progress: InspectProgress) => void;
}

/** Where an inspection stands. */
export interface InspectProgress {
  /** What is being done. */
  readonly step: 'dns' | 'ports' | 'login';
  /** How much of it is done. */
  readonly done: number;
  /** How much there is to do. */
  readonly of: number;
}

const PORTS = [465, 587, 25, 2525];

/**
 * Asks the DNS, tries every port that may take mail (or the one that is given) in both modes, and logs in
 * when there are credentials. What goes wrong on the way is part of the result; throws only `OptionError`,
 * when the host has no address, and when `signal` is aborted.
 */
export async function inspectServer(options: InspectOptions): Promise<ServerInspection> {
  const { dnsServers, signal, onProgress, ...wire } = options;
  const settings = connectionSettings(wire);
  if (settings.socketPath !== undefined || settings.protocol === 'lmtp') {
    throw new OptionError('host', 'An inspection is for SMTP servers on TCP ports; give a host');
  }
  const { host, timeoutsMs } = settings;
  const tell = onProgress ?? ((): void => undefined);
  const whole = new Deadline(signal);
  tell({ step: 'dns', done: 0, of: 1 });
  const isDirect = settings.connect === undefined && settings.proxy === undefined;
  const [addresses, srv] = await Promise.all([
    isDirect ? addressesOf(settings, whole) : [],
    recordsOf(settings, dnsServers, whole),
  ]);
  const ways = portsOf(settings);
  let done = 0;
  tell({ step: 'ports', done, of: ways.length });
  const bounded = whole.within(timeoutsMs.discovery, 'timeoutsMs.discovery');
  const ports = await Promise.all(
    ways.map(async (way) => {
      const found = await inspectPort(settings, way, bounded);
      tell({ step: 'ports', done: ++done, of: ways.length });
      return found;
    }),
  );
  const use = bestOf(ports, settings);
  if (use && settings.credentials) tell({ step: 'login', done: 0, of: 1 });
  const login = use && settings.credentials ? await tryLogin(settings, use, whole) : undefined;
  const found = { host, addresses, srv, ports, use, login };
  const unused = use ? [] : aboutOtherModes(ports, settings.security);
  return { ...found, warnings: [...unused, ...warningsAbout(found, Date.now())] };
}

async function addressesOf(
  { host, port, timeoutsMs }: ConnectionSettings,
  deadline: Deadline,
): Promise<string[]> {
  const bounded = deadline.within(timeoutsMs.dns, 'timeoutsMs.dns');
  const found = await resolveHost({ host, port: port ?? 0 }, undefined, bounded);
  return found.map(({ address }) => address);
}

// They are news, not needs: a name server that does not answer takes nothing away.
async function recordsOf(
  { host, timeoutsMs, port }: ConnectionSettings,
  dnsServers: readonly string[] | undefined,
  deadline: Deadline,
): Promise<InspectedSrv[]> {
  if (isIpAddress(host) || isLoopbackHost(host) || !host.includes('.') || port !== undefined) {
    return [];
  }
  const lookup = new RecordLookup(timeoutsMs.dns, dnsServers);
  const services = ['_submissions', '_submission'] as const;
  const found = await Promise.all(
    services.map(async (service) => {
      try {
        const records = await lookup.srv(`${service}._tcp.${host}`, deadline);
        return records.map((record) => ({ service, ...record }));
      } catch (error) {
        if (!(error instanceof PosthornError) || error.code === 'ABORTED') throw error;
        return [];
      }
    }),
  );
  return found.flat();
}

function portsOf({ port, security }: ConnectionSettings): [Candidate, Candidate][] {
  return (port === undefined ? PORTS : [port]).map((each) => {
    const clear: Candidate = {
      port: each,
      mode: security === 'none' ? 'none' : 'starttls-if-offered',
    };
    const implicit: Candidate = { port: each, mode: 'implicit' };
    return each === 465 || security === 'implicit' ? [implicit, clear] : [clear, implicit];
  });
}

function bestOf(
  ports: readonly PortInspection[],
  { host, security }: ConnectionSettings,
): ServerUse | undefined {
  const fits = (port: PortInspection): boolean => {
    if (port.error) return false;
    if (security === 'implicit' || security === 'starttls') return port.security === security;
    if (port.security !== 'none') return security !== 'none';
    return ['auto', 'none', 'starttls-if-offered'].includes(security) || isLoopbackHost(host);
  };
  const fitting = ports.filter(fits);
  const best = fitting.find((port) => port.security !== 'none') ?? fitting[0];
  return best && { host, port: best.port, security: best.security };
}

async function tryLogin(
  settings: ConnectionSettings,
  { port, security }: ServerUse,
  deadline: Deadline,
): Promise<LoginInspection> {
  let mechanism: string | undefined;
  const watched: ConnectionSettings = {
    ...settings,
    port,
    security,
    onEvent: (event) => {
      if (event.type === 'auth') mechanism = event.mechanism;
      settings.onEvent?.(event);
    },
  };
  try {
    const { dialogue } = await openConnection(watched, deadline);
    void farewell(dialogue, settings.timeoutsMs.command);
    return mechanism === undefined ? {} : { mechanism };
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code === 'ABORTED') throw error;
    return { error };
  }
}
