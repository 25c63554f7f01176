// The one home of defaults, bounds and wording of the connection options.
import { mechanismNames } from '../auth/index.ts';
import { isMechanismChoice } from '../auth/internal.ts';
import { isIpAddress } from '../net/index.ts';
import { isClientName } from './client-name.ts';
import type { MailProtocol, Security, TimeoutsMs } from './options.ts';

/** What an option accepts. */
export interface OptionRule {
  /** Whether the value is one the option can have. */
  readonly accepts: (value: unknown) => boolean;
  /** The same in words: `Option 'port' must be …`. */
  readonly expected: string;
  /** Whether errors must not repeat the value. */
  readonly isSecret?: true;
}

/** Every mode of `security`. */
const securityModes: readonly Security[] = [
  'auto-tls',
  'auto',
  'implicit',
  'starttls',
  'starttls-if-offered',
  'none',
];

const protocols: readonly MailProtocol[] = ['smtp', 'lmtp'];

/** Defaults of `timeoutsMs`. */
export const defaultTimeoutsMs: Required<TimeoutsMs> = {
  dns: 10_000,
  connect: 10_000,
  greeting: 10_000,
  tls: 10_000,
  auth: 30_000,
  command: 60_000,
  data: 180_000,
  finalReply: 600_000,
  discovery: 30_000,
  idle: 30_000,
};

/** Bounds and wording of every option. */
export const optionRules: ReadonlyMap<string, OptionRule> = new Map<string, OptionRule>([
  ['service', { accepts: isText, expected: "a provider's name such as 'gmail'" }],
  ['host', { accepts: isHost, expected: 'a host name or an IP address' }],
  [
    'port',
    {
      accepts: (v) => isInteger(v) && v >= 1 && v <= 65_535,
      expected: 'an integer from 1 to 65535',
    },
  ],
  ['security', { accepts: (v) => isOneOf(securityModes, v), expected: oneOf(securityModes) }],
  ['protocol', { accepts: (v) => isOneOf(protocols, v), expected: oneOf(protocols) }],
  ['username', { accepts: isText, expected: 'a string that is not empty', isSecret: true }],
  ['password', { accepts: (v) => typeof v === 'string', expected: 'a string', isSecret: true }],
  [
    'authMechanisms',
    {
      accepts: (v) => Array.isArray(v) && v.every(isMechanismChoice),
      expected: `a list of ${oneOf(mechanismNames)}, or of mechanisms of your own`,
    },
  ],
  [
    'tokenProvider',
    {
      accepts: isTokenSource,
      expected: 'a token provider or a function that gives a token',
      isSecret: true,
    },
  ],
  [
    'dangerouslyAllowPlaintextAuth',
    {
      accepts: (v) => isOneOf(['loopback', false, true], v),
      expected: "'loopback', false or true",
    },
  ],
  ['tls', { accepts: isObject, expected: 'an object of TLS options', isSecret: true }],
  ['socketPath', { accepts: isText, expected: 'the path of a Unix socket' }],
  [
    'connect',
    { accepts: (v) => typeof v === 'function', expected: 'a function that returns a Duplex' },
  ],
  [
    'proxy',
    {
      accepts: (v) => isText(v) || isObject(v),
      expected: "'env', the URL of a proxy or an object with 'url' and 'tls'",
      isSecret: true,
    },
  ],
  [
    'localAddress',
    { accepts: (v) => typeof v === 'string' && isIpAddress(v), expected: 'an IP address' },
  ],
  [
    'clientName',
    {
      accepts: isClientName,
      expected: "a domain name or an address literal such as '[192.0.2.1]' or '[IPv6:2001:db8::1]'",
    },
  ],
  ['timeoutsMs', { accepts: isObject, expected: 'an object of times in milliseconds' }],
  ['pipelining', { accepts: (v) => isOneOf(['auto', 'off'], v), expected: "'auto' or 'off'" }],
  [
    'chunking',
    {
      accepts: (v) => isOneOf(['auto', 'eager', 'off'], v),
      expected: "'auto', 'eager' or 'off'",
    },
  ],
  ['onEvent', { accepts: (v) => typeof v === 'function', expected: 'a function' }],
]);

/** The bound of every member of `timeoutsMs`. */
export const timeoutRule: OptionRule = {
  accepts: (v) => typeof v === 'number' && v > 0,
  expected: 'milliseconds above 0',
};

/** Names that other libraries use, with what to write here. */
export const cures: ReadonlyMap<string, string> = new Map([
  ['secure', "write security: 'implicit' for true, security: 'starttls' for false"],
  ['auth', 'write username and password'],
  ['user', 'write username'],
  ['pass', 'write password'],
  ['requireTLS', "write security: 'starttls'"],
  ['ignoreTLS', "write security: 'none'"],
  ['name', 'write clientName'],
  ['connectionTimeout', 'write timeoutsMs: { connect }'],
  ['greetingTimeout', 'write timeoutsMs: { greeting }'],
  ['socketTimeout', 'write timeoutsMs: { command, data, finalReply }'],
  ['ssl', "write security: 'implicit'"],
]);

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/[\r\n\0]/.test(value);
}

// Spaces, controls and the characters that end a host in a URL can't be part of one.
function isHost(value: unknown): boolean {
  if (!isText(value)) return false;
  return (
    isIpAddress(withoutBrackets(value)) || (value.length <= 255 && !/[\s/\\@<>[\]?#%:]/.test(value))
  );
}

/** An IPv6 address as URLs write it, `[::1]`, without its brackets; anything else as it is. */
export function withoutBrackets(host: string): string {
  return /^\[[^[\]]*:[^[\]]*\]$/.test(host) ? host.slice(1, -1) : host;
}

function isTokenSource(value: unknown): boolean {
  if (typeof value === 'function') return true;
  const isProvider =
    isObject(value) && typeof Reflect.get(Object(value), 'getToken') === 'function';
  return isProvider;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf(list: readonly unknown[], value: unknown): boolean {
  return list.includes(value);
}

function oneOf(list: readonly string[]): string {
  return list.map((each) => `'${each}'`).join(', ');
}
