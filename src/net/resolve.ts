// From a host to the addresses to try, in the order to try them.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ConnectionError, limits, printable } from '../base/index.ts';
import type { Deadline } from './deadline.ts';
import type { Endpoint } from './dial.ts';
import { codeOf, dialError } from './dial-error.ts';

/** One IP address, with its family. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/**
 * The addresses of `to.host`, those of the two families by turns (RFC 8305 section 4); of the family of `localAddress`
 * alone when there is one. At least one; throws `ConnectionError` or `TimeoutError`.
 */
export async function resolveHost(
  to: Endpoint,
  localAddress: string | undefined,
  deadline: Deadline,
): Promise<readonly HostAddress[]> {
  const wanted = localAddress === undefined ? 0 : isIP(localAddress);
  const context = { stage: 'dns', host: to.host, port: to.port } as const;
  const family = isIP(to.host);
  if (family !== 0) {
    if (wanted !== 0 && wanted !== family) {
      throw new ConnectionError(
        'CONNECTION_UNREACHABLE',
        `Can't connect to ${printable(to.host)} from 'localAddress' ${printable(localAddress ?? '')}: one is an IPv4 address, the other an IPv6 address`,
        context,
      );
    }
    return [{ address: to.host, family }];
  }
  try {
    const found = await deadline.wait(
      'dns',
      lookup(to.host, { all: true, family: wanted }),
      () => context,
    );
    return byTurns(found).slice(0, limits.hostAddresses);
  } catch (error) {
    if (wanted !== 0 && codeOf(error) === 'ENOTFOUND') {
      throw new ConnectionError(
        'CONNECTION_DNS',
        `The host name '${printable(to.host)}' does not exist or has no IPv${wanted} address, which 'localAddress' needs; check both`,
        { ...context, cause: error },
      );
    }
    throw dialError(error, context);
  }
}

/** The same addresses, the families by turns, beginning with that of the first. */
export function byTurns(addresses: readonly HostAddress[]): HostAddress[] {
  const first = addresses.filter(({ family }) => family === addresses[0]?.family);
  const second = addresses.filter(({ family }) => family !== addresses[0]?.family);
  const list: HostAddress[] = [];
  for (let at = 0; at < Math.max(first.length, second.length); at++) {
    list.push(...first.slice(at, at + 1), ...second.slice(at, at + 1));
  }
  return list;
}
