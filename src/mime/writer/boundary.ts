// Boundaries of multiparts (RFC 2046 section 5.1.1).
import { InvalidMessageError, printable } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';
import { randomToken } from './random-token.ts';

const BOUNDARY = /^[0-9a-zA-Z'()+_,\-./:=? ]{0,69}[0-9a-zA-Z'()+_,\-./:=?]$/;
// What makeBoundary gives and the like: taken to be random, so that it need not be looked for in content,
// which costs as much as the rest of the writing.
const RANDOM = /^=_[\w-]{20,}$/;

/**
 * A fresh boundary. It begins with `=_`, which neither base64 nor quoted-printable can hold, and goes
 * on with 120 random bits, so that no content can hold it by chance or by intent.
 */
export function makeBoundary(): string {
  return `=_${randomToken()}`;
}

/** Throws when a text that is written as it is holds one of the boundaries around it that are not random. */
export function checkContent(content: string | Uint8Array, outer: readonly string[]): void {
  refuse(outer.find((boundary) => !RANDOM.test(boundary) && holds(content, boundary)));
}

/**
 * Throws when a message that is written as it is holds one of the boundaries around it: a random one too, for it may
 * be this very message as it was written before.
 */
export function checkEmbedded(content: string | Uint8Array, outer: readonly string[]): void {
  refuse(outer.find((boundary) => holds(content, boundary)));
}

function refuse(found: string | undefined): void {
  if (found === undefined) return;
  throw new InvalidMessageError(
    'MESSAGE_FIELD_INVALID',
    `The boundary "${found}" occurs in the content of a part; use another, such as makeBoundary() gives`,
  );
}

function holds(content: string | Uint8Array, boundary: string): boolean {
  const delimiter = `--${boundary}`;
  return typeof content === 'string'
    ? content.includes(delimiter)
    : viewOf(content).includes(delimiter, 0, 'latin1');
}

/** Throws unless the boundary may be written, and can be told from those of the parts around it. */
export function checkBoundary(boundary: string, outer: readonly string[]): void {
  if (!BOUNDARY.test(boundary)) {
    throw new InvalidMessageError(
      'MESSAGE_FIELD_INVALID',
      `"${printable(boundary, 80)}" cannot be a boundary; use makeBoundary(), or 1 to 70 characters of RFC 2046 section 5.1.1`,
    );
  }
  const clash = outer.find((other) => other.startsWith(boundary) || boundary.startsWith(other));
  if (clash !== undefined) {
    throw new InvalidMessageError(
      'MESSAGE_FIELD_INVALID',
      `The boundary "${boundary}" and that of a part around it, "${clash}", begin alike; give each multipart its own, as makeBoundary() does`,
    );
  }
}
