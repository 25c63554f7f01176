// What certificates say: the names and dates that messages tell, and the digests that pins are compared with.
import { createHash, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import type { CertificateSummary } from '../base/index.ts';
import { type Pin, readPin } from './tls-options.ts';

/** The facts of one certificate. */
export function summarize(certificate: X509Certificate): CertificateSummary {
  const { subject, issuer, subjectAltName, validFrom, validTo, fingerprint256 } = certificate;
  return {
    subject: nameIn(subject),
    issuer: nameIn(issuer),
    names: alternativeNames(subjectAltName ?? ''),
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
    fingerprint256,
  };
}

/** The certificate and those it is issued by, as far as the server has shown them. */
export function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let each: DetailedPeerCertificate | undefined = certificate;
  // The last one may name itself as its issuer.
  while (each && !chain.includes(each)) {
    chain.push(each);
    each = each.issuerCertificate;
  }
  return chain;
}

/** The pin of the public key of a certificate (DER), as `tls.pins` takes it. */
export function keyPin(certificate: Buffer): string {
  return `sha256/${Buffer.from(digestOf('key', certificate), 'hex').toString('base64')}`;
}

/** Whether the certificate (DER) is one of `pins`. */
export function isPinned(certificate: Buffer, pins: readonly string[]): boolean {
  return pins.some((text) => {
    const pin = readPin(text);
    return pin !== undefined && digestOf(pin.of, certificate) === pin.digest;
  });
}

function digestOf(of: Pin['of'], certificate: Buffer): string {
  const bytes =
    of === 'certificate'
      ? certificate
      : new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest('hex');
}

// One attribute a line, such as `CN=…`; the common name, else the organization.
function nameIn(holder: string | undefined): string {
  const lines = (holder ?? '').split('\n');
  const line =
    lines.find((each) => each.startsWith('CN=')) ?? lines.find((each) => each.startsWith('O='));
  return line?.slice(line.indexOf('=') + 1) ?? '';
}

// Node writes a name that holds a comma or a quote as a JSON string.
function alternativeNames(text: string): string[] {
  return [...text.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? unquoted(name) : name.trim(),
  );
}

function unquoted(name: string): string {
  try {
    return String(JSON.parse(name));
  } catch {
    return name;
  }
}
