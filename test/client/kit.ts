// Helpers for the tests of clients.
import { type PosthornEvent, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { expect } from 'vitest';
import type { ScriptedServer } from '../support/scripted-server.ts';

/** A small message. */
export const letter = {
  from: 'Ann <ann@example.com>',
  to: 'bob@example.org',
  subject: 'Hello',
  text: 'Hi Bob',
};

/** How to reach a server in clear. */
export function clear(server: ScriptedServer): SmtpClientOptions {
  return { host: server.host, port: server.port, security: 'none', clientName: 'client.test' };
}

/** A client of the server, with its events. */
export function clientOf(
  server: ScriptedServer,
  options: SmtpClientOptions = {},
): { readonly client: SmtpClient; readonly events: PosthornEvent[] } {
  const events: PosthornEvent[] = [];
  const onEvent = (event: PosthornEvent): void => {
    events.push(event);
  };
  return {
    client: new SmtpClient({ ...clear(server), connections: 1, onEvent, ...options }),
    events,
  };
}

/** The error that a call throws or rejects with. */
export async function errorOf(call: () => unknown): Promise<Record<string, unknown>> {
  try {
    await call();
  } catch (error) {
    const { name, message, cause } = error as Error;
    return { ...(error as object), name, message, cause };
  }
  return expect.unreachable('it did not throw');
}
