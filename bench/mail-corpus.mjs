// The mail that the parsers are measured on: an mbox file of mixed messages, and one message with a large attachment.
// The same octets on every run and machine; nothing in it is anybody's mail.
import { closeSync, openSync, writeSync } from 'node:fs';

/** Pseudo-random numbers (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS =
  'order invoice meeting update report delivery account project customer please find attached the new version of our plan for next week and let me know whether it works with your schedule before Friday morning thanks again kind regards'.split(
    ' ',
  );
const GERMAN =
  'Größe Übersicht prüfen müssen künftig Straße für Änderung schöne Grüße nächste Woche Bestellung wird über das Büro verschickt'.split(
    ' ',
  );
const NAMES = ['Ann Smith', 'Bob Jones', 'Jörg Müller', 'Zoë Brontë', 'Li Wei', 'Ana Núñez'];

/** One message after the other, as octets with LF line ends as mbox files have them. */
class MailMaker {
  constructor(seed) {
    this.random = random(seed);
    this.noise = Buffer.alloc(1 << 20);
    for (let i = 0; i < this.noise.length; i += 1) this.noise[i] = this.random() * 256;
  }

  below(n) {
    return Math.floor(this.random() * n);
  }

  text(words, octets) {
    let out = '';
    let line = '';
    while (out.length + line.length < octets) {
      const word = words[this.below(words.length)];
      if (line.length + word.length > 70) {
        out += `${line}\n`;
        line = '';
      }
      line += line ? ` ${word}` : word;
    }
    return `${out}${line}\n`;
  }

  binary(octets) {
    const start = this.below(this.noise.length - octets);
    return this.noise.subarray(start, start + octets);
  }

  word(text) {
    return /[^\x20-\x7e]/.test(text) ? `=?utf-8?B?${Buffer.from(text).toString('base64')}?=` : text;
  }

  header(n, subject) {
    const from = NAMES[this.below(NAMES.length)];
    const id = `${n}.${this.below(1e9)}@mail.example.com`;
    const hops = 2 + this.below(4);
    const received = Array.from(
      { length: hops },
      (_, hop) =>
        `Received: from relay${hop}.example.net (relay${hop}.example.net [192.0.2.${hop + 1}])\n` +
        `\tby mx${hop}.example.org (Postfix) with ESMTPS id ${this.below(1e12).toString(16)}\n` +
        `\tfor <bob@example.org>; Thu, ${1 + this.below(28)} Jan 2026 10:${10 + this.below(49)}:07 +0000 (UTC)\n`,
    ).join('');
    const signature = this.binary(256).toString('base64').replace(/.{60}/g, '$&\n\t');
    return (
      `Return-Path: <bounce-${n}@example.com>\n${received}` +
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=key1;\n' +
      `\th=from:to:subject:date:message-id; bh=${this.binary(32).toString('base64')};\n\tb=${signature}\n` +
      `From: ${this.word(from)} <user${this.below(500)}@example.com>\n` +
      `To: ${this.word(NAMES[this.below(NAMES.length)])} <bob@example.org>,\n\t"Jones, Carol" <carol@example.org>\n` +
      (this.below(3) === 0 ? 'Cc: team@example.org, Dave <dave@example.net>\n' : '') +
      `Subject: ${this.word(subject)}\n` +
      `Date: Thu, ${1 + this.below(28)} Jan 2026 10:00:00 +0100\nMessage-ID: <${id}>\n` +
      (this.below(2) === 0 ? `References: <a.${id}>\n\t<b.${id}>\nIn-Reply-To: <b.${id}>\n` : '') +
      'MIME-Version: 1.0\nX-Mailer: Example 1.0\n'
    );
  }

  plain(type, text, encoding) {
    return `Content-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${encode(text, encoding)}`;
  }

  html(octets) {
    const words = this.below(2) === 0 ? WORDS : GERMAN;
    const lines = this.text(words, octets * 0.7).split('\n');
    return `<html><body style="margin:0">\n${lines.map((line) => `<p class="x" id=y>${line}</p>`).join('\n')}\n</body></html>\n`;
  }

  attachment(octets) {
    const names = [
      'name="report.pdf"\nContent-Disposition: attachment; filename="report.pdf"',
      "name*=utf-8''%C3%9Cbersicht.pdf\nContent-Disposition: attachment;\n\tfilename*0*=utf-8''%C3%9Cber;\n\tfilename*1*=sicht.pdf",
      `name="${this.word('Übersicht.docx')}"\nContent-Disposition: attachment;\n\tfilename="${this.word('Übersicht.docx')}"`,
    ];
    const data = encode(this.binary(octets), 'base64');
    return `Content-Type: application/octet-stream;\n\t${names[this.below(3)]}\nContent-Transfer-Encoding: base64\n\n${data}`;
  }

  multipart(subtype, parts) {
    const boundary = `=_${subtype}_${this.below(1e15).toString(36)}`;
    const body = parts.map((part) => `--${boundary}\n${part}\n`).join('');
    return `Content-Type: multipart/${subtype};\n\tboundary="${boundary}"\n\n${body}--${boundary}--\n`;
  }

  alternative(octets) {
    const words = this.below(2) === 0 ? WORDS : GERMAN;
    const encoding = this.below(3) === 0 ? 'base64' : 'quoted-printable';
    return this.multipart('alternative', [
      this.plain('text/plain', this.text(words, octets / 4), 'quoted-printable'),
      this.plain('text/html', this.html(octets), encoding),
    ]);
  }

  body(kind) {
    if (kind < 35) {
      const german = this.below(3) === 0;
      const text = this.text(german ? GERMAN : WORDS, 500 + this.below(6000));
      return this.plain('text/plain', text, german ? 'quoted-printable' : '7bit');
    }
    if (kind < 75) return this.alternative(2000 + this.below(18_000));
    if (kind < 90) {
      const files = Array.from({ length: 1 + this.below(3) }, () =>
        this.attachment(4000 + this.below(80_000)),
      );
      return this.multipart('mixed', [this.alternative(4000), ...files]);
    }
    if (kind < 95) {
      const picture = encode(this.binary(3000 + this.below(50_000)), 'base64');
      return this.multipart('related', [
        this.alternative(8000),
        `Content-Type: image/png; name=logo.png\nContent-ID: <logo@example.com>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n${picture}`,
      ]);
    }
    if (kind < 98) {
      const inner = `${this.header(0, 'Forwarded')}${this.body(this.below(90))}`;
      return this.multipart('mixed', [
        this.plain('text/plain', this.text(WORDS, 300), '7bit'),
        `Content-Type: message/rfc822\nContent-Disposition: attachment\n\n${inner}`,
      ]);
    }
    const calendar = `BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:${this.below(1e9)}\nEND:VEVENT\nEND:VCALENDAR\n`;
    return this.multipart('mixed', [
      this.plain('text/plain', this.text(WORDS, 300), '7bit'),
      `Content-Type: text/calendar; method=REQUEST; name=invite.ics\nContent-Disposition: attachment; filename=invite.ics\n\n${calendar}`,
    ]);
  }

  message(n) {
    const german = this.below(4) === 0;
    const subject = this.text(german ? GERMAN : WORDS, 20 + this.below(40)).replaceAll('\n', ' ');
    return `${this.header(n, subject.trim())}${this.body(this.below(100))}`;
  }
}

function encode(content, encoding) {
  if (encoding === '7bit') return content;
  const bytes = Buffer.from(content);
  if (encoding === 'base64') return `${bytes.toString('base64').replace(/.{76}/g, '$&\n')}\n`;
  return quotedPrintable(bytes);
}

function quotedPrintable(bytes) {
  let out = '';
  let column = 0;
  for (const [index, octet] of bytes.entries()) {
    if (octet === 0x0a) {
      out += '\n';
      column = 0;
      continue;
    }
    const isPlain = octet >= 0x20 && octet < 0x7f && octet !== 0x3d;
    const token =
      isPlain && !(octet === 0x20 && bytes[index + 1] === 0x0a)
        ? String.fromCharCode(octet)
        : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
    if (column + token.length > 75) {
      out += '=\n';
      column = 0;
    }
    out += token;
    column += token.length;
  }
  return out;
}

/** Writes `count` messages into an mbox file; gives its size. */
export function writeMbox(path, count) {
  const maker = new MailMaker(20_260_101);
  const file = openSync(path, 'w');
  let size = 0;
  let block = '';
  for (let n = 0; n < count; n += 1) {
    block += `From user@example.com Thu Jan  1 10:00:00 2026\n${maker.message(n)}\n`;
    if (block.length > 1 << 20 || n === count - 1) {
      size += writeSync(file, block, null, 'latin1');
      block = '';
    }
  }
  closeSync(file);
  return size;
}

/** Writes one message with an attachment of `octets` octets, in lines that end in CRLF. */
export function writeLarge(path, octets) {
  const maker = new MailMaker(7);
  const file = openSync(path, 'w');
  const put = (text) => writeSync(file, text, null, 'latin1');
  put(
    `${maker.header(1, 'A large file')}Content-Type: multipart/mixed; boundary=b\n\n--b\n${maker.plain('text/plain', 'See the file.\n', '7bit')}\n--b\nContent-Type: application/zip; name=large.zip\nContent-Disposition: attachment; filename=large.zip\nContent-Transfer-Encoding: base64\n\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  );
  const block = maker.noise.subarray(0, 57 * 4096);
  for (let left = octets; left > 0; left -= block.length) {
    const text = block.subarray(0, Math.min(left, block.length)).toString('base64');
    put(text.replace(/.{1,76}/g, '$&\r\n'));
  }
  put('\r\n--b--\r\n');
  closeSync(file);
}
