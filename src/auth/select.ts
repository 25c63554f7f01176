// Which mechanisms come into question on a connection, and when a secret may not leave at all.
import { AuthenticationError, type ErrorContext, printable } from '../base/index.ts';
import type { ChannelBindings } from './sasl/channel-binding.ts';
import type { SaslMechanismFacts } from './sasl/mechanism.ts';

/** Where a secret may cross an unencrypted link: to a loopback address, nowhere, or anywhere. */
export type PlaintextAuthPolicy = 'loopback' | false | true;

/** What is known about the connection when a mechanism is chosen. */
export interface AuthLink {
  /** Whether the connection is encrypted. */
  readonly encrypted: boolean;
  /** Whether the other end is a loopback address or a Unix socket. */
  readonly loopback: boolean;
  /** Ties a login to this TLS connection; `undefined` when there is none. */
  readonly channelBindings?: ChannelBindings | undefined;
}

/** What {@link usableMechanisms} decides from. */
export interface MechanismQuestion {
  /** Names of the mechanisms the server offers, in upper case. */
  readonly offered: readonly string[];
  /** Those that the caller allows and has the credentials for, best first. */
  readonly allowed: readonly SaslMechanismFacts[];
  /** The connection. */
  readonly link: AuthLink;
  /** Where a secret may be shown. */
  readonly policy: PlaintextAuthPolicy;
}

/**
 * The mechanisms that the server offers, the caller allows and the link bears, best first; at least one.
 * Throws `AuthenticationError`: `AUTH_NOT_OFFERED` or `AUTH_PLAINTEXT_REFUSED`, before a byte is sent.
 */
export function usableMechanisms(
  question: MechanismQuestion,
  context: ErrorContext,
): readonly SaslMechanismFacts[] {
  const { allowed, link, policy } = question;
  const names = new Set(question.offered);
  const offered = allowed.filter(({ name }) => names.has(name));
  const usable = offered.filter(({ revealsSecret }) => !revealsSecret || mayReveal(link, policy));
  if (usable.length > 0) return usable;
  const [refused] = offered;
  throw refused ? plaintextRefused(refused, context) : notOffered(question, context);
}

function mayReveal(link: AuthLink, policy: PlaintextAuthPolicy): boolean {
  return link.encrypted || policy === true || (policy === 'loopback' && link.loopback);
}

function plaintextRefused(
  { name, needs }: SaslMechanismFacts,
  context: ErrorContext,
): AuthenticationError {
  const secret = needs === 'token' ? 'token' : 'password';
  return new AuthenticationError(
    'AUTH_PLAINTEXT_REFUSED',
    `The connection is not encrypted, so AUTH ${name} would show the ${secret} to everybody on the way; it was not sent. Write security: 'starttls' or 'implicit'; only if the network is safe, dangerouslyAllowPlaintextAuth: true`,
    { ...context, stage: 'auth', mechanism: name },
  );
}

function notOffered(
  { offered, allowed, link }: MechanismQuestion,
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
  const names = allowed.map(({ name }) => name).join(', ') || 'nothing';
  return new AuthenticationError(
    'AUTH_NOT_OFFERED',
    `The server offers AUTH ${printable(offered.join(' '))}, but only ${names} may be used here; ${cureFor(offered, allowed)}`,
    details,
  );
}

function cureFor(offered: readonly string[], allowed: readonly SaslMechanismFacts[]): string {
  const wantsToken = offered.some((name) => name === 'XOAUTH2' || name === 'OAUTHBEARER');
  if (wantsToken && allowed.every(({ needs }) => needs === 'password')) {
    return "it wants a token in place of the password: give 'tokenProvider'";
  }
  return "change 'authMechanisms' or the server's settings";
}
