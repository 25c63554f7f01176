// What an address is made of (RFC 5321 section 4.1.2, RFC 6531 section 3.3): characters and lengths.
// No parsing of lists and no errors here.

/** Octets of a local part (RFC 5321 section 4.5.3.1.1). */
export const LOCAL_PART_OCTETS = 64;
/** Octets of a domain (RFC 5321 section 4.5.3.1.2). */
export const DOMAIN_OCTETS = 255;
/** Octets of an address: a path of 256 (RFC 5321 section 4.5.3.1.3) without its angle brackets. */
export const ADDRESS_OCTETS = 254;

/** Octets of an address literal with its brackets; `[IPv6:` and the longest form fit well. */
export const LITERAL_OCTETS = 64;

// RFC 5322 section 3.2.3 atext; RFC 6531 adds everything that is not ASCII.
const ATEXT = "a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~\\u0080-\\uffff";
// What a run of atoms and dots holds of ASCII: all that is printable but the other specials.
const inRun = new Uint8Array(128).fill(1, 0x21, 0x7f);
for (const special of '()<>[]:;@\\,"') inRun[special.charCodeAt(0)] = 0;
const DOT_STRING = new RegExp(`^[${ATEXT}]+(?:\\.[${ATEXT}]+)*$`);

const ASCII_DOT_STRING =
  /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;

/** Where the run of atoms and dots ends that begins at `start`; `start` itself where neither stands. */
export function runEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && inRun[text.charCodeAt(end)] !== 0) end += 1;
  return end;
}

/** Whether a local part is a Dot-string in ASCII: nothing about it needs a closer look. */
export function isAsciiDotString(local: string): boolean {
  return ASCII_DOT_STRING.test(local);
}

/** Whether a local part needs no quotes (RFC 5321 Dot-string). */
export function isDotString(local: string): boolean {
  return DOT_STRING.test(local);
}

// Characters RFC 6531 would let in that no mailbox has and that only hide what an address is:
// C0 and C1 controls, blanks, line separators, surrogates, bidirectional and zero-width controls.
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|(?! )\p{Zs}/u;
const NON_ASCII = /[^\0-\x7f]/;
const SPECIALS = /[()<>[\]:;@\\,".]/g;

/** Where the first character stands that must not be in a local part, quoted or not; -1 when there is none. */
export function hiddenCharacter(local: string): number {
  return local.search(HIDDEN);
}

/**
 * Whether a compatibility mapping (NFKC) of the text makes `@`, `.` or another special out of a
 * look-alike such as U+FF20; software that maps addresses would then see another mailbox.
 */
export function hidesSpecials(text: string): boolean {
  if (!NON_ASCII.test(text)) return false;
  const mapped = text.normalize('NFKC');
  return mapped !== text && count(mapped, SPECIALS) !== count(text, SPECIALS);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** The local part as it goes over the wire: in quotes only when it must be (RFC 5321 section 4.1.2). */
export function quoteLocalPart(value: string): string {
  return isDotString(value) ? value : quoteString(value);
}

/** A quoted-string (RFC 5322 section 3.2.4) with `"` and `\` escaped. */
export function quoteString(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/;

/**
 * An address literal without its brackets, in canonical spelling; `undefined` when it is none.
 * IPv4 and `IPv6:` only: no other tag was ever registered (RFC 5321 section 4.1.3).
 */
export function addressLiteral(text: string): string | undefined {
  if (IPV4.test(text) && !text.endsWith('.')) return text;
  const tag = /^ipv6:/i.exec(text)?.[0];
  if (tag === undefined) return undefined;
  const address = text.slice(tag.length);
  return isIpv6(address) ? `IPv6:${address}` : undefined;
}

// RFC 4291 section 2.2: eight groups, or fewer around one '::', the last two may be written as IPv4.
function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const before = groupsIn(head, tail === undefined);
  if (before === undefined) return false;
  if (tail === undefined) return before === 8;
  const after = groupsIn(tail, true);
  return after !== undefined && before + after <= 7;
}

function groupsIn(text: string, last: boolean): number | undefined {
  if (text === '') return 0;
  const groups = text.split(':');
  const final = groups.at(-1) ?? '';
  const hasIpv4 = last && final.includes('.');
  if (hasIpv4 && (!IPV4.test(final) || final.endsWith('.'))) return undefined;
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  return hex.every((group) => HEX_GROUP.test(group)) ? hex.length + (hasIpv4 ? 2 : 0) : undefined;
}
