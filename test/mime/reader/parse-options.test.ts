import { describe, expect, test } from 'vitest';
import { LimitError, OptionError } from '../../../src/base/index.ts';
import { MailMessage } from '../../../src/message/index.ts';
import { type ParseLimits, type ParseOptions, parseEntity } from '../../../src/mime/index.ts';
import { octets } from './eml.ts';

const multipart = (depth: number, parts: number): string =>
  depth === 0
    ? '\nx'
    : `Content-Type: multipart/mixed; boundary=b${depth}\n\n${`--b${depth}\n${multipart(depth - 1, 1)}\n`.repeat(parts)}`;

/** What reading throws. */
function thrown(source: string, options: ParseOptions): unknown {
  try {
    const message = MailMessage.parse(octets(source), options);
    void message.to;
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('limits', () => {
  test.each<[keyof ParseLimits, number, string, string]>([
    ['depth', 3, multipart(3, 1), multipart(4, 1)],
    ['parts', 4, multipart(1, 3), multipart(1, 4)],
    ['headers', 2, 'A: b\nA: b\n\nx', 'A: b\nA: b\nA: b\n\nx'],
    ['headerBytes', 10, 'A: 345678\n\nx', 'A: 3456789ab\n\nx'],
    ['lineBytes', 8, 'A: b\n\n12345678\n', 'A: b\n\n123456789\n'],
    ['addresses', 2, 'To: a@x.test, b@x.test\n\nx', 'To: a@x.test, b@x.test, c@x.test\n\nx'],
  ])('%s', (name, bound, within, over) => {
    expect(thrown(within, { limits: { [name]: bound } })).toBeUndefined();
    const error = thrown(over, { limits: { [name]: bound } });
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: name, bound });
    expect((error as Error).message).toMatch(
      new RegExp(`is over the limit '${name}' of ${bound}$`),
    );
    expect(thrown(over, { limits: { [name]: Number.POSITIVE_INFINITY } })).toBeUndefined();
  });

  test('hold for messages inside messages', () => {
    const inner = 'A: b\nA: b\n\nx';
    const message = parseEntity(octets(`Content-Type: message/rfc822\n\n${inner}`), {
      limits: { headers: 1 },
    });
    expect(() => message.message()).toThrow("is over the limit 'headers' of 1");
  });

  test('of problems end the list, and are no error', () => {
    const source = 'Resent-Date: x\nResent-Date: y\nResent-Date: z\n\nx';
    const { problems } = MailMessage.parse(octets(source), { limits: { problems: 2 } });
    expect(problems.map(({ code }) => code)).toEqual([
      'date-invalid',
      'date-invalid',
      'too-many-problems',
    ]);
  });
});

describe('options that can not be', () => {
  test.each<[object, string]>([
    [{ limits: { depth: 0 } }, "Option 'limits.depth' must be a whole number above 0 or Infinity"],
    [{ limits: { parts: 1.5 } }, "Option 'limits.parts' must be a whole number above 0"],
    [{ limits: { parts: '7' } }, "Option 'limits.parts' must be a whole number above 0"],
    [{ limits: { mimeDepth: 7 } }, "'limits.mimeDepth' is not an option of reading; known are"],
    [{ limit: {} }, "'limit' is not an option of reading; known are limits, utf7"],
    [{ fallbackCharset: 'klingon' }, "Option 'fallbackCharset' must be the label of a charset"],
  ])('%j', (options, message) => {
    expect(() => parseEntity(octets('x'), options)).toThrow(OptionError);
    expect(() => parseEntity(octets('x'), options)).toThrow(message);
  });

  test('undefined is as if it was not given', () => {
    const options = { limits: { depth: undefined }, utf7: undefined, fallbackCharset: undefined };
    expect(parseEntity(octets('A: b\n\nx'), options).text()).toBe('x');
  });
});

describe('UTF-7', () => {
  const source = 'Subject: =?utf-7?q?+AGE-?=\nContent-Type: text/plain; charset=utf-7\n\n+AGI-';

  test('is decoded only when asked for', () => {
    const read = (options?: ParseOptions): unknown[] => {
      const { subject, text } = MailMessage.parse(source, options);
      return [subject, text];
    };
    expect(read()).toEqual(['=?utf-7?q?+AGE-?=', '+AGI-']);
    expect(read({ utf7: true })).toEqual(['a', 'b']);
  });

  test('also when a stored message is loaded', async () => {
    const message = await MailMessage.load(octets(source), { utf7: true });
    expect([message.subject, message.text]).toEqual(['a', 'b']);
    await expect(MailMessage.load(octets('x'), { utf8: true } as object)).rejects.toThrow(
      "'utf8' is not an option of loading",
    );
  });
});
