// The certificates of test/fixtures/tls.
import { readFileSync } from 'node:fs';

/** A certificate with its key, as Node's TLS takes them. */
export function certificateOf(name: string): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: fixture(`${name}.pem`), key: fixture(`${name}.key.pem`) };
}

/** A file of test/fixtures/tls. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
}
