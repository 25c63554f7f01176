// How an exchange by each mechanism is begun.
import { mechanismTable } from './mechanism-table.ts';
import { bestBinding } from './sasl/channel-binding.ts';
import { CramMd5Mechanism } from './sasl/cram-md5.ts';
import { DigestMd5Mechanism } from './sasl/digest-md5.ts';
import { AnonymousMechanism, ExternalMechanism } from './sasl/external.ts';
import { LoginMechanism } from './sasl/login.ts';
import type { SaslMechanismFacts, SaslMechanismKind } from './sasl/mechanism.ts';
import { NtlmMechanism } from './sasl/ntlm.ts';
import { OAuthBearerMechanism } from './sasl/oauth-bearer.ts';
import { PlainMechanism } from './sasl/plain.ts';
import { ScramMechanism } from './sasl/scram.ts';
import { XOAuth2Mechanism } from './sasl/xoauth2.ts';

type Create = SaslMechanismKind['create'];

const CREATE: ReadonlyMap<string, Create> = new Map<string, Create>([
  ['XOAUTH2', (login) => new XOAuth2Mechanism(login)],
  ['OAUTHBEARER', (login) => new OAuthBearerMechanism(login)],
  ['SCRAM-SHA-256-PLUS', bound('SHA-256')],
  ['SCRAM-SHA-256', unbound('SHA-256')],
  ['SCRAM-SHA-1-PLUS', bound('SHA-1')],
  ['SCRAM-SHA-1', unbound('SHA-1')],
  ['CRAM-MD5', (login) => new CramMd5Mechanism(login)],
  ['PLAIN', (login) => new PlainMechanism(login)],
  ['LOGIN', (login) => new LoginMechanism(login)],
  ['DIGEST-MD5', (login) => new DigestMd5Mechanism(login)],
  ['NTLM', (login) => new NtlmMechanism(login)],
  ['EXTERNAL', ({ username }) => new ExternalMechanism(username)],
  ['ANONYMOUS', ({ username }) => new AnonymousMechanism(username)],
]);

/** The mechanism with this name, in upper case; `undefined` when Posthorn does not speak it. */
export function mechanismKind(name: string): SaslMechanismKind | undefined {
  const facts = mechanismTable.get(name);
  const create = CREATE.get(name);
  return facts && create && { ...facts, create };
}

/** The mechanism that the facts are about: the caller's own, or ours. */
export function kindOf(facts: SaslMechanismFacts): SaslMechanismKind | undefined {
  return 'create' in facts ? (facts as SaslMechanismKind) : mechanismKind(facts.name);
}

function bound(hash: 'SHA-1' | 'SHA-256'): Create {
  return (login) => {
    const binding = bestBinding(login.channelBindings);
    return binding && new ScramMechanism({ hash, credentials: login, binding });
  };
}

function unbound(hash: 'SHA-1' | 'SHA-256'): Create {
  return (login) => {
    // RFC 5802 section 6: said only when the server offers no channel binding at all.
    const offersNone = !login.offered.some((each) => each.endsWith('-PLUS'));
    const couldBind = offersNone && bestBinding(login.channelBindings) !== undefined;
    return new ScramMechanism({ hash, credentials: login, couldBind });
  };
}
