// Opening a connection for the client, with the wire loaded only then: composing and configuring need no socket.
import type { SmtpConnection } from './connection.ts';
import type { ConnectionSettings } from './options.ts';

let wire: typeof import('./connection.ts') | undefined;

/** Connects, encrypts and logs in as the settings say. Fails as {@link SmtpConnection.connect} does. */
export async function openConnection(
  settings: ConnectionSettings,
  signal: AbortSignal | undefined,
): Promise<SmtpConnection> {
  // Asking for a module again costs as much as a write to a socket.
  wire ??= await import('./connection.ts');
  return await wire.SmtpConnection.open(settings, signal);
}
