// Where access tokens come from, seen by the rooms that use them.
import { AuthenticationError, PosthornError, printable } from '../../base/index.ts';

/** An access token. */
export interface AccessToken {
  /** The token as it goes into the login. */
  readonly token: string;
  /** When it stops being good; `undefined` when nobody said. */
  readonly expiresAt?: Date | undefined;
}

/** What is asked of a token provider. */
export interface TokenRequest {
  /** Whether the last token is not to be given again: a server has refused it. Default: `false`. */
  readonly forceRefresh?: boolean | undefined;
  /** Ends the waiting of this caller; others go on. */
  readonly signal?: AbortSignal | undefined;
}

/** Gives access tokens; asked at each login, so it keeps them as long as they are good. */
export interface TokenProvider {
  /** A token that is good now. */
  getToken(request?: TokenRequest): Promise<AccessToken>;
}

/** A provider, or a function that gives a token. */
export type TokenSource = TokenProvider | ((request?: TokenRequest) => Promise<string> | string);

/** One form for both. */
export function tokenProviderOf(source: TokenSource): TokenProvider {
  if (typeof source !== 'function') return source;
  return { getToken: async (request) => ({ token: await source(request) }) };
}

/** The provider's token. Throws `AuthenticationError` for what could not be one, and for errors that are not ours. */
export async function fetchToken(
  provider: TokenProvider,
  request: TokenRequest,
): Promise<AccessToken> {
  let given: Partial<AccessToken> | undefined;
  try {
    given = await provider.getToken(request);
  } catch (error) {
    if (error instanceof PosthornError) throw error;
    const reason = printable(error instanceof Error ? error.message : String(error));
    throw new AuthenticationError(
      'TOKEN_REFUSED',
      `Option 'tokenProvider' gave no token: ${reason}`,
      { stage: 'auth', cause: error },
    );
  }
  const token = given?.token;
  // RFC 6750 section 2.1; nothing else could end up between the separators of the login.
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return { ...given, token };
  throw new AuthenticationError(
    'TOKEN_REFUSED',
    "Option 'tokenProvider' gave no token: it has to give a string of visible ASCII characters",
    { stage: 'auth' },
  );
}
