// Options checked once, at the edge; behind it only settings are passed around.

import { accountOf } from '../auth/internal.ts';
import { OptionError, printable } from '../base/index.ts';
import { toAsciiDomain } from '../codec/index.ts';
import { checkTlsOptions, isIpAddress, proxySettings } from '../net/index.ts';
import { Manners } from './courier/manners.ts';
import { providerByName } from './discover/provider.ts';
import {
  cures,
  defaultTimeoutsMs,
  type OptionRule,
  optionRules,
  timeoutRule,
  withoutBrackets,
} from './option-table.ts';
import type { ConnectionSettings, SmtpConnectionOptions, TimeoutsMs } from './options.ts';

/**
 * Checks the options and fills in the defaults. `otherNames` are members that the caller has checked
 * itself. Throws `OptionError`, which never repeats a secret.
 */
export function connectionSettings(
  given: SmtpConnectionOptions,
  otherNames: readonly string[] = [],
): ConnectionSettings {
  refuseUrlAsHost(given.host);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || otherNames.includes(name)) continue;
    const rule = optionRules.get(name);
    if (!rule) throw new OptionError(name, unknownOption(name));
    check(name, value, rule);
  }
  if (given.tls) checkTlsOptions(given.tls);
  const options = withService(given);
  if (options.host === undefined && options.socketPath === undefined) {
    throw new OptionError('host', "Option 'host' must be given: the name of the mail server");
  }
  return {
    host: asciiHost(options.host ?? 'localhost'),
    port: options.port,
    security: options.security ?? 'auto-tls',
    protocol: options.protocol ?? 'smtp',
    credentials: accountOf(options),
    dangerouslyAllowPlaintextAuth: options.dangerouslyAllowPlaintextAuth ?? 'loopback',
    // The caller's own object: the SecureContext made from it is kept as long as it lives.
    tls: options.tls ?? defaultTls,
    socketPath: options.socketPath,
    connect: options.connect,
    proxy: proxyOf(options),
    localAddress: options.localAddress,
    clientName: options.clientName,
    timeoutsMs: timeouts(options.timeoutsMs ?? {}),
    pipelining: options.pipelining ?? 'auto',
    chunking: options.chunking ?? 'auto',
    manners: new Manners(),
    onEvent: options.onEvent,
  };
}

const defaultTls = {};

function proxyOf({
  proxy,
  connect,
  socketPath,
}: SmtpConnectionOptions): ConnectionSettings['proxy'] {
  if (proxy === undefined) return undefined;
  const settings = proxySettings(proxy);
  if (settings !== 'env' && (connect ?? socketPath) !== undefined) {
    const other = connect ? 'connect' : 'socketPath';
    throw new OptionError(
      'proxy',
      `Give 'proxy' or '${other}', not both: they are two ways to open the connection`,
    );
  }
  return settings;
}

function withService(options: SmtpConnectionOptions): SmtpConnectionOptions {
  const { service, host, port } = options;
  if (service === undefined) return options;
  if (host !== undefined) {
    throw new OptionError('service', "Give 'service' or 'host', not both: a service has its host");
  }
  const provider = providerByName(service);
  // Another port than the provider's may want another mode.
  const isItsPort = port === undefined || port === provider.port;
  const security = options.security ?? (isItsPort ? provider.security : 'auto-tls');
  return { ...options, host: provider.host, port: port ?? provider.port, security };
}

function check(name: string, value: unknown, { accepts, expected, isSecret }: OptionRule): void {
  if (accepts(value)) return;
  const got = isSecret ? typeof value : shown(value);
  throw new OptionError(name, `Option '${name}' must be ${expected}, got ${got}`);
}

function timeouts(given: TimeoutsMs): Required<TimeoutsMs> {
  const known = new Set(Object.keys(defaultTimeoutsMs));
  const set: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const path = `timeoutsMs.${name}`;
    if (!known.has(name)) {
      throw new OptionError(
        path,
        `Option '${printable(path, 80)}' does not exist; timeoutsMs has ${[...known].join(', ')}`,
      );
    }
    check(path, value, timeoutRule);
    set[name] = value;
  }
  return { ...defaultTimeoutsMs, ...set };
}

// Not shown: a URL in this place may hold the password.
function refuseUrlAsHost(host: unknown): void {
  if (typeof host !== 'string' || !/@|:\/\//.test(host)) return;
  throw new OptionError(
    'host',
    "Option 'host' must be a host name alone, such as 'smtp.example.com'; a URL with user and password is given in place of all options",
  );
}

function asciiHost(given: string): string {
  const host = withoutBrackets(given);
  if (isIpAddress(host)) return host;
  const ascii = toAsciiDomain(host.replace(/\.$/, ''));
  // A name without a registered form (an underscore in a container's name) may still resolve.
  if (ascii === undefined && /[^\x21-\x7e]/.test(host)) {
    throw new OptionError('host', `Option 'host' must be a host name, got ${shown(host)}`);
  }
  return ascii ?? host;
}

function unknownOption(name: string): string {
  const cure = cures.get(name) ?? `the options are ${[...optionRules.keys()].join(', ')}`;
  return `There is no option '${printable(name, 80)}'; ${cure}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${printable(value, 80)}'`;
  return typeof value === 'object' || typeof value === 'function' ? typeof value : String(value);
}
