// Which hash a certificate was signed with (RFC 5280 section 4.1.1.2). Node tells it only from version 24 on.

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

// The object identifiers of signatures as hex, with the hash of RFC 5929 section 4.1.
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010e', 'sha224'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  ['2a8648ce380403', 'sha256'], // dsa-with-sha1
  ['608648016503040301', 'sha224'],
  ['608648016503040302', 'sha256'],
]);
const RSASSA_PSS = '2a864886f70d01010a';
// The hashes named in the parameters of RSASSA-PSS (RFC 4055 section 3.1).
const PSS_HASHES: ReadonlyMap<string, string> = new Map([
  ['2b0e03021a', 'sha256'], // SHA-1
  ['608648016503040204', 'sha224'],
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
]);

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Where the next element begins. */
  readonly end: number;
}

/** The name of the hash for `tls-server-end-point`; `undefined` for signatures that have none, such as Ed25519. */
export function signatureHash(certificate: Uint8Array): string | undefined {
  const outer = read(certificate, 0)?.content;
  const toBeSigned = outer && read(outer, 0);
  const algorithm = toBeSigned && read(outer, toBeSigned.end)?.content;
  const identifier = algorithm && read(algorithm, 0);
  if (!algorithm || identifier?.tag !== OBJECT_IDENTIFIER) return undefined;
  const name = hex(identifier.content);
  if (name !== RSASSA_PSS) return HASHES.get(name);
  return pssHash(read(algorithm, identifier.end)?.content ?? new Uint8Array());
}

// RSASSA-PSS-params: [0] { SEQUENCE { OBJECT IDENTIFIER … } }, and SHA-1 when it is left out.
function pssHash(parameters: Uint8Array): string | undefined {
  const first = read(parameters, 0);
  if (first?.tag !== 0xa0) return 'sha256';
  const algorithm = read(first.content, 0);
  const identifier = algorithm?.tag === SEQUENCE ? read(algorithm.content, 0) : undefined;
  return identifier && PSS_HASHES.get(hex(identifier.content));
}

// One DER element (X.690 section 8.1); `undefined` when it does not fit.
function read(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) return undefined;
    length = 0;
    for (const octet of bytes.subarray(start, start + octets)) length = length * 256 + octet;
    start += octets;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), end };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
