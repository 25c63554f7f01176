import type { ErrorJson } from './api-types.ts';

/** What a route answers; the server writes it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request that can't be served, as every client is told. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** On every answer: no guessing of types, no trace of the address elsewhere, nothing loads, nobody embeds. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cache-Control': 'no-store',
};

/** A JSON answer. */
export function json(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

/** An error as JSON. */
export function refuse({ status, code, message }: Refusal): Reply {
  return json({ error: { code, message } } satisfies ErrorJson, status);
}

/** The request says something it can't. */
export function badRequest(message: string): Reply {
  return refuse({ status: 400, code: 'BAD_REQUEST', message });
}

/** Nothing is there. */
export function notFound(what: string): Reply {
  return refuse({ status: 404, code: 'NOT_FOUND', message: `There is no ${what} here.` });
}
