// Node's and OpenSSL's errors about TLS, in words that tell the cure.
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import type { ErrorContext, TlsReason } from '../base/index.ts';
import { PosthornError, printable, TlsError } from '../base/index.ts';
import { summarize } from './certificate.ts';
import type { Complaint } from './certificate-complaint.ts';
import { codeOf } from './dial-error.ts';
import type { TlsOptions } from './tls-options.ts';

/** How TLS came about: from the first byte, after the server's reply to STARTTLS, or with a proxy in front. */
export type TlsMode = 'implicit' | 'starttls' | 'proxy';

/** What is known of a handshake that failed. */
export interface HandshakeFacts {
  /** The name that was to be in the certificate. */
  readonly expected: string;
  readonly mode: TlsMode;
  readonly tls: TlsOptions;
}

// What OpenSSL says when the other side's first bytes are text instead of a TLS record.
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNKNOWN_PROTOCOL',
]);

const VERSION =
  /ALERT_PROTOCOL_VERSION$|_(?:UNSUPPORTED_PROTOCOL|VERSION_TOO_(?:LOW|HIGH)|NO_PROTOCOLS_AVAILABLE)$/;
const UNKNOWN_NAME = /UNRECOGNIZED_NAME$/;

// Alerts by which a server asks for a certificate, or refuses the one it was shown (RFC 8446 section 6.2).
const CLIENT_CERTIFICATE =
  /ALERT_(?:CERTIFICATE_(?:REQUIRED|UNKNOWN|EXPIRED|REVOKED)|BAD_CERTIFICATE|UNKNOWN_CA|NO_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/;

/** A failed handshake as a `PosthornError`; one that is given already is returned as it is. */
export function tlsError(
  error: unknown,
  context: ErrorContext,
  facts: HandshakeFacts,
): PosthornError {
  if (error instanceof PosthornError) return error;
  const code = codeOf(error);
  const where = placeOf(context, facts);
  const make = (
    kind: 'TLS_HANDSHAKE' | 'TLS_WRONG_MODE' | 'TLS_STARTTLS_VIOLATION',
    message: string,
    details: { readonly reason?: TlsReason; readonly retryable?: boolean } = {},
  ): TlsError =>
    new TlsError(kind, message, { ...context, stage: 'tls', cause: error, ...details });

  if (NOT_TLS.has(code)) return make(...notTls(where, facts.mode, context.port));
  if (VERSION.test(code)) {
    return make('TLS_HANDSHAKE', noVersion(where, facts.tls), { reason: 'version' });
  }
  if (UNKNOWN_NAME.test(code)) {
    const message = `${where} has no certificate for the name '${printable(facts.expected)}'; check 'host', or write the right name as tls: { servername: '…' }`;
    return make('TLS_HANDSHAKE', message, { reason: 'name-mismatch' });
  }
  if (isAboutClientCertificate(error)) {
    const message = `${where} ${wantsCertificate(facts.tls)}`;
    return make('TLS_HANDSHAKE', message, { reason: 'client-certificate' });
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === '') {
    const message = `${where} closed the connection during the TLS handshake; ${closedCure(facts.mode)}`;
    return make('TLS_HANDSHAKE', message, { retryable: true });
  }
  return make(
    'TLS_HANDSHAKE',
    `The TLS handshake with ${where} failed: ${tlsReason(error)}; the server may have no cipher in common with this client, or want a client certificate ('tls.cert' and 'tls.key')`,
  );
}

/** The certificate that was shown is not good enough. */
export function certificateError(
  { reason, text }: Complaint,
  context: ErrorContext,
  facts: HandshakeFacts & { readonly certificate: DetailedPeerCertificate },
  cause?: unknown,
): TlsError {
  return new TlsError('TLS_CERTIFICATE', `The certificate of ${placeOf(context, facts)} ${text}`, {
    ...context,
    stage: 'tls',
    reason,
    certificate: summarize(new X509Certificate(facts.certificate.raw)),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What OpenSSL says in a few words, without its source lines; safe to print. */
export function tlsReason(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
  return printable((reason ?? error.message).trim());
}

/** Whether the other side complains of the client's certificate, or of there being none. */
export function isAboutClientCertificate(error: unknown): boolean {
  return CLIENT_CERTIFICATE.test(codeOf(error));
}

function notTls(
  where: string,
  mode: TlsMode,
  port: number | undefined,
): [code: 'TLS_WRONG_MODE' | 'TLS_STARTTLS_VIOLATION', message: string] {
  if (mode === 'starttls') {
    return [
      'TLS_STARTTLS_VIOLATION',
      `${where} agreed to STARTTLS but went on without TLS; somebody on the way may be interfering, so the connection was closed`,
    ];
  }
  const cure =
    mode === 'proxy'
      ? "write http:// instead of https:// in option 'proxy'"
      : `write security: 'starttls' for this port${port === 465 ? '' : ", or use port 465 with security: 'implicit'"}`;
  return ['TLS_WRONG_MODE', `${where} does not speak TLS from the first byte; ${cure}`];
}

function noVersion(where: string, { minVersion, maxVersion }: TlsOptions): string {
  const bounds = [
    ...(minVersion === undefined ? [] : [`tls.minVersion '${minVersion}'`]),
    ...(maxVersion === undefined ? [] : [`tls.maxVersion '${maxVersion}'`]),
  ];
  const cure =
    bounds.length === 0
      ? 'it speaks only versions older than TLS 1.2, which are not safe: its operator must switch on TLS 1.2 or 1.3'
      : `change ${bounds.join(' or ')}, or its operator must switch on TLS 1.2 or 1.3`;
  return `There is no version of TLS that both ${where} and this client accept; ${cure}`;
}

function wantsCertificate({ cert, pfx }: TlsOptions): string {
  return cert === undefined && pfx === undefined
    ? "wants a client certificate; write tls: { cert: readFileSync('client.pem'), key: readFileSync('client-key.pem') }"
    : "does not accept the client certificate in 'tls'; use one that its operator has issued";
}

function closedCure(mode: TlsMode): string {
  if (mode === 'starttls') return 'try again later';
  return mode === 'proxy'
    ? "check kind and port in option 'proxy'"
    : "if this port does not speak TLS from the first byte, write security: 'starttls'";
}

function placeOf({ host, port }: ErrorContext, { expected, mode }: HandshakeFacts): string {
  const name = printable(host ?? expected);
  return `${mode === 'proxy' ? 'the proxy ' : ''}${name}${port ? `:${port}` : ''}`;
}
