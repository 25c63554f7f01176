// Every mechanism that Posthorn speaks, best first, and which of them are used without being asked for.
import { bestBinding } from './sasl/channel-binding.ts';
import { CramMd5Mechanism } from './sasl/cram-md5.ts';
import { DigestMd5Mechanism } from './sasl/digest-md5.ts';
import { AnonymousMechanism, ExternalMechanism } from './sasl/external.ts';
import { LoginMechanism } from './sasl/login.ts';
import type { SaslMechanismKind } from './sasl/mechanism.ts';
import { NtlmMechanism } from './sasl/ntlm.ts';
import { OAuthBearerMechanism } from './sasl/oauth-bearer.ts';
import { PlainMechanism } from './sasl/plain.ts';
import { ScramMechanism } from './sasl/scram.ts';
import { XOAuth2Mechanism } from './sasl/xoauth2.ts';

const password = { needs: 'password', revealsSecret: false } as const;
const readable = { needs: 'password', revealsSecret: true } as const;
const bearer = { needs: 'token', revealsSecret: true } as const;
const open = { needs: 'nothing', revealsSecret: false } as const;

const KINDS: readonly SaslMechanismKind[] = [
  { name: 'XOAUTH2', ...bearer, create: (login) => new XOAuth2Mechanism(login) },
  { name: 'OAUTHBEARER', ...bearer, create: (login) => new OAuthBearerMechanism(login) },
  ...scram('SHA-256'),
  ...scram('SHA-1'),
  { name: 'CRAM-MD5', ...password, create: (login) => new CramMd5Mechanism(login) },
  { name: 'PLAIN', ...readable, create: (login) => new PlainMechanism(login) },
  { name: 'LOGIN', ...readable, create: (login) => new LoginMechanism(login) },
  // RFC 6331 and Microsoft's own advice: only when asked for by name.
  { name: 'DIGEST-MD5', ...password, create: (login) => new DigestMd5Mechanism(login) },
  { name: 'NTLM', ...password, create: (login) => new NtlmMechanism(login) },
  { name: 'EXTERNAL', ...open, create: ({ username }) => new ExternalMechanism(username) },
  { name: 'ANONYMOUS', ...open, create: ({ username }) => new AnonymousMechanism(username) },
];

const BY_NAME: ReadonlyMap<string, SaslMechanismKind> = new Map(
  KINDS.map((kind) => [kind.name, kind]),
);

/** Names of the mechanisms Posthorn speaks. */
export const mechanismNames: readonly string[] = [...BY_NAME.keys()];

/** Names of those that are used when nothing else is asked for, best first. */
export const defaultMechanismNames: readonly string[] = mechanismNames.filter(
  (name) => !['DIGEST-MD5', 'NTLM', 'EXTERNAL', 'ANONYMOUS'].includes(name),
);

/** The mechanism with this name, in upper case; `undefined` when Posthorn does not speak it. */
export function mechanismKind(name: string): SaslMechanismKind | undefined {
  return BY_NAME.get(name);
}

function scram(hash: 'SHA-1' | 'SHA-256'): SaslMechanismKind[] {
  const name = `SCRAM-${hash}`;
  return [
    {
      name: `${name}-PLUS`,
      ...password,
      create(login) {
        const binding = bestBinding(login.channelBindings);
        return binding && new ScramMechanism({ hash, credentials: login, binding });
      },
    },
    {
      name,
      ...password,
      create(login) {
        // RFC 5802 section 6: said only when the server offers no channel binding at all.
        const offersNone = !login.offered.some((each) => each.endsWith('-PLUS'));
        const couldBind = offersNone && bestBinding(login.channelBindings) !== undefined;
        return new ScramMechanism({ hash, credentials: login, couldBind });
      },
    },
  ];
}
