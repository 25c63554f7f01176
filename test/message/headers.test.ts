import { MailMessage, type MessageFields, MessageHeaders } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, headerOf, people, written } from './kit.ts';

describe('headers of a composed message', () => {
  it.each<[string, MessageFields['headers']]>([
    ['an object', { 'X-A': 'one', 'X-B': ['two', 'three'], 'x-a': 'four' }],
    [
      'a Map',
      new Map([
        ['X-A', 'one'],
        ['X-B', 'two'],
      ]),
    ],
    [
      'pairs',
      [
        ['X-A', 'one'],
        ['X-B', 'two'],
        ['X-A', 'three'],
      ],
    ],
  ])('are given as %s and written in their order', async (_, headers) => {
    const lines = headerOf(await written({ headers }))
      .split('\n')
      .filter((line) => /^x-/i.test(line));
    const pairs =
      Symbol.iterator in headers!
        ? [...headers]
        : [
            ['X-A', 'one'],
            ['X-B', 'two'],
            ['X-B', 'three'],
            ['x-a', 'four'],
          ];
    expect(lines).toEqual(pairs.map(([name, value]) => `${name}: ${value}`));
  });

  it('show every field as it would be written', async () => {
    const message = new MailMessage({
      ...people,
      from: 'Zoë <zoe@example.com>',
      subject: 'Grüße',
      headers: { 'X-A': 'ü', 'X-B': ['1', '2'] },
      deterministic: 'seed',
    });
    const { headers } = message;
    expect(headers).toBeInstanceOf(MessageHeaders);
    expect(headers).toBe(message.headers);
    expect(headers.get('subject')).toBe('Grüße');
    expect(headers.get('FROM')).toBe('Zoë <zoe@example.com>');
    expect(headers.get('message-id')).toBe(message.messageId);
    expect(headers.getAll('x-b')).toEqual(['1', '2']);
    expect([headers.has('X-A'), headers.has('Bcc'), headers.get('X-C')]).toEqual([
      true,
      false,
      undefined,
    ]);
    message.subject = 'changed';
    expect(headers.get('Subject')).toBe('changed');
    expect([...headers].map(([name]) => name)).toEqual([
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Date',
      'X-A',
      'X-B',
      'X-B',
      'MIME-Version',
    ]);
  });

  it('can be changed', async () => {
    const message = new MailMessage({ ...people, headers: { 'X-A': ['1', '2'], 'X-B': '3' } });
    message.headers.set('x-a', 'new').append('X-C', '4').append('X-B', '5');
    expect(message.headers.delete('X-Nothing')).toBe(false);
    expect([...message.headers].filter(([name]) => /^x/i.test(name))).toEqual([
      ['x-a', 'new'],
      ['X-B', '3'],
      ['X-C', '4'],
      ['X-B', '5'],
    ]);
    expect(message.headers.delete('x-b')).toBe(true);
    message.headers.set('X-D', '6');
    const names = [...MailMessage.parse(await message.toBytes()).headers].map(([name]) => name);
    expect(names.filter((name) => /^x/i.test(name))).toEqual(['x-a', 'X-C', 'X-D']);
    message.headers = { 'X-E': '7' };
    expect(message.headers.get('X-E')).toBe('7');
    expect(message.headers.has('x-a')).toBe(false);
  });
});

describe('what can not be set', () => {
  it.each([
    ['Subject', "The header Subject can't be set in headers; set the message's subject"],
    ['from', "The header from can't be set in headers; set the message's from"],
    ['BCC', "The header BCC can't be set in headers; set the message's bcc"],
    ['Message-Id', "The header Message-Id can't be set in headers; set the message's messageId"],
    ['X-Priority', "The header X-Priority can't be set in headers; set the message's priority"],
    [
      'List-Unsubscribe-Post',
      "The header List-Unsubscribe-Post can't be set in headers; set the message's unsubscribe",
    ],
    [
      'Disposition-Notification-To',
      "The header Disposition-Notification-To can't be set in headers; set the message's readReceiptTo",
    ],
    [
      'MIME-Version',
      "The header MIME-Version can't be set in headers; leave it out: it is always written",
    ],
    [
      'Content-Type',
      "The header Content-Type can't be set in headers; it is written for the parts: text, html, attachments",
    ],
    [
      'content-transfer-encoding',
      "The header content-transfer-encoding can't be set in headers; it is written for the parts: text, html, attachments",
    ],
    [
      'Resent-Bcc',
      "The header Resent-Bcc can't be set in headers; leave it out: hidden recipients belong in the envelope, send(message, { envelope })",
    ],
  ])('%s has a property or a place of its own', async (name, message) => {
    const composed = new MailMessage(people);
    const stored = MailMessage.parse('X-A: b\n\n');
    for (const call of [
      () => new MailMessage({ headers: { [name]: 'x' } }),
      () => composed.headers.set(name, 'x'),
      () => composed.headers.append(name, 'x'),
      () => composed.headers.delete(name),
      () => stored.headers.set(name, 'x'),
    ]) {
      expect(await errorOf(call)).toMatchObject({ code: 'MESSAGE_HEADER_INVALID', message });
    }
  });

  it.each(['X:A', '', 'X A', 'Bcc ', 'X-Ä', 'X\r\nBcc', 'X\0'])('the name %j', async (name) => {
    const error = await errorOf(() => new MailMessage({ headers: [[name, 'x']] }));
    expect(error.code).toBe('MESSAGE_HEADER_INVALID');
    expect(error.message).toMatch(/ cannot be written/);
  });

  it.each([
    [
      { 'X-A': 'a\r\nb' },
      "headers['X-A'] holds CR at position 1, which a header field can't carry; replace it with a space: 'a\\u{d}\\u{a}b'",
    ],
    [{ 'X-A': 5 }, "headers['X-A'] must be a string, got 5"],
    [{ 'X-A': undefined }, "headers['X-A'] must be a string, got undefined"],
    [[['X-A']], 'headers must hold pairs of name and value, got an array'],
    [['X-A: b'], "headers must hold pairs of name and value, got 'X-A: b'"],
    ['X-A: b', "headers must be an object, a Map or pairs, got 'X-A: b'"],
    [[[5, 'x']], 'headers has a name that is 5'],
  ])('the value of %j', async (headers, message) => {
    expect(await errorOf(() => new MailMessage({ headers: headers as never }))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message,
    });
  });

  it('names of methods and prototypes are only names', () => {
    const { headers } = new MailMessage(people);
    headers.set('__proto__', 'a').set('constructor', 'b').set('toString', 'c');
    expect([headers.get('__proto__'), headers.get('constructor'), headers.get('TOSTRING')]).toEqual(
      ['a', 'b', 'c'],
    );
    expect(new MailMessage(people).headers.get('constructor')).toBeUndefined();
  });
});
