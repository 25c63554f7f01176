// Requests to an authorization server: bounded in time and size, never redirected, told apart when they fail.
import {
  ConnectionError,
  LimitError,
  limits,
  PosthornError,
  printable,
  TimeoutError,
  TlsError,
} from '../../base/index.ts';
import { concatBytes } from '../../base/internal.ts';
import type { AuthorizationServerOptions } from './options.ts';

/** What a server answered, seen from outside. */
export interface LastAnswer {
  readonly status: number;
  /** How far the server's clock is ahead of ours, in milliseconds; 0 when it does not say. */
  readonly clockAheadMs: number;
}

/** Sends requests and remembers what the last answer was. */
export class OAuthHttp {
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  #last: LastAnswer = { status: 0, clockAheadMs: 0 };

  constructor({ fetch = globalThis.fetch, timeoutMs = 30_000 }: AuthorizationServerOptions) {
    this.#fetch = fetch;
    this.#timeoutMs = timeoutMs;
  }

  /** What the last answer was. */
  get last(): LastAnswer {
    return this.#last;
  }

  /**
   * As `fetch`, but the body has been read, within `limits.tokenResponseBytes`, and only what OAuth needs of the answer
   * is left. Throws `ConnectionError`, `TlsError`, `TimeoutError` or `LimitError`.
   */
  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { host } = new URL(url);
    const bound = AbortSignal.timeout(this.#timeoutMs);
    try {
      // RFC 6749 section 10.9: what a redirect leads to is not who was asked.
      const response = await this.#fetch(url, { ...init, redirect: 'manual', signal: bound });
      const body = await bodyOf(response, host);
      const date = Date.parse(response.headers.get('date') ?? '');
      const clockAheadMs = Number.isNaN(date) ? 0 : date - Date.now();
      this.#last = { status: response.status, clockAheadMs };
      return plain(response, body, secretsIn(init));
    } catch (error) {
      throw error instanceof PosthornError ? error : failure(error, host, bound.aborted);
    }
  };
}

async function bodyOf(response: Response, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limits.tokenResponseBytes) {
      throw new LimitError(
        'tokenResponseBytes',
        limits.tokenResponseBytes,
        `The answer of ${printable(host)} is over the limit 'tokenResponseBytes' of ${limits.tokenResponseBytes}`,
        { host, stage: 'auth' },
      );
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

// Without its identity token, which nobody asked for, and without challenges: the JSON says more. A refusal must not repeat
// what it refuses.
function plain(
  { status, headers }: Response,
  body: Uint8Array,
  secrets: readonly string[],
): Response {
  const hasBody = ![204, 205, 304].includes(status);
  const type = headers.get('content-type') ?? '';
  const said = new TextDecoder().decode(body);
  const text =
    status < 400 ? said : secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), said);
  return new Response(hasBody ? withoutIdToken(text) : null, {
    status,
    headers: { 'content-type': type },
  });
}

function withoutIdToken(text: string): string {
  if (!text.includes('"id_token"')) return text;
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}

// `fetch` hides the reason one level down.
function failure(error: unknown, host: string, isLate: boolean): PosthornError {
  const name = printable(host);
  const context = { host, stage: 'auth', retryable: true } as const;
  if (isLate) {
    const message = `The authorization server ${name} did not answer in time; try again later`;
    return new TimeoutError('TIMEOUT', message, context);
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  const reason = printable(code || (cause instanceof Error ? cause.message : String(cause)), 200);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ConnectionError(
      'CONNECTION_DNS',
      `The authorization server ${name} was not found (${reason}); check the address`,
      context,
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ISSUER/.test(code)) {
    return new TlsError(
      'TLS_CERTIFICATE',
      `The authorization server ${name} could not be trusted (${reason}); NODE_EXTRA_CA_CERTS can name an authority of your own`,
      { ...context, retryable: false },
    );
  }
  const refused = code === 'ECONNREFUSED';
  return new ConnectionError(
    refused ? 'CONNECTION_REFUSED' : 'CONNECTION_CLOSED',
    `The authorization server ${name} could not be reached (${reason}); try again later`,
    context,
  );
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}

// What proves who asks, or is as good as a token.
const SECRET_PARAMETERS = [
  ...['client_secret', 'refresh_token', 'assertion', 'client_assertion', 'device_code', 'code'],
  ...['code_verifier', 'password'],
];
// Shorter ones occur in any text.
const SHORTEST = 4;

// The secrets of a request in the forms in which an answer could repeat them, the longest first.
function secretsIn({ body, headers }: RequestInit): string[] {
  const parameters = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const [, credentials = ''] = (new Headers(headers).get('authorization') ?? '').split(' ');
  const login = Buffer.from(credentials, 'base64').toString();
  const secret = login.slice(login.indexOf(':') + 1);
  const [[, plainSecret = ''] = []] = new URLSearchParams(`secret=${secret}`);
  const values = SECRET_PARAMETERS.flatMap((name) => parameters.getAll(name));
  return [...values, credentials, login, secret, plainSecret]
    .flatMap((value) => [
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value),
      new URLSearchParams({ v: value }).toString().slice(2),
    ])
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
}
