// Through a SOCKS proxy: 4, 4a and 5 (RFC 1928, RFC 1929) by the package `socks`, over a connection of our own.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ConnectionError, PosthornError } from '../base/index.ts';
import type { Deadline } from './deadline.ts';
import type { Dial, Endpoint } from './dial.ts';
import type { SocketDial, TcpDialOptions } from './dial-tcp.ts';
import { proxyContext, proxyUnreachable } from './proxy-error.ts';
import type { ProxySettings } from './proxy-options.ts';
import { resolveHost } from './resolve.ts';
import { socksRefusal } from './socks-reply.ts';

// Longer than any answer to one request: the bytes are kept to say what was wrong with them.
const HEARD_BYTES = 600;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A {@link Dial} through `proxy`, which `tcp` leads to. */
export function socksDial(
  proxy: ProxySettings,
  tcp: SocketDial,
  { timeoutsMs }: TcpDialOptions,
): Dial {
  return async (to, deadline) => {
    const dns = deadline.within(timeoutsMs.dns, 'timeoutsMs.dns');
    const host = proxy.kind === 'socks4' ? await resolveForSocks4(to, dns) : to.host;
    const { SocksClient } = await import('socks');
    const socket = await tcp(proxy, deadline).catch((error: unknown) => {
      throw proxyUnreachable(error, proxy, to);
    });
    const bounded = deadline.within(timeoutsMs.connect, 'timeoutsMs.connect');
    const tap = new Tap(socket);
    const { username, password } = proxy.credentials ?? {};
    const opening = SocksClient.createConnection({
      command: 'connect',
      destination: { host, port: to.port },
      existing_socket: tap.stream,
      // Its own clock never comes first.
      timeout: Math.min(bounded.remainingMs + 60_000, LONGEST_TIMER_MS),
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: proxy.kind === 'socks5' ? 5 : 4,
        ...(username === undefined ? {} : { userId: username }),
        ...(password === undefined ? {} : { password }),
      },
    });
    try {
      await bounded.wait('proxy', opening, () => proxyContext(to));
      await tap.close();
      return socket;
    } catch (error) {
      opening.catch(() => undefined);
      socket.destroy();
      throw failure(error, proxy, to, tap);
    }
  };
}

async function resolveForSocks4(to: Endpoint, deadline: Deadline): Promise<string> {
  const need = {
    family: 4,
    by: 'a SOCKS4 proxy (write socks4a:// or socks5:// if it can)',
  } as const;
  const [first] = await resolveHost(to, need, deadline);
  return first?.address ?? to.host;
}

// The package's error is no cause: it holds the password.
function failure(
  error: unknown,
  proxy: ProxySettings,
  to: Endpoint,
  { heard, broke }: Tap,
): PosthornError {
  if (error instanceof PosthornError) {
    return error.stage === 'proxy' ? proxyUnreachable(error, proxy, to) : error;
  }
  if (broke && heard.length === 0) return proxyUnreachable(broke, proxy, to);
  const { code, what, retryable } = socksRefusal(proxy, heard);
  const context = { ...proxyContext(to), retryable };
  return new ConnectionError(code, `The proxy ${proxy.shown} ${what}`, context);
}

/**
 * Stands between the socket and the package: remembers what the proxy said, and gives back to the socket what came
 * behind the proxy's answer. It belongs to the server's greeting.
 */
class Tap {
  readonly stream: Duplex;
  broke: Error | undefined;
  readonly #socket: Socket;
  readonly #onData: (bytes: Buffer) => void;
  readonly #onError: (error: Error) => void;
  readonly #onClose: () => void;
  #heard: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    this.stream = new Duplex({
      read: () => undefined,
      write: (bytes, _encoding, done) => {
        socket.write(bytes, done);
      },
    });
    // Told by the socket already; nobody listens here any more once the tunnel is open.
    this.stream.on('error', () => undefined);
    this.#onData = (bytes) => {
      if (this.#heard.length < HEARD_BYTES) {
        const room = HEARD_BYTES - this.#heard.length;
        this.#heard = Buffer.concat([this.#heard, bytes.subarray(0, room)]);
      }
      this.stream.emit('data', bytes);
    };
    this.#onError = (error) => {
      this.broke = error;
    };
    this.#onClose = () => this.stream.emit('close');
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  get heard(): Uint8Array {
    return this.#heard;
  }

  /** Gives the socket up, paused, with nothing lost. */
  async close(): Promise<void> {
    const socket = this.#socket;
    socket.off('data', this.#onData);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    socket.pause();
    // The package hands on what it has read too much one turn after it has answered.
    const excess: Buffer[] = [];
    this.stream.on('data', (bytes: Buffer) => excess.push(bytes));
    await new Promise((resolve) => setImmediate(resolve));
    if (excess.length > 0) socket.unshift(Buffer.concat(excess));
  }
}
