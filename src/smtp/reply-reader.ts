// Server bytes in, replies out (RFC 5321 section 4.2). Pure: no socket, no clock.
import { isAscii, isUtf8 } from 'node:buffer';
import { ProtocolError, printable, type SmtpReply, TlsError } from '../base/index.ts';
import { concatBytes, enforceLimit, viewOf } from '../base/internal.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/;

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
    let rest = viewOf(chunk);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      this.#count(end + 1);
      const line = viewOf(concatBytes([...this.#unread, rest.subarray(0, end)]));
      this.#unread = [];
      rest = rest.subarray(end + 1);
      const reply = this.#line(line.at(-1) === CR ? line.subarray(0, -1) : line);
      if (reply) yield reply;
    }
    if (rest.length === 0) return;
    this.#count(rest.length);
    this.#unread.push(rest);
    // What can't become a reply any more is said now, not when the deadline is over.
    const start = this.#unread.length <= 4 ? concatBytes(this.#unread) : undefined;
    if (start && !canStartReply(start)) throw notSmtp(start);
  }

  /** Whether part of a reply has arrived and the rest is awaited. */
  get hasLeftover(): boolean {
    return this.#unread.length > 0 || this.#texts.length > 0;
  }

  #count(bytes: number): void {
    this.#replyBytes += bytes;
    enforceLimit('replyBytes', this.#replyBytes, "The server's reply");
  }

  #line(line: Uint8Array): SmtpReply | undefined {
    const separator = line[3] ?? SPACE;
    if (line.length < 3 || separator === CR || !canStartReply(line)) throw notSmtp(line);
    const code = Number(decode(line.subarray(0, 3)));
    if (this.#texts.length > 0 && code !== this.#code) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        `The lines of one reply carry different codes (${this.#code} and ${code}), so its meaning is not known`,
      );
    }
    this.#code = code;
    this.#texts.push(decode(line.subarray(4)));
    enforceLimit('replyLines', this.#texts.length, "The server's reply");
    return separator === HYPHEN ? undefined : this.#finish();
  }

  #finish(): SmtpReply {
    const [first = ''] = this.#texts;
    const enhanced = ENHANCED.exec(first)?.[1];
    const lines =
      enhanced === undefined ? this.#texts : this.#texts.map((t) => without(t, enhanced));
    const reply = { code: this.#code, enhanced, lines };
    this.#texts = [];
    this.#replyBytes = 0;
    return reply;
  }
}

// RFC 2034 section 4: the enhanced code is repeated on every line of a reply.
function without(text: string, enhanced: string): string {
  if (text === enhanced) return '';
  return text.startsWith(`${enhanced} `) ? text.slice(enhanced.length + 1) : text;
}

// RFC 5321 section 4.2: three digits, the first from 2 to 5, then a space, a hyphen or the end of the line.
function canStartReply(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(4, bytes.length); at++) {
    const byte = bytes[at] ?? 0;
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
  const shown = printable(decode(line.subarray(0, 80)));
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The server's bytes are not an SMTP reply (they begin with '${shown}'); check 'host' and 'port'`,
  );
}

function decode(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  return view.toString(isAscii(view) || !isUtf8(view) ? 'latin1' : 'utf8');
}
