// Asks the DNS for records that name services: SRV (RFC 2782) and MX (RFC 5321 section 5.1).
import { Resolver } from 'node:dns/promises';
import { ConnectionError, type ErrorContext, PosthornError, printable } from '../base/index.ts';
import type { Deadline } from './deadline.ts';
import { codeOf } from './dial-error.ts';

/** One SRV record. */
export interface SrvRecord {
  /** The host that offers the service, without a final dot; `''` says that nobody does (RFC 2782). */
  readonly target: string;
  readonly port: number;
  /** Lower ones come first. */
  readonly priority: number;
  /** The share of those of one priority. */
  readonly weight: number;
}

/** Asks one set of name servers. */
export class RecordLookup {
  readonly #timeoutMs: number;
  readonly #servers: readonly string[] | undefined;

  /**
   * @param servers Name servers as `address` or `address:port`; `undefined` for the system's. Throws when they are none.
   */
  constructor(timeoutMs: number, servers: readonly string[] | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#servers = servers;
    this.#resolver();
  }

  /** The SRV records of `name`; none when there are none. */
  async srv(name: string, deadline: Deadline): Promise<SrvRecord[]> {
    const found = await this.#ask(name, (resolver) => resolver.resolveSrv(name), deadline);
    return found.map(({ name: target, port, priority, weight }) => {
      return { target: target.replace(/\.$/, ''), port, priority, weight };
    });
  }

  /** The mail exchangers of `name`, best first, in lower case; none when there are none. */
  async mx(name: string, deadline: Deadline): Promise<string[]> {
    const found = await this.#ask(name, (resolver) => resolver.resolveMx(name), deadline);
    return found
      .toSorted((a, b) => a.priority - b.priority)
      .map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ''))
      .filter((exchange) => exchange !== '');
  }

  // One for each question: to give up one must not give up the others.
  #resolver(): Resolver {
    // A lost packet is sent once more within the time.
    const tries = 2;
    const timeout = Math.max(1, Math.min(Math.floor(this.#timeoutMs / tries), 2 ** 31 - 1));
    const resolver = new Resolver({ timeout, tries });
    if (this.#servers) resolver.setServers(this.#servers);
    return resolver;
  }

  async #ask<T>(
    name: string,
    question: (resolver: Resolver) => Promise<T[]>,
    deadline: Deadline,
  ): Promise<T[]> {
    const context: ErrorContext = { stage: 'dns', host: name };
    const resolver = this.#resolver();
    try {
      const bounded = deadline.within(this.#timeoutMs, 'timeoutsMs.dns');
      return await bounded.wait('dns', question(resolver), () => context);
    } catch (error) {
      resolver.cancel();
      if (error instanceof PosthornError) throw error;
      const code = codeOf(error);
      if (['ENOTFOUND', 'ENODATA'].includes(code)) return [];
      throw new ConnectionError(
        'CONNECTION_DNS',
        `The name server gave no answer about '${printable(name)}' (${printable(code)}); check the name server of this machine`,
        { ...context, retryable: true, cause: error },
      );
    }
  }
}
