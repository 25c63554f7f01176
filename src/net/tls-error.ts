// Node's and OpenSSL's errors about TLS, in words that tell the cure.
import type { PeerCertificate } from 'node:tls';
import type { ErrorContext } from '../base/index.ts';
import { PosthornError, printable, TlsError } from '../base/index.ts';
import { codeOf } from './dial-error.ts';

const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);

// What OpenSSL says when the other side's first bytes are text instead of a TLS record.
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNKNOWN_PROTOCOL',
]);

const OTHER_CERTIFICATE_FAULTS =
  /^(?:CERT_|CRL_|INVALID_|ERROR_IN_CERT|UNABLE_TO_|PATH_LENGTH|HOSTNAME_)/;

/** What is known of a handshake that failed. */
export interface HandshakeFacts {
  /** The name that was to be in the certificate. */
  readonly expected: string;
  /** The certificate, when one was shown. */
  readonly certificate: PeerCertificate | undefined;
  /** Whether the server had agreed to the handshake by its reply to STARTTLS. */
  readonly isStartTls: boolean;
}

/** A failed handshake as a `PosthornError`; one that is given already is returned as it is. */
export function tlsError(
  error: unknown,
  context: ErrorContext,
  { expected, certificate, isStartTls }: HandshakeFacts,
): PosthornError {
  if (error instanceof PosthornError) return error;
  const code = codeOf(error);
  const host = printable(context.host ?? expected);
  const where = context.port ? `${host}:${context.port}` : host;
  const details = { ...context, stage: 'tls', cause: error } as const;
  const complaint = certificateComplaint(code, printable(expected), certificate);
  if (complaint !== undefined) {
    return new TlsError('TLS_CERTIFICATE', `The certificate of ${where} ${complaint}`, details);
  }
  if (NOT_TLS.has(code) && isStartTls) {
    return new TlsError(
      'TLS_STARTTLS_VIOLATION',
      `${where} agreed to STARTTLS but went on without TLS; somebody on the way may be interfering, so the connection was closed`,
      details,
    );
  }
  if (NOT_TLS.has(code)) {
    return new TlsError(
      'TLS_WRONG_MODE',
      `${where} does not speak TLS from the first byte; write security: 'starttls' for this port, or use port 465 with security: 'implicit'`,
      details,
    );
  }
  const broke = code === 'ECONNRESET' || code === 'EPIPE' || code === '';
  const wrongMode = isStartTls
    ? 'try again later'
    : "if this port does not speak TLS from the first byte, write security: 'starttls'";
  const message = broke
    ? `${where} closed the connection during the TLS handshake; ${wrongMode}`
    : `The TLS handshake with ${where} failed: ${tlsReason(error)}; the server may speak only old versions or ciphers, or want a client certificate ('tls.cert' and 'tls.key')`;
  return new TlsError('TLS_HANDSHAKE', message, { ...details, retryable: broke });
}

/** What OpenSSL says in a few words, without its source lines; safe to print. */
export function tlsReason(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
  return printable((reason ?? error.message).trim());
}

function certificateComplaint(
  code: string,
  expected: string,
  certificate: PeerCertificate | undefined,
): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesOf(certificate);
    return `is for ${names}, not for '${expected}'; connect by a name the certificate has, or set 'tls.servername' to it if you know the server`;
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const when = certificate ? ` on ${printable(certificate.valid_to)}` : '';
    return `expired${when}; its operator must renew it (or check this machine's clock)`;
  }
  if (code === 'CERT_NOT_YET_VALID') {
    const when = certificate ? ` before ${printable(certificate.valid_from)}` : '';
    return `is not valid${when}; check this machine's clock`;
  }
  if (UNKNOWN_ISSUER.has(code)) {
    const issuer = certificate ? ` '${issuerOf(certificate)}'` : '';
    return `is issued by${issuer || ' an authority'}, which this machine does not trust; give the issuer's certificate as 'tls.ca' if you know it`;
  }
  if (OTHER_CERTIFICATE_FAULTS.test(code)) {
    return `does not verify (${code}); its operator must repair it`;
  }
  return undefined;
}

function namesOf(certificate: PeerCertificate | undefined): string {
  const alternatives = certificate?.subjectaltname;
  if (alternatives === undefined || alternatives === '') return 'no host name at all';
  return alternatives
    .split(', ')
    .map((name) => `'${printable(name.replace(/^(?:DNS|IP Address):/, ''))}'`)
    .join(', ');
}

function issuerOf({ issuer }: PeerCertificate): string {
  const name = issuer.CN ?? issuer.O ?? 'an unnamed authority';
  return printable(Array.isArray(name) ? name.join(', ') : name);
}
