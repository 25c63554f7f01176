export interface OidcServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`. */
  readonly issuer: string;
  /** Private key of the client `daemon-key`, as PEM. */
  readonly clientKey: string;
  /** Private key of the service account `svc@example.com`, as PEM. */
  readonly serviceKey: string;
  /** Requests to the token endpoint so far. */
  tokenRequests(): number;
  /** A refresh token of `account` for the client `cli`. */
  refreshToken(account?: string): Promise<string>;
  /** Makes an access token useless before its end. */
  expire(accessToken: string): Promise<void>;
  /** Makes a refresh token useless. */
  revoke(refreshToken: string): Promise<void>;
  /** The user at the browser says yes or no. */
  answerDevice(userCode: string, answer: 'yes' | 'no'): Promise<void>;
  /** What the server thinks of an access token: its account, or `undefined`. */
  accountOf(accessToken: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface OidcOptions {
  /** Life of access tokens, in seconds. Default: 600. */
  readonly accessSeconds?: number;
  /** How far the server's clock is ahead, in seconds. Default: 0. */
  readonly clockAheadSeconds?: number;
}

export function startOidc(options?: OidcOptions): Promise<OidcServer>;
