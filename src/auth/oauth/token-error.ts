// What an authorization server refuses, in words: its JSON decoded, and which scope, consent or secret is missing.
import { AuthenticationError, PosthornError, ProtocolError, printable } from '../../base/index.ts';

/** What is known of the request that failed. */
export interface FailedRequest {
  /** The authorization server. */
  readonly host: string;
  /** The status of its last answer; 0 when there was none. */
  readonly status: number;
  /** What was asked for. */
  readonly what: 'its metadata' | 'a token' | 'a device code' | 'an authorization';
}

/** An error as OAuth has it (RFC 6749 section 5.2). */
export interface OAuthRefusal {
  readonly error: string;
  readonly description: string;
}

interface Hint {
  readonly sign: RegExp;
  readonly hint: string;
}

// Microsoft's numbers and Google's words say more than the error code, so they come first.
const HINTS: readonly Hint[] = [
  {
    sign: /AADSTS(?:65001|65004)\b/,
    hint: 'consent is missing: let the user, or an administrator for all, agree to the scopes once',
  },
  {
    sign: /AADSTS(?:70011|500011|650053|70000)\b/,
    hint: 'the scope is wrong or not granted: SMTP needs https://outlook.office.com/SMTP.Send, an application by itself https://outlook.office365.com/.default',
  },
  { sign: /AADSTS7000215\b/, hint: "the secret is wrong: give the secret's value, not its id" },
  { sign: /AADSTS7000222\b/, hint: 'the secret has expired: make a new one' },
  {
    sign: /AADSTS700016\b/,
    hint: "the application is not known in this directory: check 'clientId' and 'tenant'",
  },
  { sign: /AADSTS(?:90002|900023)\b/, hint: "there is no such directory: check 'tenant'" },
  {
    sign: /AADSTS7000218\b/,
    hint: "the application is not public: give 'clientSecret', or allow public client flows in its registration",
  },
  {
    sign: /AADSTS700027\b/,
    hint: "the signature was not accepted: check 'privateKey', and give its 'certificate'",
  },
  {
    sign: /AADSTS(?:50076|50079|53003|50158|53000)\b/,
    hint: 'a policy wants more of the user (a second factor, a known device): log in anew with posthorn login',
  },
  {
    sign: /AADSTS(?:70008|70043|700082|50173|700084)\b/,
    hint: 'the refresh token has expired or was revoked: log in anew',
  },
  { sign: /AADSTS70016\b/, hint: 'the user has not finished yet' },
  {
    sign: /invalid_grant.*(?:expired or revoked|Bad Request)/,
    hint: "Google no longer takes this refresh token: log in anew. Those of an application in 'Testing' end after seven days",
  },
  {
    sign: /Invalid JWT Signature|account not found/i,
    hint: "Google does not know this service account or key: check 'clientId' (client_email), 'privateKey' and 'keyId'",
  },
  {
    sign: /Not a valid email or user ID/i,
    hint: "'subject' must be a mailbox of your Google Workspace",
  },
  { sign: /reasonable timeframe|iat and exp/i, hint: 'the clock of this machine is wrong' },
  {
    sign: /unauthorized_client.*(?:retrieve access tokens|not authorized for any of the scopes)/,
    hint: "domain-wide delegation is missing: an administrator has to allow the service account's client id the scope https://mail.google.com/ in the Workspace console",
  },
  { sign: /admin_policy_enforced/, hint: 'an administrator has blocked this application or scope' },
  {
    sign: /^invalid_scope.*device|Invalid device flow scope/i,
    hint: 'Google gives no mail scopes by device code: use a refresh token from its browser login, or an app password',
  },
  // RFC 6749 section 5.2, RFC 8628 section 3.5, OpenID Connect Core section 3.1.2.6.
  {
    sign: /^invalid_grant/,
    hint: 'the refresh token, code or assertion is not good (any more): log in anew',
  },
  {
    sign: /^invalid_scope/,
    hint: "the server does not know or not grant this scope: check 'scope'",
  },
  {
    sign: /^invalid_client/,
    hint: "check 'clientId' and 'clientSecret', and how the secret is shown ('clientAuthentication')",
  },
  {
    sign: /^unauthorized_client/,
    hint: 'the application may not use this grant: allow it in its registration',
  },
  { sign: /^access_denied/, hint: 'the user or an administrator said no' },
  {
    sign: /^(?:consent|interaction|login)_required/,
    hint: 'the user has to agree once more: log in anew',
  },
  { sign: /^expired_token/, hint: 'the code was not used in time: begin anew' },
  { sign: /^unsupported_grant_type/, hint: 'the server does not do this grant' },
  { sign: /^invalid_target/, hint: "check 'resource' or 'audience' in 'parameters'" },
  { sign: /^invalid_request/, hint: 'a parameter is missing or wrong' },
];

const LATER = ['temporarily_unavailable', 'server_error', 'slow_down'];

// In the body of an answer, and in what the browser brings back.
const REFUSALS: readonly unknown[] = [
  'OAUTH_RESPONSE_BODY_ERROR',
  'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
];

/** The refusal in an error of the OAuth library; `undefined` when it is another failure. */
export function refusalIn(error: unknown): OAuthRefusal | undefined {
  if (!(error instanceof Error) || !REFUSALS.includes(Reflect.get(error, 'code'))) return undefined;
  const text = (name: string): string => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : '';
  };
  return { error: text('error'), description: text('error_description') };
}

/** The error that a caller gets. Nothing of a request is in it: requests hold secrets. */
export function tokenError(error: unknown, request: FailedRequest): PosthornError {
  if (error instanceof PosthornError) return error;
  const { host, status, what } = request;
  const server = `The authorization server ${printable(host)}`;
  const context = { host, stage: 'auth' } as const;
  const refusal = refusalIn(error);
  if (refusal) return refused(server, refusal, context);
  if (status >= 500 || status === 429) {
    return new AuthenticationError(
      'TOKEN_REFUSED',
      `${server} answered with HTTP ${status}; try again later`,
      { ...context, retryable: true },
    );
  }
  const redirect =
    status >= 300 && status < 400 ? '; redirects are not followed: give the final URL' : '';
  const cure = redirect || '; check its address';
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `${server} answered the request for ${what} with something else (HTTP ${status})${cure}`,
    context,
  );
}

function refused(
  server: string,
  { error, description }: OAuthRefusal,
  context: { readonly host: string; readonly stage: 'auth' },
): AuthenticationError {
  const said = [error, description].filter((part) => part !== '').join(': ');
  const hint = HINTS.find(({ sign }) => sign.test(said))?.hint;
  return new AuthenticationError(
    'TOKEN_REFUSED',
    `${server} gave no token: '${printable(said)}'${hint === undefined ? '' : `; ${hint}`}`,
    {
      ...context,
      retryable: LATER.includes(error),
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

/** The server gave a token, but for none of the scopes that were asked for. */
export function scopeMissing(
  host: string,
  wanted: readonly string[],
  given: string,
): AuthenticationError {
  const hint = 'the user did not agree to it: log in anew and leave every box ticked';
  return new AuthenticationError(
    'TOKEN_REFUSED',
    `The authorization server ${printable(host)} gave a token for '${printable(given, 200)}' and not for '${printable(wanted.join(' '), 200)}'; ${hint}`,
    { host, stage: 'auth', hint },
  );
}
