// The name a client gives itself in EHLO (RFC 5321 sections 4.1.1.1 and 4.1.4).
import { hostname } from 'node:os';
import { isIpAddress } from '../net/index.ts';

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;
// Names that every machine has are nobody's full name.
const NOBODYS = /(?:^|\.)(?:localhost|localdomain|local)$/i;

/** The machine's full name when it has one, else `localAddress` as a literal. */
export function defaultClientName(
  localAddress: string | undefined,
  machine: string = hostname(),
): string {
  if (isFullName(machine)) return machine;
  // A link-local address may carry its zone, which means nothing to the other side.
  const address = localAddress?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (address === undefined || !isIpAddress(address)) return '[127.0.0.1]';
  // RFC 5321 section 4.1.3.
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}

/** Whether `name` may stand in EHLO: a domain name, or an address literal (RFC 5321 section 4.1.3). */
export function isClientName(name: unknown): boolean {
  if (typeof name !== 'string' || name.length > 255) return false;
  const literal = /^\[([\x21-\x5a\x5e-\x7e]+)\]$/.exec(name)?.[1];
  if (literal === undefined) {
    return name.split('.').every((label) => LABEL.test(label)) && !isIpAddress(name);
  }
  const [, tag, content = ''] = /^([a-z0-9-]*[a-z0-9]):(.+)$/i.exec(literal) ?? [];
  if (tag === undefined || !/^[a-z]/i.test(tag))
    return isIpAddress(literal) && !literal.includes(':');
  // What looks like the first group of an IPv6 address is one whose tag was forgotten.
  if (tag.toLowerCase() !== 'ipv6') return tag.length > 4 || !/^[0-9a-f]*$/i.test(tag);
  return content.includes(':') && isIpAddress(content) && !content.includes('%');
}

// The last label of a domain is never all digits.
function isFullName(machine: string): boolean {
  const isDotted = machine.includes('.') && /[a-z][a-z0-9-]*$/i.test(machine);
  return isDotted && !machine.includes('_') && isClientName(machine) && !NOBODYS.test(machine);
}
