// What is wrong with a certificate, and the line to write about it.

import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import { printable, type TlsReason } from '../base/index.ts';
import { chainOf, keyPin, summarize } from './certificate.ts';
import { codeOf } from './dial-error.ts';

/** Why a certificate is not good enough. */
export interface Complaint {
  readonly reason: TlsReason;
  /** To follow "The certificate of HOST". */
  readonly text: string;
}

const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);

/** What `fault` means, by which verification failed. */
export function complaintAbout(
  fault: Error,
  expected: string,
  certificate: DetailedPeerCertificate,
): Complaint {
  const code = codeOf(fault);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(expected, certificate);
  if (code === 'CERT_HAS_EXPIRED') {
    return {
      reason: 'expired',
      text: `${outOfDate('expired', certificate)}; its operator must renew it (or check this machine's clock)`,
    };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return {
      reason: 'not-yet-valid',
      text: `${outOfDate('is not valid yet', certificate)}; check this machine's clock`,
    };
  }
  if (UNKNOWN_ISSUER.has(code)) return unknownIssuer(certificate);
  const text =
    code === ''
      ? `was refused by 'tls.checkServerIdentity': ${printable(fault.message)}`
      : `does not verify (${printable(code)}); its operator must repair it`;
  return { reason: 'bad-certificate', text };
}

/** The certificate is none of the pinned ones. */
export function notPinned(certificate: DetailedPeerCertificate): Complaint {
  return {
    reason: 'pin-mismatch',
    text: `is none of 'tls.pins'; somebody may stand between. If its operator confirms the new key, write tls: { pins: ['${keyPin(certificate.raw)}'] }`,
  };
}

function wrongName(expected: string, certificate: DetailedPeerCertificate): Complaint {
  const names = summarize(new X509Certificate(certificate.raw)).names.map((name) =>
    printable(name, 80),
  );
  const [first] = names;
  const theirs = first === undefined ? 'no host name at all' : shortList(names);
  // A wildcard is no name to ask for.
  const name = names.find((each) => !each.includes('*')) ?? first?.replace('*', 'mail');
  const cure =
    name === undefined
      ? 'its operator must repair it'
      : `connect by a name the certificate has, or, if you know the server, write tls: { servername: '${name}' }`;
  return {
    reason: 'name-mismatch',
    text: `is for ${theirs}, not for '${printable(expected)}'; ${cure}`,
  };
}

const SHOWN_NAMES = 8;

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => `'${name}'`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function unknownIssuer(certificate: DetailedPeerCertificate): Complaint {
  const shown = new X509Certificate(certificate.raw);
  const { subject, issuer } = summarize(shown);
  if (shown.checkIssued(shown)) {
    return {
      reason: 'self-signed',
      text: `is issued by itself ('${printable(subject, 80)}'), so this machine can't know whose it is; if the server is yours, write tls: { ca: readFileSync('its-certificate.pem') }`,
    };
  }
  const name = issuer === '' ? 'an unnamed authority' : `'${printable(issuer, 80)}'`;
  return {
    reason: 'unknown-issuer',
    text: `is issued by ${name}, which this machine does not trust; if you know that authority, write tls: { ca: readFileSync('its-certificate.pem') }`,
  };
}

// Which one of the chain it is: the server's own, or one it is issued by.
function outOfDate(
  state: 'expired' | 'is not valid yet',
  certificate: DetailedPeerCertificate,
): string {
  const now = Date.now();
  const isFaulty = ({ valid_from, valid_to }: DetailedPeerCertificate): boolean =>
    state === 'expired' ? Date.parse(valid_to) < now : Date.parse(valid_from) > now;
  const faulty = chainOf(certificate).find(isFaulty);
  if (!faulty) return state;
  const when =
    state === 'expired'
      ? `expired on ${printable(faulty.valid_to)}`
      : `is not valid before ${printable(faulty.valid_from)}`;
  if (faulty === certificate) return when;
  return `is issued by '${printable(summarize(new X509Certificate(faulty.raw)).subject, 80)}', whose own certificate ${when}`;
}
