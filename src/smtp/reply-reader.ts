// Server bytes in, replies out (RFC 5321 section 4.2). Pure: no socket, no clock.
import { type Buffer, isUtf8 } from 'node:buffer';
import { ProtocolError, printable, type SmtpReply, TlsError } from '../base/index.ts';
import { concatBytes, enforceLimit, viewOf } from '../base/internal.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3}$/;
// In latin1, one character is one octet.
const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Reads replies however their bytes are cut. After it has thrown it is of no more use. */
export class ReplyReader {
  #unread: Uint8Array[] = [];
  #replyBytes = 0;
  #code = 0;
  #texts: string[] = [];

  /**
   * The replies that `chunk` completes. Throws `ProtocolError` when the bytes are not a reply and
   * `LimitError` past `limits.replyBytes` or `limits.replyLines`, before storing more.
   */
  *push(chunk: Uint8Array): Generator<SmtpReply, void> {
    const bytes = viewOf(chunk);
    let at = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, at)) {
      this.#count(end + 1 - at);
      const reply =
        this.#unread.length === 0 ? this.#line(bytes, at, end) : this.#joined(bytes, end);
      at = end + 1;
      if (reply) yield reply;
    }
    if (at === bytes.length) return;
    this.#count(bytes.length - at);
    this.#unread.push(bytes.subarray(at));
    // What can't become a reply any more is said now, not when the deadline is over.
    const start = this.#unread.length <= 4 ? concatBytes(this.#unread) : undefined;
    if (start && !canStartReply(start, 0, start.length)) throw notSmtp(start);
  }

  // The first line of a chunk, when it began in those before.
  #joined(bytes: Buffer, end: number): SmtpReply | undefined {
    const line = viewOf(concatBytes([...this.#unread, bytes.subarray(0, end)]));
    this.#unread = [];
    return this.#line(line, 0, line.length);
  }

  /** Whether part of a reply has arrived and the rest is awaited. */
  get hasLeftover(): boolean {
    return this.#unread.length > 0 || this.#texts.length > 0;
  }

  #count(bytes: number): void {
    this.#replyBytes += bytes;
    enforceLimit('replyBytes', this.#replyBytes, "The server's reply");
  }

  // The octets from `start` to before the LF at `lf`.
  #line(bytes: Buffer, start: number, lf: number): SmtpReply | undefined {
    const end = lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
    const separator = end > start + 3 ? bytes[start + 3] : SPACE;
    if (end < start + 3 || separator === CR || !canStartReply(bytes, start, end)) {
      throw notSmtp(bytes.subarray(start, end));
    }
    const code = Number(bytes.toString('latin1', start, start + 3));
    if (this.#texts.length > 0 && code !== this.#code) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        `The lines of one reply carry different codes (${this.#code} and ${code}), so its meaning is not known`,
      );
    }
    this.#code = code;
    this.#texts.push(end > start + 4 ? decode(bytes, start + 4, end) : '');
    enforceLimit('replyLines', this.#texts.length, "The server's reply");
    return separator === HYPHEN ? undefined : this.#finish();
  }

  #finish(): SmtpReply {
    const texts = this.#texts;
    const enhanced = enhancedOf(texts[0] ?? '');
    const lines = enhanced === undefined ? texts : texts.map((text) => without(text, enhanced));
    const reply = { code: this.#code, enhanced, lines };
    this.#texts = [];
    this.#replyBytes = 0;
    return reply;
  }
}

// RFC 2034 section 4: the first word of the text.
function enhancedOf(text: string): string | undefined {
  const end = text.indexOf(' ');
  const word = end === -1 ? text : text.slice(0, end);
  return ENHANCED.test(word) ? word : undefined;
}

// RFC 2034 section 4: the enhanced code is repeated on every line of a reply.
function without(text: string, enhanced: string): string {
  if (text === enhanced) return '';
  return text.startsWith(`${enhanced} `) ? text.slice(enhanced.length + 1) : text;
}

// RFC 5321 section 4.2: three digits, the first from 2 to 5, then a space, a hyphen or the end of the line.
function canStartReply(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = 0; at < Math.min(4, end - start); at++) {
    const byte = bytes[start + at] ?? 0;
    const isGood =
      at === 3
        ? byte === SPACE || byte === HYPHEN || byte === CR
        : byte >= (at === 0 ? 0x32 : 0x30) && byte <= (at === 0 ? 0x35 : 0x39);
    if (!isGood) return false;
  }
  return true;
}

function notSmtp(line: Uint8Array): ProtocolError | TlsError {
  // RFC 8446 section 5.1: a handshake or an alert.
  if (line[0] === 0x16 || line[0] === 0x15) {
    return new TlsError(
      'TLS_WRONG_MODE',
      "The server speaks TLS from the first byte on this port; write security: 'implicit'",
    );
  }
  const shown = printable(decode(viewOf(line), 0, Math.min(80, line.length)));
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The server's bytes are not an SMTP reply (they begin with '${shown}'); check 'host' and 'port'`,
  );
}

function decode(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start, end);
  if (!BEYOND_ASCII.test(text)) return text;
  const view = bytes.subarray(start, end);
  return isUtf8(view) ? view.toString() : text;
}
