// From what `posthorn check` is given to the options of an inspection.
import { readFile } from 'node:fs/promises';
import { OptionError } from '../../base/index.ts';
import {
  type DiscoveredServer,
  discover,
  findProvider,
  type InspectOptions,
  parseSmtpUrl,
  type Security,
} from '../../smtp/index.ts';
import { findCredentials } from '../credentials.ts';
import type { CliIo } from '../io.ts';
import { warnAboutArgv } from '../password.ts';
import type { CheckFlags } from './flags.ts';

/** What is to be looked at. */
export interface CheckTarget {
  readonly options: InspectOptions;
  /** How the host was found, when it is not the one that was given. */
  readonly found: DiscoveredServer | undefined;
}

/** Reads the target and the flags; finds or asks for what logs the user in. */
export async function checkTarget(
  given: string,
  flags: CheckFlags,
  io: CliIo,
  signal: AbortSignal,
): Promise<CheckTarget> {
  const wire = await wireOptions(flags);
  const server = given.includes('://') ? parseSmtpUrl(given) : hostAndPort(given);
  if (server.password !== undefined) warnAboutArgv(io);
  const found = isKnownByOther(server)
    ? await discover(server.host ?? '', { ...wire, signal })
    : undefined;
  const named = found ? settingsOf(found) : {};
  const options = { ...server, ...named, ...wire, ...chosen(flags) };
  const { host = '', username, password } = options;
  if (username === undefined || password !== undefined) return { options, found };
  const credentials = await findCredentials({ username, host }, flags, true, io);
  return { options: { ...options, ...credentials }, found };
}

/** The host that was found, and its port where that is none of those that are looked at anyway. */
export function settingsOf({ host, port, security }: DiscoveredServer): InspectOptions {
  return [465, 587, 25, 2525].includes(port) ? { host } : { host, port, security };
}

function isKnownByOther({ host = '' }: InspectOptions): boolean {
  const provider = findProvider(host);
  return host.includes('@') || (provider !== undefined && provider.host !== host.toLowerCase());
}

/** The options of the connection that do not depend on the target. */
async function wireOptions({
  ca,
  proxy,
  clientName,
  timeout,
}: CheckFlags): Promise<Pick<InspectOptions, 'tls' | 'proxy' | 'clientName' | 'timeoutsMs'>> {
  return {
    ...(ca === undefined ? {} : { tls: { ca: await readFile(ca) } }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(clientName === undefined ? {} : { clientName }),
    ...(timeout === undefined ? {} : { timeoutsMs: { discovery: seconds(timeout) * 1000 } }),
  };
}

function chosen({ port, security, username }: CheckFlags): InspectOptions {
  return {
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(security === undefined ? {} : { security: security as Security }),
    ...(username === undefined ? {} : { username }),
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new OptionError('timeout', `--timeout is a number of seconds above 0, not '${text}'`);
}

function hostAndPort(given: string): InspectOptions {
  const [, host, port] = /^(?:\[(?=.*\]:\d+$))?([^\]]*?)\]?:(\d{1,5})$/.exec(given) ?? [];
  const isPlain = host !== undefined && (!host.includes(':') || given.startsWith('['));
  return isPlain ? { host, port: Number(port) } : { host: given.replace(/^\[(.*)\]$/, '$1') };
}
