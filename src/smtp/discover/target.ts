// What `discover` is asked about: an address, a domain, a host, or the name of a service.
import { OptionError, printable } from '../../base/index.ts';
import { toAsciiDomain } from '../../codec/index.ts';
import { isIpAddress, isLoopbackHost } from '../../net/index.ts';

/** The target, taken apart. */
export interface DiscoveryTarget {
  /** The whole address; `undefined` when the target is none. */
  readonly address: string | undefined;
  /** Domain or host in ASCII and lower case, or an IP address. */
  readonly domain: string;
  /** Whether the DNS knows more about it: not for IP addresses, loopback and names without a dot. */
  readonly isPublic: boolean;
}

/** Reads the target. Throws `OptionError` when it is nothing that could be found. */
export function readTarget(target: string): DiscoveryTarget {
  const text = typeof target === 'string' ? target.trim() : '';
  const at = text.lastIndexOf('@');
  const given = text.slice(at + 1).replace(/\.$/, '');
  const domain = isIpAddress(given) ? given : toAsciiDomain(given);
  if (domain === undefined || at === 0 || text.includes('://')) {
    throw new OptionError(
      'target',
      `discover() takes an address, a domain, a host or the name of a service, such as 'ann@example.com' or 'gmail', got '${printable(text, 80)}'`,
    );
  }
  const name = domain.toLowerCase();
  const isLocal = isIpAddress(name) || isLoopbackHost(name) || !name.includes('.');
  return { address: at > 0 ? text : undefined, domain: name, isPublic: !isLocal };
}
