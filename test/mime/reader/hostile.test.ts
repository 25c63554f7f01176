import { describe, expect, test } from 'vitest';
import { LimitError, limits } from '../../../src/base/index.ts';
import { decompose, parseEntity } from '../../../src/mime/index.ts';
import { octets } from './eml.ts';

const SIZE = 1_000_000;
const fill = (piece: string): string => piece.repeat(SIZE / piece.length);
const multipart = (boundary: string): string =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;

/** Reads everything a user may ask for; the name of the limit that ended it. */
function readAll(source: string): string {
  try {
    const message = parseEntity(octets(source));
    for (const { name } of message.headers.fields) message.headers.get(name);
    const { text, html, attachments } = decompose(message);
    for (const part of [...text, ...html]) part.text();
    for (const part of attachments) part.content();
    for (const { line } of message.problems) expect(line).toBeGreaterThan(0);
    return message.filename === undefined ? 'read' : 'read, named';
  } catch (error) {
    if (error instanceof LimitError) return error.limit;
    throw error;
  }
}

describe('a megabyte of', () => {
  test.each([
    ['boundaries', multipart('b') + fill('--b\r\n\r\n'), 'parts'],
    [
      'lines that are almost the boundary',
      multipart('b'.repeat(70)) + fill(`--${'b'.repeat(69)}\r\n`),
      'read',
    ],
    [
      'boundaries with much white space',
      multipart('b') + fill(`--b${' '.repeat(2000)}\r\n`),
      'read',
    ],
    ['dashes', multipart('b') + fill('--'), 'read'],
    ['lines of two dashes', multipart('b') + fill('--\n'), 'read'],
    ['closed multiparts', multipart('b') + fill('--b--\n'), 'read'],
    [
      'multiparts in multiparts',
      Array.from({ length: 15_000 }, (_, n) => `${multipart(`b${n}`)}--b${n}\r\n`).join(''),
      'depth',
    ],
    ['messages in messages', fill('Content-Type: message/rfc822\r\n\r\n'), 'read'],
    ['header fields', fill('X-A: b\r\n'), 'headers'],
    ['one header field', `X-A: ${fill('a')}`, 'read'],
    ['folds', `X-A: ${fill('a\r\n ')}\r\n\r\n`, 'read'],
    ['header without colon', fill('a'), 'read'],
    ['colons', fill(':'), 'read'],
    ['lines that are no fields', `A: b\r\n${fill('a\r\n')}`, 'read'],
    ['parts without header', multipart('b') + '--b\n'.repeat(9000) + fill('x y\n'), 'read'],
    ['addresses', `To: ${fill('a@b,')}`, 'read'],
    ['names in an address field', `To: ${fill('a,')}`, 'read'],
    ['CR', `A: b\r\n\r\n${fill('\r')}`, 'read'],
    ['CR in the header', `A: b${fill('\r')}\r\n\r\n`, 'read'],
    ['CR and nothing else', fill('\r'), 'read'],
    ['LF', fill('\n'), 'read'],
    ['NUL', fill('\0'), 'read'],
    ['spaces', fill(' '), 'read'],
    [
      'soft line breaks',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${fill('=\r\n')}`,
      'read',
    ],
    ['what is not base64', `Content-Transfer-Encoding: base64\r\n\r\n${fill('!@#$')}`, 'read'],
    ['padding of base64', `Content-Transfer-Encoding: base64\r\n\r\n${fill('=')}`, 'read'],
    [
      'uuencode that never ends',
      `Content-Transfer-Encoding: x-uuencode\r\n\r\n${fill('`\n')}`,
      'read',
    ],
    [
      'begin lines of uuencode',
      `Content-Transfer-Encoding: x-uuencode\r\n\r\n${fill('begin 644 x\n')}`,
      'read',
    ],
    [
      'flowed lines',
      `Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n${fill('> a \r\n')}`,
      'read',
    ],
  ])('%s', (_name, source, outcome) => {
    const start = performance.now();
    expect(readAll(source)).toBe(outcome);
    // A quadratic reader needs minutes for this; the target is 300 ms on a quiet machine.
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('candidates for a boundary, as deep as it may go', () => {
    const head = Array.from(
      { length: limits.depth },
      (_, n) => `${multipart(`b${n}`)}--b${n}\r\n`,
    ).join('');
    const start = performance.now();
    expect(readAll(`${head}\r\n${fill('--b\n')}`)).toBe('read');
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
