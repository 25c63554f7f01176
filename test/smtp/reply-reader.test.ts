import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmtpReply } from '../../src/base/index.ts';
import { ReplyReader } from '../../src/smtp/reply-reader.ts';
import { expectLinear } from '../support/linear.ts';

function read(...chunks: (string | Uint8Array)[]): SmtpReply[] {
  const reader = new ReplyReader();
  return chunks.flatMap((chunk) => [...reader.push(Buffer.from(chunk as string))]);
}

function fails(...chunks: (string | Uint8Array)[]): {
  name: string;
  code: string;
  message: string;
} {
  try {
    read(...chunks);
  } catch (error) {
    const { name, code, message } = error as { name: string; code: string; message: string };
    return { name, code, message };
  }
  throw new Error('It was expected to fail');
}

describe('the reply reader', () => {
  const wire =
    '250-test.example.com\r\n250-SIZE 5\r\n250 grüße\r\n354\r\n550-5.1.1 No\r\n550 5.1.1 user\r\n';
  const replies = [
    { code: 250, enhanced: undefined, lines: ['test.example.com', 'SIZE 5', 'grüße'] },
    { code: 354, enhanced: undefined, lines: [''] },
    { code: 550, enhanced: '5.1.1', lines: ['No', 'user'] },
  ];

  it('takes only a whole enhanced code off the later lines', () => {
    expect(read('550-5.1.1 No\r\n550-5.1.10 user\r\n550 5.1.1\r\n')).toEqual([
      { code: 550, enhanced: '5.1.1', lines: ['No', '5.1.10 user', ''] },
    ]);
  });

  it('reads the same however the bytes are cut', () => {
    const bytes = Buffer.from(wire);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(replies);
    }
    expect(read(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(replies);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        expect(read(...ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)))).toEqual(
          replies,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('takes bytes that are not UTF-8 for latin1', () => {
    expect(read(Buffer.from('250 gr\xfc\xdfe\r\n', 'latin1'))[0]?.lines).toEqual(['grüße']);
  });

  it.each([
    ['a bare LF', '250-one\n250 two\n', ['one', 'two']],
    ['NUL in the text', '250 a\0b\r\n', ['a\0b']],
    ['a CR in the text', '250 a\rb\r\n', ['a\rb']],
    ['no space before nothing', '250\r\n', ['']],
    ['a hyphen line without text', '250-\r\n250 x\r\n', ['', 'x']],
  ])('bears %s', (_, text, lines) => {
    expect(read(text)).toEqual([{ code: 250, enhanced: undefined, lines }]);
  });

  it.each([
    ['2.1.0 Ok', '2.1.0', 'Ok'],
    ['5.7.139 x', '5.7.139', 'x'],
    ['2.0.0', '2.0.0', ''],
    ['2.0.0.1 is an address', undefined, '2.0.0.1 is an address'],
    ['3.0.0 no such class', undefined, '3.0.0 no such class'],
    // RFC 2034 section 4: the code decides; both are kept.
    ['5.1.1 contradicts', '5.1.1', 'contradicts'],
  ])('reads the enhanced code of %j', (text, enhanced, rest) => {
    expect(read(`250 ${text}\r\n`)).toEqual([{ code: 250, enhanced, lines: [rest] }]);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'HTTP/1.1 400 Bad Request'],
    ['25 ok\r\n', '25 ok'],
    ['2500 ok\r\n', '2500 ok'],
    ['150 ok\r\n', '150 '],
    ['650 ok\r\n', '650 '],
    ['260\tok\r\n', '260\\u{9}'],
    ['\r\n', "with '')"],
    ['2\n', '2'],
    ['250\r ok\r\n', '250'],
    [' 250 ok\r\n', ' 250'],
    ['\u001b[2J', '\\u{1b}[2J'],
  ])('refuses %j at once', (text, start) => {
    const { name, code, message } = fails(text);
    expect({ name, code }).toEqual({ name: 'ProtocolError', code: 'PROTOCOL_VIOLATION' });
    expect(message).toContain("The server's bytes are not an SMTP reply (they begin with '");
    expect(message).toContain(start);
    expect(message).toContain("check 'host' and 'port'");
  });

  it('refuses what can no longer become a reply before the line is whole', () => {
    for (const start of ['S', '6', '2x', '25x', '250x', '250!'])
      expect(fails(start).code).toBe('PROTOCOL_VIOLATION');
    for (const start of ['2', '25', '250', '250 ', '250-', '250\r'])
      expect(read(start)).toEqual([]);
  });

  it('knows TLS when it sees it', () => {
    expect(fails(Uint8Array.of(0x15, 3, 1, 0, 2))).toEqual({
      name: 'TlsError',
      code: 'TLS_WRONG_MODE',
      message: "The server speaks TLS from the first byte on this port; write security: 'implicit'",
    });
  });

  it('refuses lines of one reply with different codes', () => {
    expect(fails('250-first\r\n550 second\r\n')).toEqual({
      name: 'ProtocolError',
      code: 'PROTOCOL_VIOLATION',
      message:
        'The lines of one reply carry different codes (250 and 550), so its meaning is not known',
    });
  });

  it('gives the replies before the fault', () => {
    const reader = new ReplyReader();
    const seen: number[] = [];
    expect(() => {
      for (const { code } of reader.push(Buffer.from('250 ok\r\nrubbish\r\n'))) seen.push(code);
    }).toThrow('not an SMTP reply');
    expect(seen).toEqual([250]);
  });

  it('stops at the limits, whole or in pieces', () => {
    const long = fails(`250 ${'x'.repeat(70_000)}`);
    expect(long).toEqual({
      name: 'LimitError',
      code: 'LIMIT_EXCEEDED',
      message: "The server's reply is over the limit 'replyBytes' of 65536",
    });
    expect(fails(...Array.from({ length: 80 }, () => `250-${'x'.repeat(1000)}\r\n`))).toEqual(long);
    expect(fails('250-x\r\n'.repeat(600))).toMatchObject({
      message: "The server's reply is over the limit 'replyLines' of 512",
    });
    // Each reply counts for itself.
    expect(read('250 ok\r\n'.repeat(20_000)).length).toBe(20_000);
  });

  it('says whether something is left over', () => {
    const reader = new ReplyReader();
    const left = ['25', '0-x', '\r\n', '250 y\r\n'].map((chunk) => {
      for (const _ of reader.push(Buffer.from(chunk)));
      return reader.hasLeftover;
    });
    expect(left).toEqual([true, true, true, false]);
  });

  it('takes time in proportion to the bytes, also one by one', () => {
    expectLinear((octets) => {
      const bytes = Buffer.from(`250 ${'x'.repeat(octets)}\r\n`);
      read(...[...bytes].map((_, at) => bytes.subarray(at, at + 1)));
    }, 8_000);
  });
});
