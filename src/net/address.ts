// Questions about host names and IP addresses that need no network.
import { isIP, isIPv4 } from 'node:net';

/** Whether `host` is an IP address rather than a name. */
export function isIpAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** Whether `address` is an IP address of this machine's loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  const bare = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address;
  if (isIPv4(bare)) return bare.startsWith('127.');
  return isIP(address) === 6 && /^(?:0{0,4}:)*0{0,3}1$/.test(address);
}

/** Whether `host` names this machine by a loopback address or by `localhost` (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackAddress(host) || /(?:^|\.)localhost\.?$/i.test(host);
}
