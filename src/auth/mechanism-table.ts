// Every mechanism that Posthorn speaks, best first. Facts only: the mechanisms themselves load with the connection.
import type { SaslMechanismFacts } from './sasl/mechanism.ts';

const password = { needs: 'password', revealsSecret: false } as const;
const readable = { needs: 'password', revealsSecret: true } as const;
const bearer = { needs: 'token', revealsSecret: true } as const;
const open = { needs: 'nothing', revealsSecret: false } as const;

const DEFAULTS: readonly SaslMechanismFacts[] = [
  { name: 'XOAUTH2', ...bearer },
  { name: 'OAUTHBEARER', ...bearer },
  { name: 'SCRAM-SHA-256-PLUS', ...password },
  { name: 'SCRAM-SHA-256', ...password },
  { name: 'SCRAM-SHA-1-PLUS', ...password },
  { name: 'SCRAM-SHA-1', ...password },
  { name: 'CRAM-MD5', ...password },
  { name: 'PLAIN', ...readable },
  { name: 'LOGIN', ...readable },
];

// DIGEST-MD5 is historic (RFC 6331), NTLM is weak; the others say that there is no password.
const WHEN_NAMED: readonly SaslMechanismFacts[] = [
  { name: 'DIGEST-MD5', ...password },
  { name: 'NTLM', ...password },
  { name: 'EXTERNAL', ...open },
  { name: 'ANONYMOUS', ...open },
];

/** By name. */
export const mechanismTable: ReadonlyMap<string, SaslMechanismFacts> = new Map(
  [...DEFAULTS, ...WHEN_NAMED].map((facts) => [facts.name, facts]),
);

/** Names of the mechanisms Posthorn speaks. */
export const mechanismNames: readonly string[] = [...mechanismTable.keys()];

/** Names of those that are used when nothing else is asked for, best first. */
export const defaultMechanismNames: readonly string[] = DEFAULTS.map(({ name }) => name);
