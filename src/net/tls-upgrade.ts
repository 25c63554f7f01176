// TLS over any byte stream: after STARTTLS or from the first byte.
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { ErrorContext } from '../base/index.ts';
import { isIpAddress } from './address.ts';
import type { Deadline } from './deadline.ts';
import { tlsError } from './tls-error.ts';
import { secureContextFor, type TlsOptions } from './tls-options.ts';

/** Who is expected at the other end, and how long that may take to prove. */
export interface TlsTarget {
  /** The host as it was given. */
  readonly host: string;
  /** The caller's TLS options. */
  readonly tls: TlsOptions;
  /** Whether the server has agreed by its reply to STARTTLS, rather than by its port. */
  readonly isStartTls: boolean;
  /** What errors carry. */
  readonly context: () => ErrorContext;
}

/** A stream after the handshake. */
export interface TlsUpgrade {
  /** The encrypted stream; the one underneath is not to be used any more. */
  readonly socket: TLSSocket;
  /** The version agreed on, such as `'TLSv1.3'`. */
  readonly protocol: string;
  /** The cipher suite agreed on, by its standard name. */
  readonly cipher: string;
  /** Whether the certificate verified. */
  readonly authorized: boolean;
  /** Whether the keys of an earlier session were used again. */
  readonly resumed: boolean;
}

/**
 * Runs the handshake as client and verifies the certificate against `host` (RFC 9525).
 * Throws `TlsError`, `TimeoutError` or `OptionError`; the stream is destroyed then.
 */
export async function upgradeTls(
  stream: Duplex,
  { host, tls, isStartTls, context }: TlsTarget,
  deadline: Deadline,
): Promise<TlsUpgrade> {
  const expected = tls.servername ?? host;
  try {
    const socket = connect({
      socket: stream,
      host: expected,
      // RFC 6066 section 3: no IP addresses in SNI.
      ...(isIpAddress(expected) ? {} : { servername: expected }),
      secureContext: secureContextFor(tls),
      rejectUnauthorized: tls.rejectUnauthorized ?? true,
      checkServerIdentity: tls.checkServerIdentity ?? bySubjectAltName,
    });
    const shaking = handshake(socket);
    try {
      await deadline.wait('tls', shaking.done, context);
    } catch (error) {
      socket.destroy();
      const certificate = shaking.certificate();
      throw tlsError(error, context(), { expected, certificate, isStartTls });
    }
    const cipher = socket.getCipher();
    return {
      socket,
      protocol: socket.getProtocol() ?? '',
      cipher: cipher.standardName ?? cipher.name,
      authorized: socket.authorized,
      resumed: socket.isSessionReused(),
    };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

function handshake(socket: TLSSocket): {
  done: Promise<void>;
  certificate: () => PeerCertificate | undefined;
} {
  let certificate: PeerCertificate | undefined;
  // Node destroys the socket before it reports a bad certificate; this event comes just before, so that the error
  // can say whose it was.
  socket.prependOnceListener('secure', () => {
    // Not getPeerX509Certificate: it takes the certificate away from Node's own check.
    certificate = socket.getPeerCertificate();
  });
  const done = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    // Stays for good: a socket that fails later, when nobody listens yet, must not end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('The connection was closed during the handshake')));
  });
  return { done, certificate: () => certificate };
}

// RFC 9525 section 2: the common name is no place for a host name; Node would still look there.
function bySubjectAltName(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname) return checkServerIdentity(host, certificate);
  return Object.assign(new Error('The certificate has no subjectAltName'), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
}
