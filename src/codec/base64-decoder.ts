// Reading base64 (RFC 2045 section 6.8) chunk by chunk: what an = means is decided here, the letters between are
// decoded in base64-letters.ts.
import { concatBytes, viewOf } from '../base/internal.ts';
import { closeGroup, letterDecoderFor, type OpenGroup } from './base64-letters.ts';
import { CR, EQUALS, LF } from './octets.ts';
import { Recycled, type StreamDecoder } from './stream-decoder.ts';

// What may follow padding: white space, then a line that can only be base64, then blanks.
const SPACE = 1;
const BASE64 = 2;
const BLANK = 4;
const kinds = new Uint8Array(256);
for (let octet = 0; octet < 256; octet++) {
  const character = String.fromCharCode(octet);
  if (/\s/.test(character)) kinds[octet] = SPACE;
  if (/[A-Za-z0-9+/=]/.test(character)) kinds[octet] = BASE64;
  if (/[ \t]/.test(character)) kinds[octet] = SPACE | BLANK;
}
const NOTHING = new Uint8Array(0);

/**
 * Decodes base64 as it comes. Never throws: characters outside the alphabet are skipped, the URL-safe `-` and `_`
 * count as `+` and `/`, and missing or false padding is survived. After padding it goes on only if the next line can
 * be nothing but base64.
 */
export class Base64Decoder implements StreamDecoder {
  readonly #memory: Recycled = new Recycled();
  #target: Uint8Array = NOTHING;
  #length = 0;
  #stage: 'letters' | 'padding' | 'spaces' | 'line' | 'blanks' | 'over' = 'letters';
  readonly #group: OpenGroup = { bits: 0, count: 0 };
  /** The line after padding, as far as it came, while nobody can tell whether it is base64. */
  #doubtful: Uint8Array = NOTHING;
  /** Octets to come that are sure to be base64. */
  #sure = 0;

  push(chunk: Uint8Array): Uint8Array {
    this.#begin(chunk.length);
    if (this.#stage !== 'over') this.#take(chunk);
    return this.#target.subarray(0, this.#length);
  }

  end(): Uint8Array {
    this.#begin(0);
    if (this.#stage === 'line' || this.#stage === 'blanks') {
      this.#sure = this.#doubtful.length;
      this.#stage = 'letters';
      this.#take(NOTHING);
    }
    this.#close();
    this.#stage = 'letters';
    this.#doubtful = NOTHING;
    this.#sure = 0;
    return this.#target.subarray(0, this.#length);
  }

  #begin(octets: number): void {
    // Three octets for each four and what is open; a group that padding closes makes less than its letters.
    this.#target = this.#memory.of(this.#doubtful.length + octets + 6);
    this.#length = 0;
  }

  #take(chunk: Uint8Array): void {
    const looked = this.#doubtful.length;
    const bytes = looked === 0 ? chunk : concatBytes([this.#doubtful, chunk]);
    this.#doubtful = NOTHING;
    let at = 0;
    while (at < bytes.length) {
      if (this.#stage === 'letters') at = this.#takeLetters(bytes, at);
      else if (this.#stage === 'padding') at = this.#takePadding(bytes, at);
      else if (this.#stage === 'over') return;
      else at = this.#takeDoubtful(bytes, at, at === 0 ? looked : at);
    }
  }

  /** Everything up to an `=`, and the `=`. */
  #takeLetters(bytes: Uint8Array, start: number): number {
    const next = nextPadding(bytes, start);
    const decode = letterDecoderFor(next - start);
    const length = decode(bytes, start, next, this.#target, this.#length, this.#group);
    this.#length += length;
    const end = Math.min(bytes.length, next + 1);
    this.#sure = Math.max(0, this.#sure - (end - start));
    // Padding can only stand for the third and fourth letter; anywhere else it is a stray.
    if (next < bytes.length && this.#group.count >= 2) {
      this.#close();
      this.#stage = 'padding';
    }
    return end;
  }

  /** The second `=`, if there is one. */
  #takePadding(bytes: Uint8Array, at: number): number {
    const isDouble = bytes[at] === EQUALS;
    if (isDouble && this.#sure > 0) this.#sure -= 1;
    this.#stage = this.#sure > 0 ? 'letters' : 'spaces';
    return isDouble ? at + 1 : at;
  }

  /** The line after padding, from `start` on, of which everything before `looked` was looked at. */
  #takeDoubtful(bytes: Uint8Array, start: number, looked: number): number {
    let line = start;
    let at = looked;
    if (this.#stage === 'spaces') {
      at = endOf(SPACE, bytes, at);
      line = at;
      if (line === bytes.length) return line;
      this.#stage = 'line';
    }
    if (this.#stage === 'line') {
      at = endOf(BASE64, bytes, at);
      if (at < bytes.length) this.#stage = at === line ? 'over' : 'blanks';
    }
    if (this.#stage === 'blanks') {
      at = endOf(BLANK, bytes, at);
      const next = bytes[at];
      if (next === CR || next === LF) {
        this.#sure = at - line;
        this.#stage = 'letters';
        return line;
      }
      if (next !== undefined) this.#stage = 'over';
    }
    if (this.#stage !== 'over') this.#doubtful = new Uint8Array(bytes.subarray(line));
    return bytes.length;
  }

  #close(): void {
    this.#length += closeGroup(this.#group, this.#target, this.#length);
  }
}

// A flood of paddings costs no more than other octets: only behind this many is it worth to call the search.
const NEAR = 64;

function nextPadding(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + NEAR);
  for (let at = start; at < near; at++) if (bytes[at] === EQUALS) return at;
  const found = near < bytes.length ? viewOf(bytes).indexOf(EQUALS, near) : -1;
  return found === -1 ? bytes.length : found;
}

/** Where the octets of a kind end that begin at `start`. */
function endOf(kind: number, bytes: Uint8Array, start: number): number {
  let at = start;
  while (((kinds[bytes[at] ?? 0] ?? 0) & kind) !== 0) at++;
  return at;
}
