// Why a mail server refuses a token: the JSON in its challenge (RFC 7628 section 3.2.2).
import { printable } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';
import type { SaslRefusal } from './mechanism.ts';

// RFC 6750 section 3.1 by what cures it; Google answers with HTTP status codes instead.
const EXPIRED = 'the token is expired, revoked or for somebody else';
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['invalid_token', EXPIRED],
  ['401', EXPIRED],
  ['400', EXPIRED],
  ['insufficient_scope', 'the token was not given for this scope'],
  ['403', 'the token was not given for sending mail'],
  ['invalid_request', 'the server did not understand the token'],
]);

/** The reason in words. Whatever the challenge holds, it is taken as a refusal. */
export function bearerRefusal(challenge: Uint8Array): SaslRefusal {
  const members = jsonMembers(challenge);
  const status = textOf(members.get('status'));
  const scope = textOf(members.get('scope'));
  const meaning = MEANINGS.get(status);
  const words = [
    status === '' ? 'no reason given' : printable(status, 80),
    meaning === undefined ? '' : ` (${meaning})`,
    scope === '' ? '' : `; the scope it wants is '${printable(scope, 200)}'`,
  ];
  // A token for the wrong scope stays so, however fresh.
  const isScope = status === 'insufficient_scope' || status === '403';
  return { kind: isScope ? 'other' : 'token', reason: words.join('') };
}

function jsonMembers(challenge: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(viewOf(challenge).toString('utf8'));
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
