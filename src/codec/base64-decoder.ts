// Reading base64 (RFC 2045 section 6.8) chunk by chunk. Octets go to Node's decoder, which is quick, in stretches of
// whole groups of four; what an `=` means is decided here.
import { Buffer } from 'node:buffer';
import { latin1 } from '../base/internal.ts';
import { Recycled, type StreamDecoder } from './stream-decoder.ts';

const LETTER = /[A-Za-z0-9+/_-]/;
// What may follow padding: white space, then a line that can only be base64. Each is matched where the last one ended.
const SPACES = /\s*/y;
const LINE = /[A-Za-z0-9+/=]*/y;
const BLANKS = /[ \t]*/y;

// A line that is longer than this is not worth the waiting for its end.
const LINE_ROOM = 1024;

/**
 * Decodes base64 as it comes. Never throws: characters outside the alphabet are skipped, the URL-safe `-` and `_`
 * count as `+` and `/`, and missing or false padding is survived. After padding it goes on only if the next line can
 * be nothing but base64.
 */
export class Base64Decoder implements StreamDecoder {
  readonly #memory: Recycled = new Recycled();
  #target: Buffer = Buffer.alloc(0);
  #length = 0;
  #stage: 'letters' | 'padding' | 'spaces' | 'line' | 'blanks' | 'over' = 'letters';
  /** Characters without `=` that are not decoded yet: an incomplete group, a line without its end. */
  #kept = '';
  /** The line after padding, as far as it came, while nobody can tell whether it is base64. */
  #doubtful = '';
  /** Characters to come that are sure to be base64. */
  #sure = 0;

  push(chunk: Uint8Array): Uint8Array {
    this.#begin(chunk.length);
    if (this.#stage !== 'over') this.#take(latin1(chunk));
    return this.#target.subarray(0, this.#length);
  }

  end(): Uint8Array {
    this.#begin(0);
    if (this.#stage === 'line' || this.#stage === 'blanks') {
      this.#sure = this.#doubtful.length;
      this.#stage = 'letters';
      this.#take('');
    }
    this.#write(this.#kept);
    this.#stage = 'letters';
    this.#kept = '';
    this.#doubtful = '';
    this.#sure = 0;
    return this.#target.subarray(0, this.#length);
  }

  #begin(characters: number): void {
    // Eight: room for what is decoded too much and cut off again.
    const size = this.#kept.length + this.#doubtful.length + characters + 8;
    this.#target = this.#memory.of(size);
    this.#length = 0;
  }

  #take(chunk: string): void {
    const looked = this.#doubtful.length;
    const text = this.#doubtful + chunk;
    this.#doubtful = '';
    let at = 0;
    while (at < text.length) {
      if (this.#stage === 'letters') at = this.#takeLetters(text, at);
      else if (this.#stage === 'padding') at = this.#takePadding(text, at);
      else if (this.#stage === 'over') return;
      else at = this.#takeDoubtful(text, at, at === 0 ? looked : at);
    }
  }

  /** Everything up to an `=`, and the `=`. */
  #takeLetters(text: string, start: number): number {
    const padding = text.indexOf('=', start);
    const end = padding === -1 ? text.length : padding + 1;
    this.#sure = Math.max(0, this.#sure - (end - start));
    if (padding === -1) {
      this.#takePlain(text.slice(start));
      return end;
    }
    this.#kept = this.#writeGroups(this.#kept + text.slice(start, padding));
    // Padding can only stand for the third and fourth letter; anywhere else it is a stray.
    if (this.#kept.length >= 2) {
      this.#write(this.#kept);
      this.#kept = '';
      this.#stage = 'padding';
    }
    return end;
  }

  /** Text without `=`. Cut where a line ends, groups of four are seldom cut. */
  #takePlain(text: string): void {
    const lineEnd = text.lastIndexOf('\n') + 1;
    if (lineEnd > 0 && text.length - lineEnd < LINE_ROOM) {
      this.#kept = this.#writeGroups(this.#kept + text.slice(0, lineEnd)) + text.slice(lineEnd);
    } else this.#kept = this.#writeGroups(this.#kept + text);
  }

  /** The second `=`, if there is one. */
  #takePadding(text: string, at: number): number {
    const isDouble = text.charAt(at) === '=';
    if (isDouble && this.#sure > 0) this.#sure -= 1;
    this.#stage = this.#sure > 0 ? 'letters' : 'spaces';
    return isDouble ? at + 1 : at;
  }

  /** The line after padding, from `start` on, of which everything before `looked` was looked at. */
  #takeDoubtful(text: string, start: number, looked: number): number {
    let line = start;
    let at = looked;
    if (this.#stage === 'spaces') {
      line = endOf(SPACES, text, at);
      if (line === text.length) return line;
      at = line;
      this.#stage = 'line';
    }
    if (this.#stage === 'line') {
      at = endOf(LINE, text, at);
      if (at < text.length) this.#stage = at === line ? 'over' : 'blanks';
    }
    if (this.#stage === 'blanks') {
      at = endOf(BLANKS, text, at);
      const next = text.charAt(at);
      if (next === '\r' || next === '\n') {
        this.#sure = at - line;
        this.#stage = 'letters';
        return line;
      }
      if (next !== '') this.#stage = 'over';
    }
    if (this.#stage !== 'over') this.#doubtful = text.slice(line);
    return text.length;
  }

  /** Decodes all whole groups of four; gives the letters behind them, at most three. */
  #writeGroups(text: string): string {
    // Two letters more tell by the octets they make how many letters the last group has.
    const length = this.#target.write(`${text}A/`, this.#length, 'base64');
    const over = length % 3;
    const last = this.#target[this.#length + length - 1] ?? 0;
    const letters = over > 0 ? over - 1 : (last & 0x3f) === 0x3f ? 2 : 3;
    this.#length += length - (over > 0 ? over : 3);
    return lastLetters(text, letters);
  }

  #write(text: string): void {
    this.#length += this.#target.write(text, this.#length, 'base64');
  }
}

function lastLetters(text: string, count: number): string {
  let letters = '';
  for (let at = text.length - 1; letters.length < count && at >= 0; at--) {
    const character = text.charAt(at);
    if (LETTER.test(character)) letters = character + letters;
  }
  return letters;
}

/** Where the match of a sticky pattern that matches anything ends. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  pattern.test(text);
  return pattern.lastIndex;
}
