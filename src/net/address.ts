// Questions about host names and IP addresses that need no network.
// Without node:net, so that configuring a client loads no socket code.
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_CHARACTERS = /^[0-9a-f:.]{2,45}$/i;
const ZONE = /^%[0-9a-z.:-]+$/i;

function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

// The URL parser knows every form of RFC 4291 section 2.2; a zone (RFC 4007 section 11) may follow.
function isIpv6(text: string): boolean {
  const at = text.indexOf('%');
  if (at >= 0 && !ZONE.test(text.slice(at))) return false;
  const bare = at < 0 ? text : text.slice(0, at);
  return bare.includes(':') && IPV6_CHARACTERS.test(bare) && URL.canParse(`http://[${bare}]`);
}

/** Whether `host` is an IP address rather than a name. */
export function isIpAddress(host: string): boolean {
  return isIpv4(host) || isIpv6(host);
}

/** Whether `address` is an IP address of this machine's loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  const bare = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address;
  if (isIpv4(bare)) return bare.startsWith('127.');
  return isIpv6(address) && /^(?:0{0,4}:)*0{0,3}1$/.test(address);
}

/** Whether `host` names this machine by a loopback address or by `localhost` (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackAddress(host) || /(?:^|\.)localhost\.?$/i.test(host);
}
