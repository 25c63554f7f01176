import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { collect, errorOf } from './kit.ts';

const original = `Received: from a
  by b\r
From: =?iso-8859-1?Q?Andr=E9?=
  <andre@example.com>\r
TO: bob@example.org\r
Bcc: hidden@example.com\r
subject:Odd   spacing \r
not a header line\r
X-Twice: 1\r
X-Twice: 2\r
Date: Thu, 1 Jan 1970 00:00:00 GMT\r
Resent-Bcc: more@example.com\r
MIME-Version: 1.0 (made by hand)\r
Content-Type: text/plain\r
\r
Body \xe9\r
.\r
`;
const bytes = Buffer.from(original, 'latin1');
const read = (): MailMessage => MailMessage.parse(bytes);
const file = async (message: MailMessage): Promise<string> =>
  Buffer.from(await message.toBytes()).toString('latin1');
const wire = async (message: MailMessage): Promise<string> =>
  Buffer.from((await message.render()).bytes()).toString('latin1');

describe('a message that was read', () => {
  it('is written byte for byte, whatever is looked at', async () => {
    const message = read();
    expect(await file(message)).toBe(original);
    for (const key of [
      'from',
      'to',
      'cc',
      'bcc',
      'sender',
      'subject',
      'date',
      'messageId',
      'text',
      'html',
      'attachments',
      'linkedResources',
      'alternateViews',
      'headers',
      'references',
      'priority',
      'list',
      'unsubscribe',
      'deliveryReceipt',
      'root',
      'problems',
    ] as const) {
      void message[key];
    }
    void [...message.headers];
    expect(await file(message)).toBe(original);
    expect((await collect(message.toStream())).toString('latin1')).toBe(original);
  });

  it('goes on the wire without its hidden recipients, and with nothing else changed', async () => {
    const message = read();
    expect(await wire(message)).toBe(
      original
        .replace('Bcc: hidden@example.com\r\n', '')
        .replace('Resent-Bcc: more@example.com\r\n', ''),
    );
    expect(message.envelope()).toEqual({
      from: 'andre@example.com',
      to: ['bob@example.org', 'hidden@example.com'],
    });
  });

  it('has every recipient of every field, and writes one when they change', async () => {
    const twice = MailMessage.parse(
      'From: a@example.com\nTo: b@example.com\nBcc: c@example.com\nTO: d@example.com\nbcc: e@example.com\n\nx',
    );
    expect(twice.envelope().to).toEqual(['b', 'd', 'c', 'e'].map((name) => `${name}@example.com`));
    expect(Buffer.from((await twice.render()).bytes()).toString()).toBe(
      'From: a@example.com\nTo: b@example.com\nTO: d@example.com\n\nx',
    );
    twice.to = 'f@example.com';
    expect(Buffer.from((await twice.render()).bytes()).toString()).toBe(
      'From: a@example.com\nTo: f@example.com\n\nx',
    );
  });

  it('keeps the values it was read with when they are set anew', async () => {
    const message = read();
    const { subject, to } = message;
    message.subject = subject;
    message.to = to;
    message.from = message.from.map(String);
    message.date = new Date(0);
    expect(await file(message)).toBe(original);
  });
});

describe('only the changed header lines differ', () => {
  it.each<[string, (message: MailMessage) => void, [string, string][]]>([
    [
      'a field in its place',
      (m) => {
        m.subject = 'Changed';
      },
      [['subject:Odd   spacing \r\n', 'Subject: Changed\r\n']],
    ],
    [
      'a folded field',
      (m) => {
        m.from = 'Zoe <zoe@example.com>';
      },
      [
        [
          'From: =?iso-8859-1?Q?Andr=E9?=\n  <andre@example.com>\r\n',
          'From: Zoe <zoe@example.com>\r\n',
        ],
      ],
    ],
    [
      'a list that grew',
      (m) => {
        m.to.push(m.cc[0] ?? ('dan@example.com' as never));
      },
      [['TO: bob@example.org\r\n', 'To: bob@example.org, dan@example.com\r\n']],
    ],
    [
      'a field that is taken away',
      (m) => {
        m.subject = '';
        m.to = [];
      },
      [
        ['subject:Odd   spacing \r\n', ''],
        ['TO: bob@example.org\r\n', ''],
      ],
    ],
    [
      'a field that is new',
      (m) => {
        m.cc = 'cleo@example.com';
        m.priority = 'high';
      },
      [
        [
          'Content-Type: text/plain\r\n',
          'Content-Type: text/plain\r\nCc: cleo@example.com\r\nX-Priority: 1\r\nImportance: high\r\n',
        ],
      ],
    ],
    [
      'hidden recipients',
      (m) => {
        m.bcc = 'other@example.com';
      },
      [['Bcc: hidden@example.com\r\n', 'Bcc: other@example.com\r\n']],
    ],
    [
      'no hidden recipients',
      (m) => {
        m.bcc = [];
      },
      [['Bcc: hidden@example.com\r\n', '']],
    ],
    [
      'a field set',
      (m) => {
        m.headers.set('x-twice', 'once');
      },
      [['X-Twice: 1\r\nX-Twice: 2\r\n', 'x-twice: once\r\n']],
    ],
    [
      'a field added',
      (m) => {
        m.headers.append('X-Twice', '3');
      },
      [['Content-Type: text/plain\r\n', 'Content-Type: text/plain\r\nX-Twice: 3\r\n']],
    ],
    [
      'a field deleted',
      (m) => {
        m.headers.delete('RECEIVED');
      },
      [['Received: from a\n  by b\r\n', '']],
    ],
    [
      'several',
      (m) => {
        m.headers.delete('X-Twice').valueOf();
        m.subject = 'x';
        m.messageId = 'a@b';
      },
      [
        ['X-Twice: 1\r\nX-Twice: 2\r\n', ''],
        ['subject:Odd   spacing \r\n', 'Subject: x\r\n'],
        ['Content-Type: text/plain\r\n', 'Content-Type: text/plain\r\nMessage-ID: <a@b>\r\n'],
      ],
    ],
  ])('%s', async (_, change, differences) => {
    const message = read();
    change(message);
    let expected = original;
    for (const [before, after] of differences) {
      expect(expected).toContain(before);
      expected = expected.replace(before, () => after);
    }
    expect(await file(message)).toBe(expected);
    expect(await wire(message)).not.toMatch(/^(?:Resent-)?Bcc:/im);
    const again = MailMessage.parse(await message.toBytes());
    expect([...again.headers]).toEqual([...message.headers]);
  });

  it('with the line ends of the message', async () => {
    const message = MailMessage.parse('Subject: a\nTo: b@c.example\n\nbody\n');
    message.subject = 'ü '.repeat(40);
    message.headers.append('X-A', 'b');
    const text = await file(message);
    expect(text).not.toContain('\r');
    expect(text).toMatch(/^Subject: =\?utf-8\?.*\n .*\nTo: b@c\.example\nX-A: b\n\nbody\n$/s);
  });

  it.each([
    ['', 'X-A: b\r\n\r\n'],
    ['\r\nbody', 'X-A: b\r\n\r\nbody'],
    ['Subject: x', 'Subject: x\r\nX-A: b\r\n'],
    ['Subject: x\r\n', 'Subject: x\r\nX-A: b\r\n'],
    ['Subject: x\r\n\r\n', 'Subject: x\r\nX-A: b\r\n\r\n'],
    [
      'From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody',
      'From a@b Thu Jan  1 00:00:00 1970\nSubject: x\nX-A: b\n\nbody',
    ],
  ])('when there is little of it: %j', async (text, expected) => {
    const message = MailMessage.parse(text);
    message.headers.append('X-A', 'b');
    expect(await file(message)).toBe(expected);
    expect(MailMessage.parse(expected).headers.get('X-A')).toBe('b');
  });

  it('for any header and any changes', async () => {
    const name = fc.constantFrom('X-A', 'X-B', 'Subject', 'x-a', 'Received', 'To');
    const value = fc.constantFrom(
      'a@b.example',
      'folded\r\n value',
      '',
      ' =?utf-8?q?=C3=BC?=',
      'x',
    );
    const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });
    const change = fc.oneof(
      fc.tuple(
        fc.constant('set'),
        fc.constantFrom('X-A', 'X-B', 'X-C'),
        fc.constantFrom('new', 'ü'),
      ),
      fc.tuple(fc.constant('append'), fc.constantFrom('X-A', 'x-b'), fc.constantFrom('more', '')),
      fc.tuple(fc.constant('delete'), fc.constantFrom('X-A', 'X-B', 'Received'), fc.constant('')),
      fc.tuple(fc.constant('subject'), fc.constant(''), fc.constantFrom('', 'other', 'ü')),
    );
    await fc.assert(
      fc.asyncProperty(
        fields,
        fc.array(change, { maxLength: 5 }),
        fc.boolean(),
        async (list, changes, lf) => {
          const header = list.map(([key, text]) => `${key}: ${text}\r\n`).join('');
          const source = `${header}\r\nbody\r\n`.replaceAll('\r\n', lf ? '\n' : '\r\n');
          const message = MailMessage.parse(source);
          for (const [verb, key, text] of changes) {
            if (verb === 'subject') message.subject = text;
            else if (verb === 'set') message.headers.set(key, text);
            else if (verb === 'append') message.headers.append(key, text);
            else message.headers.delete(key);
          }
          const expected = [...message.headers];
          const again = MailMessage.parse(await message.toBytes());
          expect([...again.headers]).toEqual(expected);
          expect(again.text).toBe('body\n');
          // Every line that is left of the original is as it was, in its order.
          const kept = list
            .filter(([key]) => /^(?:to)$/i.test(key))
            .map(([key, text]) => `${key}: ${text}`);
          const out = (await file(message)).replaceAll('\r\n', '\n');
          let at = 0;
          for (const line of kept) {
            at = out.indexOf(line.replaceAll('\r\n', '\n'), at);
            expect(at).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the body of a message that was read', () => {
  const message = (): MailMessage =>
    MailMessage.parse(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: text/html\nContent-Disposition: inline\n\n<p>\n--b\nContent-Disposition: attachment; filename=a\n\nfile\n--b--\n',
    );

  it('has text, HTML and attachments', async () => {
    const { text, html, attachments, alternateViews } = message();
    expect([text, html, alternateViews]).toEqual(['text', '<p>', []]);
    expect(attachments.map(({ filename }) => filename)).toEqual(['a']);
    expect([...message().leaves()]).toHaveLength(3);
    expect(message().problems).toEqual([]);
  });

  it('headers are changed one by one', async () => {
    expect(
      (
        await errorOf(() => {
          message().headers = {};
        })
      ).message,
    ).toBe(
      "headers of a message that was read can't be replaced; change them one by one: message.headers.set(name, value)",
    );
  });
});

describe('what a server must be told', () => {
  it.each([
    ['Subject: x\r\n\r\nhi\r\n', 18, false, false],
    ['Subject: x\n\nhi\n', 18, false, false],
    ['Subject: x\n\nhi', 18, false, false],
    ['Subject: x\r\rhi\r', 18, false, false],
    ['Subject: \xc3\xbc\n\nhi\n', 19, true, true],
    ['Subject: \xfc\n\nhi\n', 18, true, false],
    ['Subject: x\n\n\xfc\xff\n', 18, true, false],
    ['', 0, false, false],
  ])('%j', async (text, size, eightBit, utf8) => {
    const rendered = await MailMessage.parse(Buffer.from(text, 'latin1')).render();
    expect([rendered.size, rendered.eightBit, rendered.utf8]).toEqual([size, eightBit, utf8]);
  });
});

describe('files of other formats', () => {
  it.each([
    ['Outlook MSG; MailMessage.load(…) reads it', [0xd0, 0xcf, 0x11, 0xe0, 0xa1]],
    ['TNEF (winmail.dat); MailMessage.load(…) reads it', [0x78, 0x9f, 0x3e, 0x22, 0]],
    ['ZIP; give a message file', [...Buffer.from('PK\u0003\u0004')]],
    [
      'mbox; give a message file',
      [
        ...Buffer.from(
          'From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody\n\nFrom a@b Thu Jan  1 00:00:00 1970\nSubject: y\n\n',
        ),
      ],
    ],
    [
      'EMLX; MailMessage.load(…) reads it',
      [...Buffer.from('12        \nSubject: x\n\n<?xml version="1.0"?>')],
    ],
    ['iCalendar; MailMessage.load(…) reads it', [...Buffer.from('BEGIN:VCALENDAR\r\n')]],
  ])('%s are named', async (format, start) => {
    const error = await errorOf(() => MailMessage.parse(Uint8Array.from(start)));
    expect(error).toMatchObject({
      name: 'FormatError',
      code: 'FORMAT_INVALID',
      message: `This is not an internet message (EML) but ${format}`,
      format: 'eml',
      offset: 0,
    });
  });

  it('text about them is a message all the same', () => {
    expect(
      MailMessage.parse('From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nFrom me\n').subject,
    ).toBe('x');
    expect(MailMessage.parse('1234\n\nbody').problems.length).toBeGreaterThan(0);
  });

  it('a message that is said to be one may quote others', async () => {
    const separator = 'From a@b Thu Jan  1 00:00:00 1970\n';
    const bytes = Buffer.from(`${separator}Subject: x\n\n\n${separator}Subject: y\n`);
    expect((await MailMessage.load(bytes, { format: 'eml' })).text).toContain('Subject: y');
    const msg = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1);
    expect(await errorOf(() => MailMessage.load(msg, { format: 'eml' }))).toMatchObject({
      code: 'FORMAT_INVALID',
    });
  });

  it('what is no bytes and no text is refused', async () => {
    expect(await errorOf(() => MailMessage.parse({} as never))).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        'A message is parsed from bytes or text, not an object; use MailMessage.load(…) for streams and files',
    });
  });
});
