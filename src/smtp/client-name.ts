// Which names may stand in EHLO (RFC 5321 section 4.1.1.1). Without node:os: configuring a client loads as little as it can.
import { isIpAddress } from '../net/index.ts';

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

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
