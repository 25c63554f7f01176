import { OptionError } from '../base/index.ts';
import { checkNames } from './option-names.ts';

/** What {@link startInbox} can be told; every member has a default. */
export interface InboxOptions {
  /**
   * The address both servers listen on. Default: `'127.0.0.1'`, which no other machine reaches. With
   * another address everybody who reaches it can send to this inbox and read and delete its mail.
   */
  readonly host?: string;
  /** The SMTP port; the next free one of the 20 after it when it is taken. `0`: any. Default: `1025`. */
  readonly smtpPort?: number;
  /** The port of page and HTTP API; chosen like `smtpPort`. Default: `8025`. */
  readonly httpPort?: number;
  /** How many messages are kept; the oldest goes when one more arrives. Default: `500`. */
  readonly maxMessages?: number;
  /** How many octets all kept messages have together; the oldest go first. Default: 512 MiB. */
  readonly maxTotalBytes?: number;
  /**
   * The largest message taken, in octets: the SIZE the server announces (RFC 1870). Never more than
   * `maxTotalBytes`. Default: 100 MiB.
   */
  readonly maxMessageBytes?: number;
  /**
   * Names, without port, that a browser may know the page by. IP addresses, `localhost` and `host`
   * are always allowed; any other name is refused, so that a foreign site whose name is pointed at
   * this machine (DNS rebinding) can't read the mail. Default: none.
   */
  readonly allowedHosts?: readonly string[];
  /** Certificate and key in PEM; with them the server offers STARTTLS (RFC 3207). Default: not offered. */
  readonly tls?: InboxTlsOptions;
}

/** The certificate that the SMTP server of the inbox shows. */
export interface InboxTlsOptions {
  /** The certificate chain in PEM. */
  readonly cert: string | Uint8Array;
  /** The private key in PEM. */
  readonly key: string | Uint8Array;
}

/** {@link InboxOptions} with every default filled in. */
export interface InboxSettings {
  readonly host: string;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly maxMessages: number;
  readonly maxTotalBytes: number;
  readonly maxMessageBytes: number;
  readonly allowedHosts: readonly string[];
  readonly tls: InboxTlsOptions | undefined;
}

const MIB = 1_048_576;

// A record, so that the compiler misses no option.
const names: Readonly<Record<keyof InboxOptions, true>> = {
  host: true,
  smtpPort: true,
  httpPort: true,
  maxMessages: true,
  maxTotalBytes: true,
  maxMessageBytes: true,
  allowedHosts: true,
  tls: true,
};

/** Fills the defaults in; throws {@link OptionError} for a name or value that can't be. */
export function resolveOptions(options: InboxOptions): InboxSettings {
  checkNames(options, Object.keys(names), 'options of startInbox');
  const maxTotalBytes = whole('maxTotalBytes', options.maxTotalBytes ?? 512 * MIB, 1);
  const host = options.host ?? '127.0.0.1';
  if (host === '') {
    throw new OptionError('host', "Option 'host' must be an address to listen on, got ''");
  }
  return {
    host,
    smtpPort: whole('smtpPort', options.smtpPort ?? 1025, 0, 65_535),
    httpPort: whole('httpPort', options.httpPort ?? 8025, 0, 65_535),
    maxMessages: whole('maxMessages', options.maxMessages ?? 500, 1),
    maxTotalBytes,
    maxMessageBytes: Math.min(
      whole('maxMessageBytes', options.maxMessageBytes ?? 100 * MIB, 1),
      maxTotalBytes,
    ),
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    tls: options.tls,
  };
}

function whole(option: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  throw new OptionError(option, `Option '${option}' must be a whole number ${range}, got ${value}`);
}
