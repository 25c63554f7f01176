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

/** Why only one family will do. */
export interface FamilyNeed {
  readonly family: 4 | 6;
  /** What needs it, as messages name it. */
  readonly by: string;
}

/**
 * The addresses of `to.host`, those of the two families by turns (RFC 8305 section 4), or of one family alone. At least
 * one; throws `ConnectionError` or `TimeoutError`.
 */
export async function resolveHost(
  to: Endpoint,
  need: FamilyNeed | undefined,
  deadline: Deadline,
): Promise<readonly HostAddress[]> {
  const context = { stage: 'dns', host: to.host, port: to.port } as const;
  const host = printable(to.host);
  const family = isIP(to.host);
  if (family !== 0) {
    if (need === undefined || need.family === family) return [{ address: to.host, family }];
    throw new ConnectionError(
      'CONNECTION_UNREACHABLE',
      `${host} is an IPv${family} address, but ${need.by} needs an IPv${need.family} address`,
      context,
    );
  }
  try {
    const looking = lookup(to.host, { all: true, family: need?.family ?? 0 });
    const found = await deadline.wait('dns', looking, () => context);
    return byTurns(found).slice(0, limits.hostAddresses);
  } catch (error) {
    if (need !== undefined && codeOf(error) === 'ENOTFOUND') {
      throw new ConnectionError(
        'CONNECTION_DNS',
        `The host name '${host}' does not exist or has no IPv${need.family} address, which ${need.by} needs`,
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
