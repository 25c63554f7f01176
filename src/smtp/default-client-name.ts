// The name a client gives itself in EHLO when it is given none (RFC 5321 section 4.1.4).
import { hostname } from 'node:os';
import { isIpAddress } from '../net/index.ts';
import { isClientName } from './client-name.ts';

// Names that every machine has are nobody's full name.
const NOBODYS = /(?:^|\.)(?:localhost|localdomain|local)$/i;

let name: string | undefined;

/** What the machine is called; asked once. */
function machineName(): string {
  name ??= hostname();
  return name;
}

/** The machine's full name when it has one, else `localAddress` as a literal. */
export function defaultClientName(
  localAddress: string | undefined,
  machine: string = machineName(),
): string {
  if (isFullName(machine)) return machine;
  // A link-local address may carry its zone, which means nothing to the other side.
  const address = localAddress?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (address === undefined || !isIpAddress(address)) return '[127.0.0.1]';
  // RFC 5321 section 4.1.3.
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}

// The last label of a domain is never all digits.
function isFullName(machine: string): boolean {
  const isDotted = machine.includes('.') && /[a-z][a-z0-9-]*$/i.test(machine);
  return isDotted && !machine.includes('_') && isClientName(machine) && !NOBODYS.test(machine);
}
