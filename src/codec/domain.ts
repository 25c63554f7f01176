// Domain names: LDH rules (RFC 5321 section 2.3.5, RFC 1123) and their Unicode form (UTS 46).
import { domainToASCII, domainToUnicode } from 'node:url';

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const NUMERIC = /^(?:[0-9]+|0[xX][0-9A-Fa-f]*)$/;

function isHostName(domain: string): boolean {
  const labels = domain.split('.');
  return (
    domain.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !NUMERIC.test(labels.at(-1) ?? '')
  );
}

/** The domain as ASCII, or `undefined` when it is not one. */
export function toAsciiDomain(domain: string): string | undefined {
  if (/^[\x00-\x7f]*$/.test(domain)) return isHostName(domain) ? domain : undefined;
  if (/[^A-Za-z0-9.\-\u0080-\uffff]/.test(domain)) return undefined;
  const mapped = domainToASCII(domain);
  return isHostName(mapped) ? mapped : undefined;
}

/** The domain as people read it; as given when it has no other form. */
export function toUnicodeDomain(domain: string): string {
  return domainToUnicode(domain) || domain;
}
