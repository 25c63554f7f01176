// What `discover` finds: settings for a client, and where they come from.

/** Where a server's settings come from. */
export type DiscoverySource =
  /** The table of providers, by name, address or host. */
  | 'provider'
  /** The table of providers, by the mail exchanger of the domain. */
  | 'mx'
  /** SRV records of the domain (RFC 6186, RFC 8314). */
  | 'srv'
  /** Mozilla's autoconfig document on the domain's own web server. */
  | 'autoconfig'
  /** Trying the ports. */
  | 'probe';

/** What is known about a server beside its settings. */
export interface ServerFacts {
  readonly source: DiscoverySource;
  /** The provider's name in the table. */
  readonly provider?: string | undefined;
  /** What to log in as, when the target was an address. */
  readonly suggestedUsername?: string | undefined;
  /** What the login needs that people stumble over. */
  readonly hint?: string | undefined;
  /** Where the provider says all this. */
  readonly documentation?: string | undefined;
}

/** Settings of one server. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly security: 'implicit' | 'starttls' | 'none';
  readonly tls?: { readonly servername: string };
}

/**
 * A server that was found. Its own members are options of a client: `new SmtpClient(server)`, or with a
 * login `new SmtpClient({ ...server, username, password })`. Everything else is a getter, and no option.
 */
export class DiscoveredServer implements ServerSettings {
  /** The host to connect to. */
  readonly host: string;
  /** The port to connect to. */
  readonly port: number;
  /** How the connection is encrypted. `'none'` only for a loopback host or with `security: 'auto'`. */
  readonly security: 'implicit' | 'starttls' | 'none';
  /** The name to expect in the certificate, where it is not that of `host`. */
  declare readonly tls?: { readonly servername: string };
  readonly #facts: ServerFacts;

  /** @internal */
  constructor({ host, port, security, tls }: ServerSettings, facts: ServerFacts) {
    this.host = host;
    this.port = port;
    this.security = security;
    // Left out, not undefined: what is an own member counts as an option that was given.
    if (tls) this.tls = tls;
    this.#facts = facts;
  }

  /** Where the settings come from. */
  get source(): DiscoverySource {
    return this.#facts.source;
  }

  /** The provider's name, as `service` takes it; `undefined` when it is none of the table. */
  get provider(): string | undefined {
    return this.#facts.provider;
  }

  /** What to log in as, where the target was an address; `undefined` otherwise. A provider may want another name: see `hint`. */
  get suggestedUsername(): string | undefined {
    return this.#facts.suggestedUsername;
  }

  /** What the login needs that people stumble over, such as an app password. */
  get hint(): string | undefined {
    return this.#facts.hint;
  }

  /** The page where the provider says all this. */
  get documentation(): string | undefined {
    return this.#facts.documentation;
  }

  /** Settings and facts together. */
  toJSON(): Record<string, unknown> {
    const { host, port, security, tls } = this;
    return { host, port, security, ...(tls ? { tls } : {}), ...this.#facts };
  }
}
