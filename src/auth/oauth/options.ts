// What the factories of OAuthTokenProvider take.
import type { KeyObject } from 'node:crypto';

/** Providers whose addresses and scopes Posthorn knows. */
export type OAuthPreset = 'google' | 'microsoft';

/** Tokens as the authorization server gave them. */
export interface IssuedTokens {
  /** The access token: what a login shows. */
  readonly accessToken: string;
  /** When it expires; `undefined` when the server does not say. */
  readonly expiresAt?: Date | undefined;
  /** The refresh token to keep from now on; `undefined` when there is none. */
  readonly refreshToken?: string | undefined;
  /** The scopes that were granted, when the server says which. */
  readonly scope?: string | undefined;
}

/** Which authorization server, and how it is spoken to. One of `preset`, `issuer` and `tokenEndpoint` is needed. */
export interface AuthorizationServerOptions {
  /** A provider Posthorn knows: addresses and the scope of sending mail are filled in. */
  readonly preset?: OAuthPreset;
  /** The directory (tenant) of `preset: 'microsoft'`: its id or domain. Default: `'common'`. */
  readonly tenant?: string;
  /** The issuer's URL; its addresses are read from there (RFC 8414, OpenID Connect Discovery). */
  readonly issuer?: string;
  /** The token endpoint's URL, when there is nothing to discover it from. */
  readonly tokenEndpoint?: string;
  /** The longest time for one answer of the authorization server, in milliseconds. Default: `30_000`. */
  readonly timeoutMs?: number;
  /** Sends the requests, for proxies and authorities of your own. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** How the tokens are kept. */
export interface TokenCacheOptions {
  /** Receives all tokens whenever the server issues new ones; awaited. Store `refreshToken`: the one before may not work any more. */
  readonly onTokens?: (tokens: IssuedTokens) => void | Promise<void>;
  /** How long before its end a token is replaced, in milliseconds. Default: `60_000`, at most half its life. */
  readonly earlyRefreshMs?: number;
}

/** A key that signs JWTs. */
export interface SigningKeyOptions {
  /** A private key as PEM or `KeyObject`. */
  readonly privateKey: string | KeyObject;
  /** The key's id (`kid`). Default: none. */
  readonly keyId?: string;
  /** The certificate of the key as PEM: Microsoft wants its digest. Default: none. */
  readonly certificate?: string;
  /** Default: by the kind of key: `'RS256'`, `'ES256'`, `'ES384'`, `'ES512'` or `'EdDSA'`. */
  readonly algorithm?: JwtAlgorithm;
}

/** Signatures of JWTs (RFC 7518 section 3.1, RFC 8037). */
export type JwtAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA';

/** What every grant takes. */
export interface GrantOptions extends AuthorizationServerOptions, TokenCacheOptions {
  /** The scopes, a list or divided by spaces. Default: what `preset` needs for sending mail, else none. */
  readonly scope?: string | readonly string[];
  /** More parameters of the token request, such as `{ resource }` or `{ audience }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Who the application is. */
export interface ClientOptions {
  /** The application's id at the authorization server. */
  readonly clientId: string;
  /** Its secret; public applications have none. */
  readonly clientSecret?: string;
  /** How the secret is shown: in a header or in the form. Default: what the server prefers, else `'basic'`. */
  readonly clientAuthentication?: 'basic' | 'post';
}

/** Options of `OAuthTokenProvider.refreshToken`. */
export interface RefreshTokenOptions extends GrantOptions, ClientOptions {
  /** The refresh token that the user's consent once gave. */
  readonly refreshToken: string;
}

/** Options of `OAuthTokenProvider.clientCredentials`: `clientSecret`, or `privateKey` (private_key_jwt, RFC 7523). */
export interface ClientCredentialsOptions
  extends GrantOptions,
    ClientOptions,
    Partial<SigningKeyOptions> {}

/** Options of `OAuthTokenProvider.deviceCode`. */
export interface DeviceCodeOptions extends GrantOptions, ClientOptions {
  /** The device authorization endpoint, when `tokenEndpoint` is given. */
  readonly deviceAuthorizationEndpoint?: string;
  /** Shows the user where to go and what to type. */
  readonly onPrompt: (prompt: DevicePrompt) => void | Promise<void>;
}

/** Options of `beginAuthorization`. */
export interface AuthorizationOptions
  extends AuthorizationServerOptions,
    ClientOptions,
    Pick<GrantOptions, 'scope' | 'parameters'> {
  /** Where the browser comes back to: an address of yours, on this machine for a program. */
  readonly redirectUri: string;
  /** The authorization endpoint, when `tokenEndpoint` is given. */
  readonly authorizationEndpoint?: string;
  /** Whose account it is about, so that nobody has to choose. Default: the user chooses. */
  readonly loginHint?: string;
}

/** What a user has to be shown (RFC 8628 section 3.2). */
export interface DevicePrompt {
  /** Where to go with a browser. */
  readonly verificationUri: string;
  /** The same with the code in it, for links and QR codes; `undefined` when there is none. */
  readonly verificationUriComplete: string | undefined;
  /** What to type there. */
  readonly userCode: string;
  /** When the code expires. */
  readonly expiresAt: Date;
}

/** Options of `OAuthTokenProvider.jwtBearer` (RFC 7523): service accounts of Google and the like. */
export interface JwtBearerOptions extends GrantOptions, SigningKeyOptions {
  /** Who signs: the service account's address (`client_email`), or the application's id. */
  readonly clientId: string;
  /** For whom the token is: the mailbox. Default: the account itself. */
  readonly subject?: string;
  /** The `iss` of the assertion. Default: `clientId`. */
  readonly assertionIssuer?: string;
  /** The `aud` of the assertion. Default: the token endpoint. */
  readonly audience?: string;
  /** The application's secret, where the server also wants the application to log in. Default: none. */
  readonly clientSecret?: string;
}
