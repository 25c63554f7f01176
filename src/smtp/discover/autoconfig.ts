// Fetches Mozilla's autoconfig document from the domain itself: over https only, from no other site.
import { ConnectionError, limits, PosthornError } from '../../base/index.ts';
import { type Deadline, type HttpAnswer, httpGet } from '../../net/internal.ts';
import type { ConnectionSettings } from '../options.ts';
import { encrypt, openTransport } from '../transport.ts';
import { type AutoconfigServer, readAutoconfig } from './autoconfig-reader.ts';

/** What the domain's web servers say. */
export interface Autoconfig {
  /** The servers that take mail, best first; placeholders are filled in. */
  readonly servers: readonly AutoconfigServer[];
  /** What went wrong on the way, in words. */
  readonly failures: readonly string[];
}

const HTTPS = 443;
const MAX_HOPS = 3;

/** Asks the two places where a domain may keep the document; the first that has one counts. */
export async function fetchAutoconfig(
  domain: string,
  address: string | undefined,
  settings: ConnectionSettings,
  deadline: Deadline,
): Promise<Autoconfig> {
  const query = address === undefined ? '' : `?emailaddress=${encodeURIComponent(address)}`;
  const places = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
  ];
  const failures: string[] = [];
  for (const place of places) {
    try {
      const bytes = await fetchDocument(new URL(place), settings, deadline);
      if (!bytes) continue;
      const servers = await readAutoconfig(bytes);
      return { servers: servers.map((server) => filledIn(server, address, domain)), failures };
    } catch (error) {
      if (!(error instanceof PosthornError) || error.code === 'ABORTED') throw error;
      failures.push(error.message);
    }
  }
  return { servers: [], failures };
}

async function fetchDocument(
  url: URL,
  settings: ConnectionSettings,
  deadline: Deadline,
): Promise<Uint8Array | undefined> {
  const limit = { name: 'autoconfigBytes', bytes: limits.autoconfigBytes };
  let at = url;
  for (let hops = 0; hops <= MAX_HOPS; hops++) {
    const there = { ...settings, host: at.hostname };
    const { stream } = await openTransport(there, HTTPS, deadline);
    const context = { stage: 'tls', host: at.hostname, port: HTTPS } as const;
    const { socket } = await encrypt(
      stream,
      there,
      { port: HTTPS, mode: 'implicit' },
      deadline,
      () => context,
    );
    const answer: HttpAnswer = await httpGet(socket, { url: at, limit }, deadline);
    if (answer.kind === 'document') return answer.bytes;
    if (answer.kind === 'none') return undefined;
    const next = URL.canParse(answer.location, at.href) ? new URL(answer.location, at) : undefined;
    if (next?.origin !== url.origin) {
      throw refused(
        url,
        'sends us to another site; only the domain itself may say where its mail goes',
      );
    }
    at = next;
  }
  throw refused(url, 'sends us from one place to the next');
}

function refused(url: URL, why: string): ConnectionError {
  const context = { stage: 'connect', host: url.hostname, port: HTTPS } as const;
  return new ConnectionError('CONNECTION_CLOSED', `https://${url.host} ${why}`, context);
}

function filledIn(
  server: AutoconfigServer,
  address: string | undefined,
  domain: string,
): AutoconfigServer {
  const localPart = address?.slice(0, address.lastIndexOf('@'));
  const fill = (text: string): string =>
    text
      .replaceAll('%EMAILDOMAIN%', domain)
      .replaceAll('%EMAILADDRESS%', address ?? '')
      .replaceAll('%EMAILLOCALPART%', localPart ?? '');
  const username = address === undefined ? undefined : server.username && fill(server.username);
  return { ...server, host: fill(server.host), username };
}
