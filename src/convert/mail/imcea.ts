// Addresses that are not of the internet, in the form of one that is (IMCEA encapsulation, MS-OXCMAIL section 2.1.1).
// The way back is exact but for a `_` in the address, which stands for `/` too.

// No such host can exist (RFC 2606): nothing is delivered to an address that could not be resolved.
const DOMAIN = 'exchange.invalid';
const PLAIN = /^[A-Za-z0-9=-]$/;
const ENCAPSULATED = /^IMCEA([A-Za-z0-9]+)-([^@]*)@/i;

/** An address of another type, such as Exchange's `EX`, as one of the internet. */
export function encapsulate(type: string, address: string): string {
  const local = Array.from(new TextEncoder().encode(address), (octet) => {
    const character = String.fromCharCode(octet);
    if (character === '/') return '_';
    if (PLAIN.test(character)) return character;
    return `+${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `IMCEA${type.replace(/[^A-Za-z0-9]/g, '')}-${local.join('')}@${DOMAIN}`;
}

/** The address that was encapsulated; `undefined` when none was. */
export function decapsulate(text: string): { type: string; address: string } | undefined {
  const [, type, local] = ENCAPSULATED.exec(text) ?? [];
  if (type === undefined || local === undefined) return undefined;
  const octets = local
    .replaceAll('_', '/')
    .replace(/\+([0-9A-Fa-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
  const address = new TextDecoder().decode(Uint8Array.from(octets, (c) => c.charCodeAt(0)));
  return { type: type.toUpperCase(), address };
}
