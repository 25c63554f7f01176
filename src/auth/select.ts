// Which mechanism is used, and when a secret may not leave at all.
import { AuthenticationError, type ErrorContext, OptionError, printable } from '../base/index.ts';
import { LoginMechanism } from './login.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';
import { PlainMechanism } from './plain.ts';

/** Where a secret may cross an unencrypted link: to a loopback address, nowhere, or anywhere. */
export type PlaintextAuthPolicy = 'loopback' | false | true;

/** What is known about the connection when a mechanism is chosen. */
export interface AuthLink {
  /** Whether the connection is encrypted. */
  readonly encrypted: boolean;
  /** Whether the other end is a loopback address or a Unix socket. */
  readonly loopback: boolean;
}

/** What {@link selectMechanism} decides from. */
export interface MechanismChoice {
  /** Names of the mechanisms the server offers. */
  readonly offered: readonly string[];
  /** Names of those the caller allows, best first. */
  readonly allowed: readonly string[];
  /** What to log in with. */
  readonly credentials: Credentials;
  /** The connection. */
  readonly link: AuthLink;
  /** Where a secret may be shown. */
  readonly policy: PlaintextAuthPolicy;
}

type MechanismClass = new (credentials: Credentials) => SaslMechanism;

// Best first.
const MECHANISMS: ReadonlyMap<string, MechanismClass> = new Map<string, MechanismClass>([
  ['PLAIN', PlainMechanism],
  ['LOGIN', LoginMechanism],
]);

/** Names of the mechanisms Posthorn speaks, best first. */
export const mechanismNames: readonly string[] = [...MECHANISMS.keys()];

/**
 * The best mechanism that the server offers, the caller allows and the link bears.
 * Throws `AuthenticationError`: `AUTH_NOT_OFFERED` or `AUTH_PLAINTEXT_REFUSED`, before a byte is sent.
 */
export function selectMechanism(choice: MechanismChoice, context: ErrorContext): SaslMechanism {
  const { offered, allowed, credentials, link, policy } = choice;
  const names = new Set(offered.map((name) => name.toUpperCase()));
  let refused: SaslMechanism | undefined;
  for (const name of allowed) {
    const Mechanism = names.has(name) ? MECHANISMS.get(name) : undefined;
    if (!Mechanism) continue;
    const mechanism = new Mechanism(credentials);
    if (!mechanism.revealsSecret || mayReveal(link, policy)) return mechanism;
    refused ??= mechanism;
  }
  if (refused) throw plaintextRefused(refused, context);
  throw notOffered(choice, context);
}

/** Throws `OptionError` when the credentials can't be sent by any mechanism. Never repeats them. */
export function checkCredentials({ username, password }: Credentials): void {
  if (username === '') throw new OptionError('username', "Option 'username' must not be empty");
  // RFC 4616 section 2: NUL separates the fields.
  for (const [option, value] of Object.entries({ username, password })) {
    if (value.includes('\0')) {
      throw new OptionError(option, `Option '${option}' must not hold NUL characters`);
    }
  }
}

function mayReveal(link: AuthLink, policy: PlaintextAuthPolicy): boolean {
  return link.encrypted || policy === true || (policy === 'loopback' && link.loopback);
}

function plaintextRefused(mechanism: SaslMechanism, context: ErrorContext): AuthenticationError {
  return new AuthenticationError(
    'AUTH_PLAINTEXT_REFUSED',
    `The connection is not encrypted, so AUTH ${mechanism.name} would show the password to everybody on the way; it was not sent. Write security: 'starttls' or 'implicit'; only if the network is safe, dangerouslyAllowPlaintextAuth: true`,
    { ...context, stage: 'auth', mechanism: mechanism.name },
  );
}

function notOffered(
  { offered, allowed, link }: MechanismChoice,
  context: ErrorContext,
): AuthenticationError {
  const details = { ...context, stage: 'auth' } as const;
  if (offered.length === 0) {
    const cure = link.encrypted
      ? 'use a submission port (465 or 587), or leave out username and password if the server needs none'
      : "many servers offer it only on an encrypted connection: write security: 'starttls' or 'implicit', or leave out username and password if the server needs none";
    return new AuthenticationError(
      'AUTH_NOT_OFFERED',
      `The server offers no AUTH, so the login was not tried and nothing was sent; ${cure}`,
      details,
    );
  }
  return new AuthenticationError(
    'AUTH_NOT_OFFERED',
    `The server offers AUTH ${printable(offered.join(' '))}, but only ${allowed.join(', ') || 'nothing'} may be used here; change 'authMechanisms' or the server's settings`,
    details,
  );
}
