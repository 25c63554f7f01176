// Connection options as one line: smtps://user:pass@host:465, smtp://host:587?security=starttls.
import { OptionError, printable } from '../base/index.ts';
import type { Security, SmtpConnectionOptions } from './options.ts';

// Errors never repeat the URL: one that does not parse may hold a password anywhere.
const EXAMPLE =
  "'smtps://user:password@smtp.example.com:465' or 'smtp://smtp.example.com:587?security=starttls'";

// What the query may set, with the option it becomes.
const QUERY: ReadonlyMap<string, (value: string) => SmtpConnectionOptions> = new Map<
  string,
  (value: string) => SmtpConnectionOptions
>([
  ['security', (value) => ({ security: value as Security })],
  ['clientName', (clientName) => ({ clientName })],
  ['localAddress', (localAddress) => ({ localAddress })],
  ['proxy', (proxy) => ({ proxy })],
  ['authMechanisms', (value) => ({ authMechanisms: value.toUpperCase().split(',') })],
]);

/**
 * Options from a URL: `smtps:` is TLS from the first byte, `smtp:` the default mode unless
 * `?security=` names another. User name and password are percent-decoded. Throws `OptionError`, which
 * never repeats the password.
 */
export function parseSmtpUrl(url: string): SmtpConnectionOptions {
  const { bare, zone } = splitZone(url);
  const parsed = URL.canParse(bare) ? new URL(bare) : undefined;
  if (!parsed || !['smtp:', 'smtps:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw unreadable(`must have the form ${EXAMPLE}`);
  }
  // A '#', '?' or '/' that was not encoded ends the password early: better to stop than to log in with half of it.
  if (parsed.hash !== '' || !['', '/'].includes(parsed.pathname) || parsed.search.includes('@')) {
    throw unreadable(
      "has something after host and port; write '#', '?', '/' and '@' in user name and password percent-encoded (%23, %3F, %2F, %40)",
    );
  }
  const isImplicit = parsed.protocol === 'smtps:';
  const options: SmtpConnectionOptions = {
    host: decode(parsed.hostname).replace(/^\[|\]$/g, '') + zone,
    ...(parsed.port === '' ? {} : { port: Number(parsed.port) }),
    ...(parsed.username === '' ? {} : { username: decode(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decode(parsed.password) }),
    ...(isImplicit ? { security: 'implicit' } : {}),
    ...fromQuery(parsed.searchParams),
  };
  if (isImplicit && options.security !== 'implicit') {
    throw unreadable(
      'says both smtps: and ?security=; write smtp: with ?security= or smtps: alone',
    );
  }
  return options;
}

// RFC 6874: the zone of a link-local address, which the URL parser does not know.
function splitZone(url: string): { bare: string; zone: string } {
  const found = /^([a-z]+:\/\/(?:[^@/?#]*@)?\[[0-9a-f:.]+)%(?:25)?([0-9a-z._-]+)\]/i.exec(url);
  if (!found) return { bare: url, zone: '' };
  const [before = '', start = '', zone = ''] = found;
  return { bare: `${start}]${url.slice(before.length)}`, zone: `%${zone}` };
}

function fromQuery(query: URLSearchParams): SmtpConnectionOptions {
  let options: SmtpConnectionOptions = {};
  const seen = new Set<string>();
  for (const [key, value] of query) {
    const read = QUERY.get(key);
    if (!read) {
      throw unreadable(
        `has '${printable(key, 40)}' in its query; known are ${[...QUERY.keys()].join(', ')}`,
      );
    }
    if (seen.has(key)) throw unreadable(`has '${key}' in its query more than once`);
    seen.add(key);
    options = { ...options, ...read(value) };
  }
  return options;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unreadable("has a '%' that begins no percent-encoded octet; write it as %25");
  }
}

function unreadable(why: string): OptionError {
  return new OptionError('url', `The server URL ${why}`);
}
