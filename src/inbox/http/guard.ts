import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Refusal } from './reply.ts';

// A browser on this machine visits other sites too, and those must neither read this mail nor delete it.
// - DNS rebinding: a foreign name may resolve to 127.0.0.1, so the name in Host is checked. An IP address
//   as Host can't be rebound.
// - Cross-site requests: there are no CORS headers, so nothing is readable; what changes something must
//   also come from this very page, or from a program that is no browser and sends neither header.

const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::\d{1,5})?$/;

/** The value of Host when a client may know this server by it; `undefined` otherwise. */
export function trustedHost(
  host: string | undefined,
  names: readonly string[],
): string | undefined {
  const value = host?.toLowerCase() ?? '';
  const name = HOST.exec(value)?.[1];
  if (name === undefined) return undefined;
  const bare = name.replace(/^\[|\]$/g, '');
  const known =
    isIP(bare) !== 0 || bare === 'localhost' || bare.endsWith('.localhost') || names.includes(bare);
  return known ? value : undefined;
}

/** Whether a request that changes something was made by this page or by no page at all. */
export function isSameOrigin(headers: IncomingHttpHeaders, host: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin.toLowerCase() === `http://${host}`;
}

/** Says why a Host was refused. */
export const hostRefusal: Refusal = {
  status: 421,
  code: 'HOST_REFUSED',
  message:
    "This inbox is not known by that name. Open it by its IP address or as localhost, or add the name to the option 'allowedHosts'.",
};

/** Says why a change was refused. */
export const originRefusal: Refusal = {
  status: 403,
  code: 'ORIGIN_REFUSED',
  message:
    'Only the page of this inbox, or a program that is no browser, may change something here.',
};
