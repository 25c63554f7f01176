import type { AddressInfo, Server } from 'node:net';
import { OptionError } from '../base/index.ts';

const TRIES = 20;

/**
 * Listens on `port` or, when it is taken, on the first free one of the 20 after it; `0` is any free
 * port. Resolves to the port; throws {@link OptionError} that names `option` when none can be had.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  option: string,
): Promise<number> {
  const last = port === 0 ? 0 : Math.min(port + TRIES, 65_535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      return await listenOn(server, host, candidate);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code !== 'EADDRINUSE') {
        throw new OptionError(option, `Can't listen on ${host} port ${candidate}: ${why(code)}`);
      }
    }
  }
  throw new OptionError(
    option,
    `Every port of ${host} from ${port} to ${last} is taken; set '${option}' to another one, or to 0 for any`,
  );
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      server.off('listening', ready);
      reject(error);
    };
    const ready = (): void => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', failed);
    server.once('listening', ready);
    server.listen(port, host);
  });
}

function why(code: unknown): string {
  switch (code) {
    case 'EACCES':
      return 'this user may not; choose a port above 1023';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return "this machine has no such address; set 'host' to one of its own, such as 127.0.0.1";
    default:
      return `the system says ${String(code)}`;
  }
}
