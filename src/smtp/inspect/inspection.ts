// What an inspection of a server tells.
import type { CertificateSummary, PosthornError } from '../../base/index.ts';
import type { SmtpCapabilities } from '../capabilities.ts';

/** Everything found out about a server. */
export interface ServerInspection {
  /** The host as it was given. */
  readonly host: string;
  /** Its IP addresses; empty behind a proxy, which asks for them itself. */
  readonly addresses: readonly string[];
  /** The SRV records of the name (RFC 6186, RFC 8314). */
  readonly srv: readonly InspectedSrv[];
  /** Every port that was tried, best first. */
  readonly ports: readonly PortInspection[];
  /** What a send would use; `undefined` when nothing works. */
  readonly use: ServerUse | undefined;
  /** What came of the login; `undefined` when no credentials were given or no way works. */
  readonly login: LoginInspection | undefined;
  /** What works but should not be left as it is. */
  readonly warnings: readonly InspectionWarning[];
}

/** One SRV record. */
export interface InspectedSrv {
  /** `'_submissions'` (TLS from the first byte) or `'_submission'` (STARTTLS). */
  readonly service: '_submissions' | '_submission';
  /** The host; `''` says that there is none. */
  readonly target: string;
  /** The port of that host. */
  readonly port: number;
  /** Lower ones are tried first (RFC 2782). */
  readonly priority: number;
  /** The share among those of one priority (RFC 2782). */
  readonly weight: number;
}

/** What a port says. */
export interface PortInspection {
  /** The TCP port. */
  readonly port: number;
  /** How it is spoken to, or was tried. */
  readonly security: 'implicit' | 'starttls' | 'none';
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** What went wrong; a certificate that does not verify leaves the rest to be seen all the same. */
  readonly error?: PosthornError;
  /** What the server says first, without its code. Not escaped: never print raw. */
  readonly greeting?: string;
  /** What was agreed on, when the port encrypts. */
  readonly tls?: { readonly protocol: string; readonly cipher: string };
  /** The certificate that was shown. */
  readonly certificate?: CertificateSummary;
  /** What the server offers, encrypted where it can be. */
  readonly capabilities?: SmtpCapabilities;
  /** The SASL mechanisms it offers before the link is encrypted. */
  readonly authInClear: readonly string[];
}

/** The settings of a client. */
export interface ServerUse {
  /** The host as it was given. */
  readonly host: string;
  /** The best port that works. */
  readonly port: number;
  /** How the connection is encrypted there. */
  readonly security: 'implicit' | 'starttls' | 'none';
}

/** What came of a login. */
export interface LoginInspection {
  /** The mechanism that worked. */
  readonly mechanism?: string;
  /** Why none did. */
  readonly error?: PosthornError;
}

/** What a warning is about, for programs. */
export type InspectionWarningCode =
  | 'certificate-expires'
  | 'certificates-differ'
  | 'auth-in-clear'
  | 'not-encrypted'
  | 'unusual-mode'
  | 'other-mode'
  | 'old-tls'
  | 'no-login'
  | 'srv-elsewhere';

/** Something that works but should not be left as it is. */
export interface InspectionWarning {
  /** What it is about, to switch on. */
  readonly code: InspectionWarningCode;
  /** What is wrong and what cures it; safe to print. */
  readonly message: string;
  /** The port it is about; `undefined` when it is about several. */
  readonly port?: number;
}
