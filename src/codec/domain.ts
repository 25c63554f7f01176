// Domain names: the rules for labels (RFC 5321 section 2.3.5, RFC 1123 section 2.1) and the Unicode
// form (UTS 46, non-transitional). What is an address literal is not a domain and not known here.
import { domainToASCII, domainToUnicode } from 'node:url';

const HOST_NAME =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const ASCII = /^[\x00-\x7f]*$/;
const ASCII_OUTSIDE_LDH = /[\x00-\x2c/\x3a-\x40\x5b-\x60\x7b-\x7f]/;
// The dots that UTS 46 takes for the ASCII one: ideographic, full width, half width.
const DOTS = /[.\u3002\uff0e\uff61]/;
// Read as an IPv4 address, or part of one, by URL parsers.
const NUMBER_AT_END = /(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)$/;
const PUNYCODE_PREFIX = /(?:^|\.)xn--/i;
const HYPHEN_AT_END = /(?:^|\.)-|-(?:\.|$)/;
// RFC 1035 section 2.3.4: 255 octets on the wire are 253 characters.
const LONGEST_DOMAIN = 253;
// Before mapping, which may drop characters; mapping is not linear, so there must be some bound.
const LONGEST_INPUT = 1000;

/**
 * The domain in ASCII, as it goes on the wire, or `undefined` when it is not a domain name. An ASCII
 * name stays as it is written, but must consist of labels of letters, digits and inner hyphens (1 to 63
 * characters, 253 in all, no dot at the end), the last not a number, and each `xn--` label must be valid.
 * Any other name is mapped once by UTS 46; the ideographic and wide dots separate labels too, and
 * nothing else may change into ASCII that separates, so that the name keeps its labels.
 */
export function toAsciiDomain(domain: string): string | undefined {
  if (ASCII.test(domain)) {
    if (!isHostName(domain)) return undefined;
    return !PUNYCODE_PREFIX.test(domain) || hasValidLabels(domain) ? domain : undefined;
  }
  // node:url would take `%41`, `/`, `?`, `#`, `:` and line ends as parts of a URL: they must not get there.
  if (domain.length > LONGEST_INPUT || ASCII_OUTSIDE_LDH.test(domain)) return undefined;
  const mapped = domainToASCII(domain);
  const sameLabels = mapped.split('.').length === domain.split(DOTS).length;
  return sameLabels && isHostName(mapped) && hasValidLabels(mapped) ? mapped : undefined;
}

/** The domain as people read it: `xn--` labels in Unicode; as given when there are none or not valid. */
export function toUnicodeDomain(domain: string): string {
  if (!PUNYCODE_PREFIX.test(domain) || !isHostName(domain) || !hasValidLabels(domain))
    return domain;
  return domainToUnicode(domain);
}

/**
 * Whether each `xn--` label stands for a Unicode label (one without a hyphen at either end: STD 3) whose
 * only ASCII form it is. Node 24 takes any label for one, so the way back is tried too.
 */
function hasValidLabels(domain: string): boolean {
  const unicode = domainToUnicode(domain);
  if (PUNYCODE_PREFIX.test(unicode) || HYPHEN_AT_END.test(unicode)) return false;
  return domainToASCII(unicode) === domain.toLowerCase();
}

function isHostName(domain: string): boolean {
  return domain.length <= LONGEST_DOMAIN && HOST_NAME.test(domain) && !NUMBER_AT_END.test(domain);
}
