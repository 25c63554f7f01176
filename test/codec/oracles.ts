// Independent implementations from the packages under mailparser, and a check for linear time.
import { createRequire } from 'node:module';

const require = createRequire(createRequire(import.meta.url).resolve('mailparser'));

interface LibQp {
  decode(text: string): Buffer;
}
interface LibMime {
  decodeWords(text: string): string;
  parseHeaderValue(text: string): { value: string; params: Record<string, string> };
}

/** Quoted-printable by libqp. */
export const libqp = require('libqp') as LibQp;
/** Headers by libmime. */
export const libmime = require('libmime') as LibMime;

/** Bytes of a string that holds only U+0000 to U+00FF. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Octets as a string of U+0000 to U+00FF. */
export function stringOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** UTF-8 octets as the reader of a header sees them: one character each. */
export function raw(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The text with U+FFFD for each lone surrogate, as every encoder here has it. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
