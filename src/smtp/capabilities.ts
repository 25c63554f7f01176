// What a server says it can do: the reply to EHLO (RFC 5321 section 4.1.1.1), typed.

/** How much a server takes over one connection (RFC 9422); `undefined` where it does not say. */
export interface SmtpLimits {
  /** Messages over one connection. */
  readonly mailMax: number | undefined;
  /** Recipients of one transaction. */
  readonly rcptMax: number | undefined;
  /** Different domains among the recipients of one transaction. */
  readonly rcptDomainMax: number | undefined;
}

/** How long a server holds a message back (RFC 4865). */
export interface FutureRelease {
  /** The longest time, in seconds. */
  readonly maxSeconds: number;
  /** The latest time, as the server wrote it; `''` when it did not. */
  readonly maxDate: string;
}

/** The extensions a server offers. Keywords are in upper case. */
export interface SmtpCapabilities {
  /** SIZE (RFC 1870): the largest message in octets; 0 when there is no fixed bound; `undefined` when not offered. */
  readonly size: number | undefined;
  /** PIPELINING (RFC 2920). */
  readonly pipelining: boolean;
  /** CHUNKING (RFC 3030). */
  readonly chunking: boolean;
  /** BINARYMIME (RFC 3030). */
  readonly binaryMime: boolean;
  /** 8BITMIME (RFC 6152). */
  readonly eightBitMime: boolean;
  /** SMTPUTF8 (RFC 6531). */
  readonly smtputf8: boolean;
  /** STARTTLS (RFC 3207). */
  readonly starttls: boolean;
  /** Names of the SASL mechanisms (RFC 4954), in upper case and in the server's order. */
  readonly auth: readonly string[];
  /** DSN (RFC 3461). */
  readonly dsn: boolean;
  /** ENHANCEDSTATUSCODES (RFC 2034). */
  readonly enhancedStatusCodes: boolean;
  /** REQUIRETLS (RFC 8689). */
  readonly requireTls: boolean;
  /** DELIVERBY (RFC 2852): the shortest time in seconds, 0 when none is given; `undefined` when not offered. */
  readonly deliverBy: number | undefined;
  /** FUTURERELEASE (RFC 4865); `undefined` when not offered. */
  readonly futureRelease: FutureRelease | undefined;
  /** MT-PRIORITY (RFC 6710). */
  readonly mtPriority: boolean;
  /** LIMITS (RFC 9422). */
  readonly limits: SmtpLimits;
  /** The name the server gives itself; `''` when it gives none. */
  readonly serverName: string;
  /** Every keyword with its parameters, as the server wrote them. */
  readonly raw: ReadonlyMap<string, string>;
}

/** Reads the lines of a reply to EHLO; unknown keywords are kept in `raw`, malformed ones are left out. */
export function readCapabilities(lines: readonly string[]): SmtpCapabilities {
  const [greeting = '', ...keywords] = lines;
  const raw = new Map<string, string>();
  const auth = new Set<string>();
  for (const line of keywords) {
    // The old 'AUTH=LOGIN' is a parameter like 'AUTH LOGIN'.
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =](.*))?$/s.exec(line.trimEnd());
    if (!match) continue;
    const keyword = (match[1] ?? '').toUpperCase();
    const parameters = (match[2] ?? '').trim();
    // X-EXPS is what old Exchange servers call AUTH in their reply to EHLO (MS-SMTPNTLM section 4).
    const isAuth = keyword === 'AUTH' || keyword === 'X-EXPS';
    for (const name of isAuth ? parameters.split(/[ \t]+/) : []) {
      if (name !== '') auth.add(name.toUpperCase());
    }
    if (keyword === 'AUTH') raw.set(keyword, [...auth].join(' '));
    else if (!raw.has(keyword)) raw.set(keyword, parameters);
  }
  return {
    size: numberOf(raw.get('SIZE')),
    pipelining: raw.has('PIPELINING'),
    chunking: raw.has('CHUNKING'),
    binaryMime: raw.has('BINARYMIME'),
    eightBitMime: raw.has('8BITMIME'),
    smtputf8: raw.has('SMTPUTF8'),
    starttls: raw.has('STARTTLS'),
    auth: [...auth],
    dsn: raw.has('DSN'),
    enhancedStatusCodes: raw.has('ENHANCEDSTATUSCODES'),
    requireTls: raw.has('REQUIRETLS'),
    deliverBy: numberOf(raw.get('DELIVERBY')),
    futureRelease: futureReleaseOf(raw.get('FUTURERELEASE')),
    mtPriority: raw.has('MT-PRIORITY'),
    limits: limitsOf(raw.get('LIMITS')),
    serverName: /^[^\s]*/.exec(greeting)?.[0] ?? '',
    raw,
  };
}

/** What is known of a server that only speaks HELO: nothing. */
export const noCapabilities: SmtpCapabilities = readCapabilities([]);

// A number too large to count, or no number at all, bounds nothing.
function numberOf(parameter: string | undefined): number | undefined {
  if (parameter === undefined) return undefined;
  const value = /^\d{1,15}$/.test(parameter) ? Number(parameter) : 0;
  return value;
}

function futureReleaseOf(parameter: string | undefined): FutureRelease | undefined {
  if (parameter === undefined) return undefined;
  const [seconds, maxDate = ''] = parameter.split(/[ \t]+/);
  return { maxSeconds: numberOf(seconds) ?? 0, maxDate };
}

// RFC 9422 section 3.2: what is not a positive number is left alone, like names that are not known.
function limitsOf(parameter = ''): SmtpLimits {
  const found = new Map<string, number>();
  for (const pair of parameter.split(/[ \t]+/)) {
    const match = /^([A-Za-z0-9-]+)=([1-9]\d{0,5})$/.exec(pair);
    if (match) found.set((match[1] ?? '').toUpperCase(), Number(match[2]));
  }
  return {
    mailMax: found.get('MAILMAX'),
    rcptMax: found.get('RCPTMAX'),
    rcptDomainMax: found.get('RCPTDOMAINMAX'),
  };
}
