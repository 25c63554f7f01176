// Whether what would be a boundary occurs in content. Base64 cannot hold one, so that streams, and octets that are
// no text, need not be looked into.
import { viewOf } from '../base/internal.ts';
import type { Bodies, ReadyPart } from './structure-input.ts';

/** Whether a text or a part that may be written as it is holds `token`. */
export function holdsToken(
  { text, html, views }: Bodies,
  parts: readonly ReadyPart[],
  token: string,
): boolean {
  return (
    text?.includes(token) === true ||
    html?.includes(token) === true ||
    views.some(({ content }) => holds(content, token)) ||
    parts.some(({ part, body }) => {
      const { kind } = body;
      return (
        (kind === 'message' || (kind === 'bytes' && /^(?:text|message)\//.test(part.type.type))) &&
        holds(body.bytes, token)
      );
    })
  );
}

function holds(content: string | Uint8Array, token: string): boolean {
  return typeof content === 'string' ? content.includes(token) : viewOf(content).includes(token);
}
