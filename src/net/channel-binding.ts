// What only the two ends of one TLS connection know (RFC 5056): a login can be tied to it.
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { signatureHash } from './signature-hash.ts';

/** The binding of a type; `undefined` when the connection has none of it. */
export type ChannelBindingReader = (
  type: 'tls-exporter' | 'tls-unique' | 'tls-server-end-point',
) => Uint8Array | undefined;

/**
 * The channel bindings of a connection after its handshake, made when asked for: `tls-exporter` with TLS 1.3 (RFC 9266),
 * `tls-unique` with TLS 1.2 and `tls-server-end-point` of the server's `certificate` (DER; both RFC 5929).
 */
export function channelBindingsOf(
  socket: TLSSocket,
  certificate: () => Uint8Array,
): ChannelBindingReader {
  return (type) => {
    switch (type) {
      case 'tls-exporter':
        return exporter(socket);
      case 'tls-unique':
        return firstFinished(socket);
      case 'tls-server-end-point':
        return certificateHash(certificate());
      default:
        return type satisfies never;
    }
  };
}

// RFC 9266 section 4.2: in TLS 1.2 it would need the extended master secret, and Node does not say whether that is used.
function exporter(socket: TLSSocket): Uint8Array | undefined {
  if (socket.getProtocol() !== 'TLSv1.3') return undefined;
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}

// RFC 5929 section 3.1: the first Finished message; in a resumed session that is the server's. TLS 1.3 has none.
function firstFinished(socket: TLSSocket): Uint8Array | undefined {
  if (socket.getProtocol() !== 'TLSv1.2') return undefined;
  return socket.isSessionReused() ? socket.getPeerFinished() : socket.getFinished();
}

// RFC 5929 section 4.1.
function certificateHash(certificate: Uint8Array): Uint8Array | undefined {
  const algorithm = signatureHash(certificate);
  return algorithm === undefined ? undefined : createHash(algorithm).update(certificate).digest();
}
