// What certificates say: the names and dates that messages tell, and the digests that pins are compared with.
import { createHash, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import type { CertificateSummary } from '../base/index.ts';
import { type Pin, readPin } from './tls-options.ts';

/** The facts of one certificate. */
export function summarize(certificate: PeerCertificate): CertificateSummary {
  const { subject, issuer, subjectaltname, valid_from, valid_to, fingerprint256 } = certificate;
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: alternativeNames(subjectaltname ?? ''),
    validFrom: new Date(valid_from),
    validTo: new Date(valid_to),
    fingerprint256,
  };
}

/** Whether the certificate is issued by itself. */
export function isSelfSigned({ raw }: PeerCertificate): boolean {
  const certificate = new X509Certificate(raw);
  return certificate.checkIssued(certificate);
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

/** The pin of the certificate's public key, as `tls.pins` takes it. */
export function keyPin({ raw }: PeerCertificate): string {
  return `sha256/${Buffer.from(digestOf({ of: 'key' }, raw), 'hex').toString('base64')}`;
}

/** Whether the certificate is one of `pins`. */
export function isPinned({ raw }: PeerCertificate, pins: readonly string[]): boolean {
  return pins.some((text) => {
    const pin = readPin(text);
    return pin !== undefined && digestOf(pin, raw) === pin.digest;
  });
}

function digestOf({ of }: Pick<Pin, 'of'>, raw: Buffer): string {
  const bytes =
    of === 'certificate'
      ? raw
      : new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest('hex');
}

function nameOf(holder: PeerCertificate['subject'] | undefined): string {
  const name: unknown = holder?.CN ?? holder?.O ?? '';
  return Array.isArray(name) ? name.join(', ') : String(name);
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
