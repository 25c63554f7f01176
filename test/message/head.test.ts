import { MailAddress, MailGroup, MailMessage, type MessageFields } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, headerOf, people, reread, written } from './kit.ts';

describe('the header', () => {
  it('is written in one order, without what is empty', async () => {
    const header = headerOf(
      await written({
        headers: { 'X-Campaign': '42' },
        references: '<a@b> c@d',
        inReplyTo: 'c@d',
        cc: 'Team: x@example.com;',
        bcc: 'hidden@example.com',
        replyTo: '',
        subject: 'Hello',
        priority: 'high',
        sensitivity: 'company-confidential',
        readReceiptTo: 'ann@example.com',
        deliveryReceipt: true,
        text: 'hi',
      }),
    );
    expect(header).toBe(`From: Ann <ann@example.com>
To: bob@example.org
Cc: Team: x@example.com;
Subject: Hello
Message-ID: ${/<.*seed.*>|<[\w-]{20}@example\.com>/.exec(header)?.[0]}
In-Reply-To: <c@d>
References: <a@b> <c@d>
Date: Wed, 01 Jan 2020 00:00:00 +0000
Disposition-Notification-To: ann@example.com
Return-Receipt-To: Ann <ann@example.com>
X-Priority: 1
Importance: high
Sensitivity: Company-Confidential
X-Campaign: 42
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`);
  });

  it('never holds Bcc', async () => {
    const text = await written({ bcc: ['Hidden <hidden@example.com>'], text: 'hi' });
    expect(text).not.toMatch(/bcc|hidden/i);
  });

  it('names a sender when there are several authors (RFC 5322 section 3.6.2)', async () => {
    const authors = 'a@example.com, b@example.com';
    expect(await written({ from: authors })).toContain('\nSender: a@example.com\n');
    expect(await written({ from: authors, sender: 'c@example.com' })).toContain(
      '\nSender: c@example.com\n',
    );
    expect(await written({})).not.toContain('Sender:');
    expect(await written({ from: 'Us: a@example.com, b@example.com;' })).toContain(
      '\nSender: a@example.com\n',
    );
  });

  it('writes nothing for what is normal', async () => {
    const text = await written({
      priority: 'normal',
      sensitivity: 'normal',
      deliveryReceipt: false,
      to: [],
      references: [],
    });
    expect(text).not.toMatch(/Priority|Importance|Sensitivity|Receipt|To:|References/);
  });

  it('folds long lists of references', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `<message-${n}@mail.example.com>`);
    const text = await written({ references: ids });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
    expect(MailMessage.parse(text).references).toEqual(ids);
  });
});

describe('what was written is read back', () => {
  const fields: MessageFields = {
    from: ['Ann <ann@example.com>', new MailAddress('zoë@example.com', 'Zoë')],
    sender: 'ann@example.com',
    replyTo: { name: 'Answers', address: 'answers@example.com' },
    to: [new MailGroup('Team', [new MailAddress('x@example.com')]), 'y@example.com'],
    cc: 'c@example.com',
    subject: '  Grüße,\t"zwei"  Leerzeichen =?utf-8?q?x?= ',
    messageId: '<id@example.com>',
    date: new Date(Date.UTC(2026, 10, 20, 9, 33, 37)),
    inReplyTo: ['<a@example.com>'],
    references: ['<a@example.com>', '<b@example.com>'],
    priority: 'low',
    sensitivity: 'personal',
    readReceiptTo: 'Ann <ann@example.com>',
    deliveryReceipt: true,
    unsubscribe: {
      url: 'https://example.com/leave?id=1,2',
      mailto: 'leave@example.com?subject=a b',
    },
    list: {
      id: 'Neues <news.example.com>',
      help: 'help@example.com',
      subscribe: 'https://example.com/join',
      post: 'no',
      owner: 'mailto:owner@example.com',
      archive: 'http://example.com/archive',
    },
  };

  it('every property', async () => {
    const composed = new MailMessage(fields);
    const message = await MailMessage.load(await composed.toBytes());
    for (const key of Object.keys(fields) as (keyof MailMessage & string)[]) {
      const back = JSON.stringify(message[key]);
      expect(back, key).toBe(JSON.stringify(composed[key]));
    }
    expect(message.list).toEqual({
      id: 'Neues <news.example.com>',
      help: 'mailto:help@example.com',
      subscribe: 'https://example.com/join',
      post: 'NO',
      owner: 'mailto:owner@example.com',
      archive: 'http://example.com/archive',
    });
  });

  it.each([
    ['X-Priority: 2 (High)', 'high'],
    ['X-Priority: 5', 'low'],
    ['Importance: High', 'high'],
    ['X-MSMail-Priority: Low', 'low'],
    ['Priority: urgent', 'high'],
    ['Priority: non-urgent', 'low'],
    ['X-Priority: 3', 'normal'],
    ['X-Priority: whatever', 'normal'],
    ['X-Other: 1', 'normal'],
  ])('%s is %s', (header, priority) => {
    expect(MailMessage.parse(`${header}\n\n`).priority).toBe(priority);
  });

  it('reads what there is in a header that is not well formed', () => {
    const message = MailMessage.parse(
      'From: nobody\nTo: a@b, , c d <e@f>\nDate: yesterday\nReferences: x <a@b>\nSensitivity: company confidential\n\n',
    );
    expect(message.date).toBeUndefined();
    expect(message.to.map(String)).toContain('"c d" <e@f>'.replaceAll('"', ''));
    expect(message.references).toEqual(['x', '<a@b>']);
    expect(message.sensitivity).toBe('company-confidential');
    expect(message.sender).toBeUndefined();
    expect(message.unsubscribe).toBeUndefined();
    expect(message.list).toBeUndefined();
  });
});

describe('lists', () => {
  it.each([
    [{ url: 'https://example.com/u' }, '<https://example.com/u>', true],
    [{ url: 'http://example.com/u' }, '<http://example.com/u>', false],
    [{ url: 'https://example.com/u', oneClick: false }, '<https://example.com/u>', false],
    [{ url: new URL('https://example.com/ü?a=>') }, '<https://example.com/%C3%BC?a=%3E>', true],
    [{ mailto: 'u@example.com' }, '<mailto:u@example.com>', false],
    [
      { mailto: 'mailto:a+b@example.com?subject=x%26y z' },
      '<mailto:a%2Bb@example.com?subject=x%26y%20z>',
      false,
    ],
    [
      { url: 'https://example.com/u', mailto: 'u@example.com' },
      '<https://example.com/u>, <mailto:u@example.com>',
      true,
    ],
  ])('unsubscribe %j', async (unsubscribe, value, oneClick) => {
    const { headers } = await reread({ unsubscribe });
    expect(headers.get('List-Unsubscribe')).toBe(value);
    expect(headers.get('List-Unsubscribe-Post')).toBe(
      oneClick ? 'List-Unsubscribe=One-Click' : undefined,
    );
  });

  it.each<[MessageFields, string]>([
    [{ unsubscribe: {} }, 'unsubscribe names no way to leave; give url, mailto or both'],
    [
      { unsubscribe: 'https://example.com' as never },
      "unsubscribe must be { url, mailto }, got 'https://example.com'",
    ],
    [
      { unsubscribe: { url: 'ftp://example.com' } },
      "unsubscribe.url must be an https: or http: URL, got 'ftp://example.com'",
    ],
    [
      { unsubscribe: { url: 'https://example.com/\r\nX: y' } },
      "unsubscribe.url holds CR at position 20, which a header field can't carry; replace it with a space: 'https://example.com/\\u{d}\\u{a}X: y'",
    ],
    [
      { unsubscribe: { url: 'http://example.com', oneClick: true } },
      'unsubscribe.oneClick needs an https: url (RFC 8058 section 3.1)',
    ],
    [
      { unsubscribe: { mailto: 'a@example.com?x=\n' } },
      "unsubscribe.mailto holds LF at position 16, which a header field can't carry; replace it with a space: 'a@example.com?x=\\u{a}'",
    ],
    [
      { unsubscribe: { mailto: '%zz@example.com' } },
      'unsubscribe.mailto has a % that is not followed by two hexadecimal digits; write %25',
    ],
    [
      { unsubscribe: { mailto: 'zoë@example.com' } },
      "unsubscribe.mailto must be an ASCII address, got 'zoë@example.com'",
    ],
    [
      { list: { id: 'no good' } },
      "list.id must be such as 'Our news <news.example.com>', got 'no good'",
    ],
    [
      { list: { id: 'x <a@b' } },
      "list.id must be such as 'Our news <news.example.com>', got 'x <a@b'",
    ],
    [{ list: { help: 'https://[' } }, "list.help must be an https: or http: URL, got 'https://['"],
    [{ list: 'news' as never }, "list must be an object, got 'news'; write { id: '…' }"],
  ])('refuse %j', async (fields, message) => {
    expect(await errorOf(() => new MailMessage(fields))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message,
    });
  });

  it('name an option that is not known', async () => {
    expect(
      (await errorOf(() => new MailMessage({ list: { unsubscribe: 'x' } as never }))).message,
    ).toBe(
      "'unsubscribe' is not an option of list; write the message's own unsubscribe: { url, mailto }",
    );
    expect(
      (await errorOf(() => new MailMessage({ unsubscribe: { uri: 'x' } as never }))).message,
    ).toBe("'uri' is not an option of unsubscribe; did you mean 'url'?");
  });
});

describe('the envelope', () => {
  it('is the sender or the first author, and each recipient once', () => {
    const message = new MailMessage({
      from: 'a@example.com, b@example.com',
      to: ['x@example.com', 'Team: y@example.com, X@example.com;'],
      cc: 'x@EXAMPLE.com',
      bcc: 'z@example.com, "x"@example.com',
    });
    expect(message.envelope()).toEqual({
      from: 'a@example.com',
      to: ['x@example.com', 'y@example.com', 'X@example.com', 'z@example.com'],
    });
    message.sender = 's@example.com';
    expect(message.envelope().from).toBe('s@example.com');
    message.sender = undefined;
    expect(message.envelope().from).toBe('a@example.com');
  });

  it('takes what was put into the lists', () => {
    const message = new MailMessage(people);
    message.to.push(new MailAddress('c@example.com'));
    message.bcc.push('d@example.com' as never);
    expect(message.envelope().to).toEqual(['bob@example.org', 'c@example.com', 'd@example.com']);
  });

  it('names what is missing', async () => {
    expect(await errorOf(() => new MailMessage({ to: 'a@example.com' }).envelope())).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_NO_SENDER',
      message:
        "The message names no sender; set from: 'Ann <ann@example.com>', or give an envelope",
    });
    const lonely = new MailMessage({ from: 'a@example.com', to: 'undisclosed-recipients:;' });
    expect(await errorOf(() => lonely.envelope())).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_NO_RECIPIENT',
      message:
        "The message names no recipient; set to: 'bob@example.com' (or cc, bcc), or give an envelope",
    });
  });

  it('refuses what is no address in a message that was read', async () => {
    const message = MailMessage.parse('From: a@example.com\nTo: <b@example.com\r>, c d\n\n');
    expect((await errorOf(() => message.envelope())).code).toBe('ADDRESS_INVALID');
  });
});

describe('names that are not known', () => {
  it.each([
    ['form', "'form' is not an option of a message; did you mean 'from'?"],
    ['subjct', "'subjct' is not an option of a message; did you mean 'subject'?"],
    [
      'icalEvent',
      "'icalEvent' is not an option of a message; write alternateViews: [new AlternateView('…', 'text/calendar; method=REQUEST')]",
    ],
    ['body', "'body' is not an option of a message; write text: '…' or html: '…'"],
    ['x\r\ny', /^'x\\u\{d\}\\u\{a\}y' is not an option of a message; known are from, sender, /],
    ['toString', /^'toString' is not an option of a message; known are /],
    ['__proto__', /^'__proto__' is not an option of a message; known are /],
    ['render', /^'render' is not an option of a message; did you mean 'sender'\?$/],
  ])('%j', async (name, message) => {
    const fields = JSON.parse(`{${JSON.stringify(name)}: "x"}`) as MessageFields;
    const error = await errorOf(() => new MailMessage(fields));
    expect(error.code).toBe('OPTION_INVALID');
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it.each<[MessageFields, string]>([
    [{ flowed: 'yes' as never }, "flowed must be one of true, false, got 'yes'"],
    [{ dataUrls: true as never }, "dataUrls must be one of 'keep', 'link', got true"],
    [{ textFromHtml: 1 as never }, 'textFromHtml must be one of true, false, got 1'],
    [{ deterministic: 7 as never }, 'deterministic must be a string, got 7'],
    [{ text: 5 as never }, 'text must be a string, got 5'],
    [{ html: null as never }, 'html must be a string, got null'],
    [{ subject: [] as never }, 'subject must be a string, got an array'],
    [{ date: '2020' as never }, "date must be a Date, got '2020'; write new Date(…)"],
    [{ date: new Date(Number.NaN) }, 'date must be a valid Date of the years 1900 to 9999'],
    [{ date: new Date('1899-12-31') }, 'date must be a valid Date of the years 1900 to 9999'],
    [
      { priority: 'urgent' as never },
      "priority must be one of 'high', 'normal', 'low', got 'urgent'",
    ],
    [
      { sensitivity: 'x' as never },
      "sensitivity must be one of 'normal', 'personal', 'private', 'company-confidential', got 'x'",
    ],
    [{ deliveryReceipt: 'a@b' as never }, "deliveryReceipt must be true or false, got 'a@b'"],
    [
      { sender: 'a@example.com, b@example.com' },
      'sender must be one mailbox; several authors belong in from',
    ],
    [{ attachments: 'a.pdf' as never }, "attachments must be an array, got 'a.pdf'"],
    [{ alternateViews: {} as never }, 'alternateViews must be an array, got an object'],
    [{ references: 5 as never }, 'references must be a message identifier or a list of them'],
  ])('values that are not possible: %j', async (fields, message) => {
    expect(await errorOf(() => new MailMessage(fields))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message,
    });
  });

  it('fields that are undefined count as left out', () => {
    const message = new MailMessage({ ...people, cc: undefined, text: undefined, date: undefined });
    expect(message.cc).toEqual([]);
  });

  it('what is not an object of fields', async () => {
    expect((await errorOf(() => new MailMessage('x' as never))).message).toBe(
      "A message is composed from an object of fields, got 'x'",
    );
    expect((await errorOf(() => new MailMessage(null as never))).message).toBe(
      'A message is composed from an object of fields, got null',
    );
  });
});
