// TLS over any byte stream: after STARTTLS or from the first byte.
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateSummary, ErrorContext } from '../base/index.ts';
import { isIpAddress } from './address.ts';
import { isPinned, summarize } from './certificate.ts';
import { complaintAbout, notPinned } from './certificate-complaint.ts';
import { type ChannelBindingReader, channelBindingsOf } from './channel-binding.ts';
import type { Deadline } from './deadline.ts';
import {
  type KeptSession,
  type SessionCache,
  secureContextFor,
  sessionsFor,
} from './tls-context.ts';
import { certificateError, type HandshakeFacts, type TlsMode, tlsError } from './tls-error.ts';
import type { TlsOptions } from './tls-options.ts';

/** Who is expected at the other end, and how long that may take to prove. */
export interface TlsTarget {
  /** The host as it was given. */
  readonly host: string;
  /** The port; sessions are resumed only with the server they were made with. */
  readonly port: number;
  /** The caller's TLS options. */
  readonly tls: TlsOptions;
  /** How it came to TLS; decides what errors advise. */
  readonly mode: TlsMode;
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
  /** Whether the certificate verified, or is one of `tls.pins`. */
  readonly authorized: boolean;
  /** Whether the keys of an earlier session were used again. */
  readonly resumed: boolean;
  /** What the server's certificate says; read when asked for. */
  readonly certificate: () => CertificateSummary;
  /** What a login can be bound to; read when asked for. */
  readonly channelBindings: ChannelBindingReader;
}

/**
 * Runs the handshake as client and verifies the certificate against `host` (RFC 9525).
 * Throws `TlsError`, `TimeoutError` or `OptionError`; the stream is destroyed then.
 */
export async function upgradeTls(
  stream: Duplex,
  { host, port, tls, mode, context }: TlsTarget,
  deadline: Deadline,
): Promise<TlsUpgrade> {
  const expected = (tls.servername ?? host).replace(/%.*$|\.$/, '');
  const facts = { expected, mode, tls };
  const sessionKey = [mode, host, port, expected, ...(tls.pins ?? [])].join(' ');
  try {
    const handshake = new Handshake(stream, expected, tls, sessionKey);
    const { socket } = handshake;
    try {
      await deadline.wait('tls', handshake.done, context);
      const authorized = verify(handshake, facts, context);
      // What was let through unverified is to be looked at again each time.
      if (authorized) handshake.keepSession();
      const cipher = socket.getCipher();
      return {
        socket,
        protocol: socket.getProtocol() ?? '',
        cipher: cipher.standardName ?? cipher.name,
        authorized,
        resumed: socket.isSessionReused(),
        certificate: () => summarize(new X509Certificate(handshake.certificate())),
        channelBindings: channelBindingsOf(socket, () => handshake.certificate()),
      };
    } catch (error) {
      handshake.forgetSession();
      socket.destroy();
      throw tlsError(error, context(), facts);
    }
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

// Nothing has been written to the socket yet, nor anything read from it.
function verify(
  { socket, fault }: Handshake,
  facts: HandshakeFacts,
  context: () => ErrorContext,
): boolean {
  const { pins, rejectUnauthorized = true } = facts.tls;
  if (fault !== undefined && rejectUnauthorized) {
    const certificate = socket.getPeerCertificate(true);
    const complaint = complaintAbout(fault, facts.expected, certificate);
    throw certificateError(complaint, context(), { ...facts, certificate }, fault);
  }
  if (pins === undefined) return fault === undefined;
  // A session is kept only when the certificate was one of these pins; it is not shown again.
  if (socket.isSessionReused()) return true;
  const certificate = socket.getPeerCertificate(true);
  if (isPinned(certificate.raw, pins)) return true;
  throw certificateError(notPinned(certificate), context(), { ...facts, certificate });
}

/** One handshake, the fault found in it, and the session that may come of it. */
class Handshake {
  readonly socket: TLSSocket;
  readonly done: Promise<void>;
  /** Why the certificate does not verify; `undefined` when it does, or before `done`. */
  fault: Error | undefined;
  readonly #sessions: SessionCache;
  readonly #key: string;
  readonly #resumed: KeptSession | undefined;
  #certificate: Buffer | undefined;
  #ticket: Buffer | undefined;
  #isTrusted = false;

  constructor(stream: Duplex, expected: string, tls: TlsOptions, key: string) {
    this.#sessions = sessionsFor(tls);
    this.#key = key;
    this.#resumed = this.#sessions.get(key);
    const session = this.#resumed && { session: this.#resumed.ticket };
    const check = tls.checkServerIdentity ?? bySubjectAltName;
    let nameFault: Error | undefined;
    const socket = connect({
      socket: stream,
      host: expected,
      // RFC 6066 section 3: no IP addresses in SNI.
      ...(isIpAddress(expected) ? {} : { servername: expected }),
      secureContext: secureContextFor(tls),
      ...session,
      // Node verifies all the same and says so below; left to it, the socket would be gone with the certificate that
      // the error has to tell of.
      rejectUnauthorized: false,
      checkServerIdentity: (host, certificate) => {
        this.#certificate = certificate.raw;
        nameFault = check(host, certificate);
        return nameFault;
      },
    });
    this.socket = socket;
    this.done = new Promise((resolve, reject) => {
      socket.once('secureConnect', () => {
        if (!socket.authorized) this.fault = nameFault ?? asError(socket.authorizationError);
        resolve();
      });
      // Stays for good: a socket that fails later, when nobody listens yet, must not end the process.
      socket.on('error', reject);
      socket.once('close', () => reject(new Error('Closed during the handshake')));
    });
    socket.on('session', (ticket: Buffer) => {
      this.#ticket = ticket;
      if (this.#isTrusted) this.keepSession();
    });
  }

  /** The server's certificate (DER), also in a resumed session, which does not show it. */
  certificate(): Buffer {
    this.#certificate ??= this.socket.isSessionReused()
      ? this.#resumed?.certificate
      : this.socket.getPeerCertificate().raw;
    return this.#certificate ?? Buffer.alloc(0);
  }

  /** The session may be resumed, now and when a newer ticket comes: Node does not verify again then. */
  keepSession(): void {
    this.#isTrusted = true;
    if (!this.#ticket) return;
    this.#sessions.set(this.#key, { ticket: this.#ticket, certificate: this.certificate() });
  }

  /** The session that was tried may be what the server stumbled over. */
  forgetSession(): void {
    this.#sessions.delete(this.#key);
  }
}

// Node gives the code of OpenSSL, as text, where its types say there is an Error.
function asError(fault: unknown): Error {
  if (fault instanceof Error) return fault;
  return Object.assign(new Error(`The certificate does not verify: ${fault}`), {
    code: String(fault),
  });
}

// RFC 9525 section 2: the common name is no place for a host name, and section 6.3: a wildcard is a whole label. By OpenSSL:
// Node's own check takes the common name at times, and in some versions knows no IPv6 address.
function bySubjectAltName(host: string, { raw }: PeerCertificate): Error | undefined {
  const certificate = new X509Certificate(raw);
  const found = isIpAddress(host)
    ? certificate.checkIP(host)
    : certificate.checkHost(host, { subject: 'never', partialWildcards: false });
  if (found !== undefined) return undefined;
  return Object.assign(new Error('No name in the certificate is the one expected'), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
}
