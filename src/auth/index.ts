/**
 * Logging in: SASL mechanisms (RFC 4422): PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), SCRAM (RFC 5802, RFC 7677)
 * with channel binding (RFC 5929, RFC 9266), DIGEST-MD5 (RFC 2831), NTLM, EXTERNAL, ANONYMOUS (RFC 4505), XOAUTH2 and
 * OAUTHBEARER (RFC 7628). And where tokens come from: OAuth 2 (RFC 6749) by refresh token, client credentials, device
 * code (RFC 8628) and JWT assertions (RFC 7523). @module
 */
export type { MechanismChoice } from './account.ts';
export type { RefusedLogin } from './hints.ts';
export { authenticationHint } from './hints.ts';
export { defaultMechanismNames, mechanismNames } from './mechanism-table.ts';
export { mechanismKind } from './mechanisms.ts';
export type { Authorization } from './oauth/authorization-code.ts';
export { beginAuthorization } from './oauth/authorization-code.ts';
export { OAuthTokenProvider } from './oauth/oauth-token-provider.ts';
export type {
  AuthorizationOptions,
  AuthorizationServerOptions,
  ClientCredentialsOptions,
  ClientOptions,
  DeviceCodeOptions,
  DevicePrompt,
  GrantOptions,
  IssuedTokens,
  JwtAlgorithm,
  JwtBearerOptions,
  OAuthPreset,
  RefreshTokenOptions,
  SigningKeyOptions,
  TokenCacheOptions,
} from './oauth/options.ts';
export type {
  AccessToken,
  TokenProvider,
  TokenRequest,
  TokenSource,
} from './oauth/token-provider.ts';
export type {
  ChannelBinding,
  ChannelBindings,
  ChannelBindingType,
} from './sasl/channel-binding.ts';
export { CramMd5Mechanism } from './sasl/cram-md5.ts';
export type { DigestMd5Options } from './sasl/digest-md5.ts';
export { DigestMd5Mechanism } from './sasl/digest-md5.ts';
export { AnonymousMechanism, ExternalMechanism } from './sasl/external.ts';
export { LoginMechanism } from './sasl/login.ts';
export type {
  Credentials,
  SaslLogin,
  SaslMechanism,
  SaslMechanismFacts,
  SaslMechanismKind,
  SaslRefusal,
} from './sasl/mechanism.ts';
export type { NtlmOptions } from './sasl/ntlm.ts';
export { NtlmMechanism } from './sasl/ntlm.ts';
export type { OAuthBearerOptions } from './sasl/oauth-bearer.ts';
export { OAuthBearerMechanism } from './sasl/oauth-bearer.ts';
export { PlainMechanism } from './sasl/plain.ts';
export type { ScramOptions } from './sasl/scram.ts';
export { ScramMechanism } from './sasl/scram.ts';
export { XOAuth2Mechanism } from './sasl/xoauth2.ts';
export type { PlaintextAuthPolicy } from './select.ts';
export { saslprep } from './stringprep/saslprep.ts';
