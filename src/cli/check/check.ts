// `posthorn check`: finds the server, looks at it from all sides, tells what a send would meet.
import { PosthornError, printable } from '../../base/index.ts';
import {
  type DiscoveredServer,
  discover,
  inspectServer,
  type ServerInspection,
} from '../../smtp/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine } from '../text.ts';
import type { CheckFlags } from './flags.ts';
import { type CheckProgress, checkProgress } from './progress.ts';
import { reportOn } from './report.ts';
import { type CheckTarget, checkTarget, settingsOf } from './target.ts';
import { inspectionToJson } from './to-json.ts';

const WIDEST = 100;

/** Looks at the server that `given` names and prints what was found. */
export async function runCheck(given: string, flags: CheckFlags, io: CliIo): Promise<ExitCode> {
  const interrupted = new AbortController();
  const forget = io.onInterrupt(() => interrupted.abort());
  const { signal } = interrupted;
  const progress = checkProgress(given.replace(/.*@/, ''), io);
  try {
    const target = await checkTarget(given, flags, io, signal);
    const { found, notes } = await inspect(target, signal, progress);
    progress.clear();
    if (flags.json) await io.stdout.write(jsonLine(inspectionToJson(found)));
    else {
      const width = Math.min(io.stdout.columns ?? 80, WIDEST);
      const look = { paint: paintFor(io.stdout, io.env), width, verbose: flags.verbose ?? false };
      await io.stdout.write(reportOn(found, notes, look));
    }
    return verdictOn(found);
  } finally {
    progress.clear();
    forget();
  }
}

interface Findings {
  readonly found: ServerInspection;
  /** How it came to the host that was looked at. */
  readonly notes: readonly string[];
}

async function inspect(
  { options, found: named }: CheckTarget,
  signal: AbortSignal,
  progress: CheckProgress,
): Promise<Findings> {
  const { onProgress } = progress;
  const notes = named ? [introduction(named)] : [];
  let failure: unknown;
  let inspection: ServerInspection | undefined;
  try {
    inspection = await inspectServer({ ...options, signal, onProgress });
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code !== 'CONNECTION_DNS') throw error;
    failure = error;
  }
  if (inspection?.use || named || options.port !== undefined) {
    if (inspection) return { found: inspection, notes };
    throw failure;
  }
  // The name of a domain rather than of its mail server?
  const other = await otherServer(options.host ?? '', options, signal);
  if (other) {
    const settings = settingsOf(other);
    const found = await inspectServer({ ...options, ...settings, signal, onProgress });
    return {
      found,
      notes: [`${printable(options.host ?? '', 255)} takes no mail itself.`, introduction(other)],
    };
  }
  if (inspection) return { found: inspection, notes };
  throw failure;
}

async function otherServer(
  host: string,
  { tls, proxy, clientName, timeoutsMs }: CheckTarget['options'],
  signal: AbortSignal,
): Promise<DiscoveredServer | undefined> {
  const wire = {
    ...(tls ? { tls } : {}),
    ...(proxy ? { proxy } : {}),
    ...(clientName ? { clientName } : {}),
    ...(timeoutsMs ? { timeoutsMs } : {}),
  };
  try {
    const found = await discover(host, { ...wire, signal });
    return found.host === host ? undefined : found;
  } catch (error) {
    if (error instanceof PosthornError && error.code === 'DISCOVERY_FAILED') return undefined;
    throw error;
  }
}

const SOURCES: Readonly<Record<DiscoveredServer['source'], string>> = {
  provider: 'in the table of known providers',
  mx: 'by its mail exchanger',
  srv: 'by its SRV records',
  autoconfig: 'by its autoconfig document',
  probe: 'by its usual name',
};

function introduction({ host, port, source, hint }: DiscoveredServer): string {
  const server = `The server is ${printable(host, 255)} port ${port}, found ${SOURCES[source]}.`;
  return hint === undefined ? server : `${server} ${hint}`;
}

function verdictOn({ use, login, ports }: ServerInspection): ExitCode {
  if (login?.error) return exitCodeOf(login.error);
  if (use) return exitCodes.ok;
  const errors = ports.flatMap(({ error }) => (error ? [error] : []));
  const telling = errors.find(({ code }) => code !== 'CONNECTION_REFUSED') ?? errors[0];
  return telling ? exitCodeOf(telling) : exitCodes.unavailable;
}
