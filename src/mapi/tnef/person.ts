// People in attributes: name and address of the sender (a triple) and of owners (counted strings).
import { concatBytes, viewOf } from '../../base/internal.ts';

/** A name and an address, still in the octets of the code page. */
export interface RawPerson {
  readonly name: Uint8Array;
  /** With its type before it: `SMTP:ann@example.org`. */
  readonly address: Uint8Array;
}

// MS-OXTNEF section 2.1.3.3.5: the triple of a one-off address, and an empty one after it.
const ONE_OFF = 4;
const TRIPLE_BYTES = 8;

/** The value of attFrom. Strings come without their NUL. */
export function encodeTriple({ name, address }: RawPerson): Uint8Array {
  // An even length, padding counted: readers differ in whether it is.
  const nameBytes = (name.length + 2) & ~1;
  const addressBytes = address.length + 1;
  const size = 2 * TRIPLE_BYTES + nameBytes + addressBytes;
  const view = viewOf(new Uint8Array(size));
  view.writeUInt16LE(ONE_OFF, 0);
  view.writeUInt16LE(size, 2);
  view.writeUInt16LE(nameBytes, 4);
  view.writeUInt16LE(addressBytes, 6);
  view.set(name, TRIPLE_BYTES);
  view.set(address, TRIPLE_BYTES + nameBytes);
  return view;
}

/** Who attFrom names; `undefined` when it is no such triple. */
export function decodeTriple(bytes: Uint8Array): RawPerson | undefined {
  if (bytes.length < TRIPLE_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.readUInt16LE(0) !== ONE_OFF) return undefined;
  const nameBytes = view.readUInt16LE(4);
  const addressBytes = view.readUInt16LE(6);
  let at = TRIPLE_BYTES + nameBytes;
  // Padding that the length does not count.
  if (nameBytes % 2 === 1 && bytes[at] === 0) at++;
  return {
    name: upToNul(bytes.subarray(TRIPLE_BYTES, TRIPLE_BYTES + nameBytes)),
    address: upToNul(bytes.subarray(at, at + addressBytes)),
  };
}

/** The value of attOwner and attSentFor (MS-OXTNEF section 2.1.3.3.16). Strings come without their NUL. */
export function encodeCounted({ name, address }: RawPerson): Uint8Array {
  return concatBytes([counted(name), counted(address)]);
}

/** Who attOwner or attSentFor names; `undefined` when it is cut short. */
export function decodeCounted(bytes: Uint8Array): RawPerson | undefined {
  const name = readCounted(bytes, 0);
  const address = name && readCounted(bytes, name.end);
  return address && { name: name.text, address: address.text };
}

function counted(text: Uint8Array): Uint8Array {
  const view = viewOf(new Uint8Array(text.length + 3));
  view.writeUInt16LE(text.length + 1, 0);
  view.set(text, 2);
  return view;
}

function readCounted(
  bytes: Uint8Array,
  at: number,
): { readonly text: Uint8Array; readonly end: number } | undefined {
  if (at + 2 > bytes.length) return undefined;
  const start = at + 2;
  const end = start + viewOf(bytes).readUInt16LE(at);
  return end > bytes.length ? undefined : { text: upToNul(bytes.subarray(start, end)), end };
}

/** The octets before the first NUL, or all of them. */
function upToNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
