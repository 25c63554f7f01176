// The name a client gives itself in EHLO (RFC 5321 section 4.1.4).
import { hostname } from 'node:os';
import { isIpAddress } from '../net/index.ts';

const FULL_NAME =
  /^(?=.{1,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/i;

/** The machine's full name when it has one, else `localAddress` as a literal. */
export function defaultClientName(
  localAddress: string | undefined,
  machine: string = hostname(),
): string {
  if (FULL_NAME.test(machine)) return machine;
  // A link-local address may carry its zone, which means nothing to the other side.
  const address = localAddress?.replace(/%.*$/, '');
  if (address === undefined || !isIpAddress(address)) return '[127.0.0.1]';
  // RFC 5321 section 4.1.3.
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}
