import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage, type MessageFields, type ReplyOptions } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../support/cpu-time.ts';
import { errorOf, shapeOf } from './kit.ts';

const read = (text: string): MailMessage => MailMessage.parse(Buffer.from(text));
const original = (head = '', body = 'Hello Bob,\n> you wrote\n\nAnn'): MailMessage =>
  read(
    `From: Ann <ann@example.com>\nTo: bob@example.org\nSubject: Plans\nMessage-ID: <1@example.com>\nDate: Thu, 5 Mar 2026 14:02:03 +0100\n${head}\n${body}\n`,
  );
const again = async (message: MailMessage): Promise<MailMessage> =>
  MailMessage.parse(await message.toBytes());
const addresses = (list: MailMessage['to']): string[] => list.map(String);
const people = ({ from, to, cc }: MailMessage): string[][] => [from, to, cc].map(addresses);

describe('an answer', () => {
  it('goes to the author, from whom the message was for, in the conversation, with a quote', async () => {
    const reply = original().reply({ text: 'Yes.' });
    expect(people(reply)).toEqual([['bob@example.org'], ['Ann <ann@example.com>'], []]);
    expect(reply.subject).toBe('Re: Plans');
    expect([reply.inReplyTo, reply.references]).toEqual([['<1@example.com>'], ['<1@example.com>']]);
    expect(reply.text).toBe(
      'Yes.\n\nOn 5 Mar 2026 at 14:02 +0100, Ann <ann@example.com> wrote:\n> Hello Bob,\n>> you wrote\n>\n> Ann\n',
    );
    expect(reply.html).toBeUndefined();
    expect(reply.messageId).not.toBe('<1@example.com>');
    expect((await again(reply)).text).toBe(reply.text);
  });

  it('has the quote where it is wanted', () => {
    const quoted = '> Hello Bob,\n>> you wrote\n>\n> Ann';
    const message = original();
    expect(message.reply({ text: 'A', quote: 'above', attribution: 'Ann:' }).text).toBe(
      `Ann:\n${quoted}\n\nA\n`,
    );
    expect(message.reply({ text: 'A', quote: 'none' }).text).toBe('A\n');
    expect(message.reply({ attribution: '' }).text).toBe(`${quoted}\n`);
  });

  it('quotes flowed text line by line, at its depth, and is flowed itself', async () => {
    const long = 'a word '.repeat(30).trim();
    const message = read(
      `From: a@example.com\nTo: b@example.com\nContent-Type: text/plain; format=flowed\n\n${long.replaceAll(/(.{60}) /g, '$1 \n')}\n> ${'quoted '.repeat(5)}\n> end\n`,
    );
    const reply = message.reply({ text: 'Hm.', attribution: '' });
    expect(reply.text).toBe(`Hm.\n\n> ${long}\n>> ${'quoted '.repeat(5)}end\n`);
    const sent = Buffer.from(await reply.toBytes()).toString();
    for (const line of sent.slice(sent.indexOf('\r\n\r\n')).split('\r\n')) {
      expect(line.length).toBeLessThan(79);
    }
    expect((await again(reply)).text).toBe(reply.text);
  });

  it.each<[string, string, string, ReplyOptions, string[][]]>([
    [
      'Reply-To',
      'Reply-To: desk@example.com, x@y.example\n',
      '',
      {},
      [['bob@example.org'], ['desk@example.com', 'x@y.example'], []],
    ],
    [
      'all',
      'Cc: Carl <c@example.com>, d@example.com\n',
      '',
      { all: true },
      [['bob@example.org'], ['Ann <ann@example.com>'], ['Carl <c@example.com>', 'd@example.com']],
    ],
    [
      'all with own addresses',
      'Cc: BOB@work.example, c@example.com, ann@example.com\n',
      '',
      { all: true, own: 'bob@work.example' },
      [['BOB@work.example'], ['Ann <ann@example.com>', 'bob@example.org'], ['c@example.com']],
    ],
    [
      'all from another address',
      'Cc: c@example.com\n',
      '',
      { all: true, from: 'Me <me@example.com>' },
      [['Me <me@example.com>'], ['Ann <ann@example.com>', 'bob@example.org'], ['c@example.com']],
    ],
    [
      "one's own message",
      'Cc: c@example.com\n',
      '',
      { all: true, own: 'ann@example.com' },
      [['ann@example.com'], ['bob@example.org'], ['c@example.com']],
    ],
    [
      "one's own message, to oneself",
      'To: \n',
      '',
      { from: 'ann@example.com' },
      [['ann@example.com'], ['bob@example.org'], []],
    ],
    [
      'Mail-Followup-To',
      'Cc: c@example.com\nMail-Followup-To: list@example.net, bob@example.org\n',
      '',
      { all: true },
      [['bob@example.org'], ['list@example.net'], []],
    ],
    [
      'Mail-Followup-To, to the author',
      'Mail-Followup-To: list@example.net\n',
      '',
      {},
      [['bob@example.org'], ['Ann <ann@example.com>'], []],
    ],
    [
      'a list',
      'List-Post: <mailto:list%2Bx@example.net?subject=y>\n',
      '',
      { list: true },
      [[], ['list+x@example.net'], []],
    ],
    [
      'nobody that can be written to',
      'Cc: undisclosed-recipients:;, "broken, c@example.com, <@>, a b@example.com\n',
      '',
      { all: true },
      [['bob@example.org'], ['Ann <ann@example.com>'], ['c@example.com', 'a <b@example.com>']],
    ],
  ])('goes to the right people: %s', (_, head, body, options, expected) => {
    expect(people(original(head, body).reply(options))).toEqual(expected);
  });

  it('goes to no list that is not there', async () => {
    expect(await errorOf(() => original().reply({ list: true }))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message:
        'list is asked for, but the message names no address of a list in List-Post; use all: true',
    });
    expect(await errorOf(() => original().reply({ list: true, all: true }))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message: "list can't be with all: each says whom the reply is for",
    });
    expect(await errorOf(() => original().reply({ replyAll: true } as never))).toMatchObject({
      code: 'OPTION_INVALID',
      message: "'replyAll' is not an option of a reply; write all: true",
    });
    expect(await errorOf(() => original().reply(null as never))).toMatchObject({
      code: 'OPTION_INVALID',
      message: 'The options of a reply must be an object, got null',
    });
  });

  it('quotes lines whatever their ends, and nothing when nothing was said', () => {
    const composed = new MailMessage({ from: 'ann@example.com', text: 'one\r\n\r\ntwo\r\n' });
    expect(composed.reply({ text: 'Yes', attribution: '' }).text).toBe('Yes\n\n> one\n>\n> two\n');
    expect(MailMessage.parse('From: ann@example.com\n').reply({ text: 'Yes' }).text).toBe('Yes\n');
  });

  it.each([
    ['Plans', 'Re: Plans'],
    ['Re: Plans', 'Re: Plans'],
    ['RE: AW: Re[2]: Antw (3):  SV : Plans', 'Re: Plans'],
    ['回复：Plans', 'Re: Plans'],
    ['Fwd: Plans', 'Re: Fwd: Plans'],
    ['[users] Re: Plans', 'Re: [users] Plans'],
    ['[users] Plans: re', 'Re: [users] Plans: re'],
    ['Re: [users] Re: Plans', 'Re: [users] Plans'],
    ['Reply: Plans', 'Re: Reply: Plans'],
    ['R: language', 'Re: R: language'],
    ['Re:', 'Re:'],
    ['', 'Re:'],
  ])('of %j is called %j', (subject, expected) => {
    expect(new MailMessage({ subject }).reply().subject).toBe(expected);
  });

  it('stands in its conversation, which does not grow for ever', () => {
    const ids = (count: number): string =>
      Array.from({ length: count }, (_, n) => `<${n}.${'x'.repeat(40)}@example.com>`).join('\n ');
    const { references } = original(`References: ${ids(200)}\n`).reply();
    expect(references[0]).toMatch(/^<0\./);
    expect(references.at(-1)).toBe('<1@example.com>');
    expect(references.at(-2)).toMatch(/^<199\./);
    expect(references.join(' ').length).toBeLessThan(3100);
    expect(original('In-Reply-To: <0@x>\n').reply().references).toEqual([
      '<0@x>',
      '<1@example.com>',
    ]);
    expect(original('In-Reply-To: <0@x> <00@x>\n').reply().references).toEqual(['<1@example.com>']);
    expect(original('References: bad <b a> <0@x>\n').reply().references).toEqual([
      '<0@x>',
      '<1@example.com>',
    ]);
    expect(read('Subject: x\n\n').reply()).toMatchObject({ inReplyTo: [], references: [] });
  });
});

const rich: MessageFields = {
  from: 'Ann <ann@example.com>',
  to: 'bob@example.org',
  subject: 'Bild',
  date: new Date(0),
  text: 'Grüße',
  html: '<html><head><title>t</title><style>p{color:red}</style></head><body bgcolor=red onload="x()"><p>Grüße<img src="cid:logo"><script>alert(1)</script><a href="java&#115;cript:x">a</a></div></td></body></html>',
  linkedResources: [{ cid: 'logo', content: new Uint8Array([1, 2, 3]), filename: 'logo.png' }],
  attachments: [{ filename: 'a.pdf', content: 'pdf' }],
};

describe('an answer to HTML', () => {
  it('is HTML too: the original whole, safe, closed, with its pictures', async () => {
    const message = await again(new MailMessage(rich));
    const reply = await again(message.reply({ text: 'Danke <b>' }));
    expect(shapeOf(reply.root)).toBe('related(alternative(text/plain, text/html), image/png)');
    expect(reply.html).toBe(
      '<div>Danke &lt;b&gt;</div>\n<br>\n' +
        '<div>On 1 Jan 1970 at 00:00 +0000, Ann &lt;ann@example.com&gt; wrote:</div>\n' +
        '<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex">\n' +
        '<div bgcolor="red"><p>Grüße<img src="cid:logo"><a>a</a></p></div>\n</blockquote>',
    );
    expect(reply.text).toBe(
      'Danke <b>\n\nOn 1 Jan 1970 at 00:00 +0000, Ann <ann@example.com> wrote:\n> Grüße\n',
    );
    expect(reply.linkedResources.map(({ cid }) => cid)).toEqual(['logo']);
    expect(Buffer.from(await reply.attachments[0]!.bytes())).toEqual(Buffer.from([1, 2, 3]));
  });

  it('can be written in HTML, inside its body', () => {
    const reply = original().reply({ html: '<html><body><p>Yes</p></body></html>' });
    expect(reply.text).toMatch(/^Yes\n\nOn 5 Mar/);
    expect(reply.html).toMatch(
      /^<html><body><p>Yes<\/p>\n<br>\n<div>On 5 Mar[\s\S]*<div>Hello Bob,<br>\n&gt; you wrote<br>\n<br>\nAnn<\/div>\n<\/blockquote>\n<\/body><\/html>$/,
    );
    const above = original().reply({ html: '<body><p>Yes</p></body>', quote: 'above' });
    expect(above.html).toMatch(/^<body><div>On[\s\S]*<\/blockquote>\n<br>\n<p>Yes<\/p><\/body>$/);
  });

  it('quotes as text what there is in HTML only', () => {
    const message = read('From: a@example.com\nContent-Type: text/html\n\n<p>One<p>Two\n');
    expect(message.reply().text).toBe(
      'A@example.com wrote:\n> One\n>\n> Two\n'.replace('A@', 'A@'),
    );
  });
});

describe('an automatic answer', () => {
  it('is marked as one, and goes to the return path', () => {
    const reply = original('Return-Path: <bounces@example.com>\nReply-To: x@example.com\n').reply({
      automatic: true,
      text: 'Away.',
    });
    expect(people(reply)).toEqual([['bob@example.org'], ['bounces@example.com'], []]);
    expect(reply.headers.get('Auto-Submitted')).toBe('auto-replied');
    expect([reply.subject, reply.text]).toEqual(['Auto: Plans', 'Away.\n']);
  });

  it.each([
    ['Return-Path: <>', 'it has an empty Return-Path: answers to it go nowhere'],
    ['Auto-Submitted: auto-generated', 'a machine sent it (Auto-Submitted)'],
    ['Precedence: list', 'it is bulk mail (Precedence)'],
    ['List-Id: <x.y>', 'it came from a mailing list (List-Id)'],
    ['X-Auto-Response-Suppress: DR, OOF', 'it asks for none (X-Auto-Response-Suppress)'],
  ])('is refused to machines: %s', async (field, because) => {
    expect(
      await errorOf(() => original(`${field}\n`).reply({ automatic: true, text: 'x' })),
    ).toMatchObject({
      code: 'ANSWER_UNWANTED',
      message: `The message should get no automatic answer: ${because}; let it be, or answer without automatic: true`,
    });
    expect(original(`${field}\n`).reply({ text: 'x' }).text).toMatch(/^x/);
    expect(original('Auto-Submitted: no\n').reply({ automatic: true }).to).toHaveLength(1);
  });
});

describe('forwarding', () => {
  it('inline: with its fields, its text, its pictures and attachments', async () => {
    const message = await again(new MailMessage({ ...rich, cc: 'carl@example.com' }));
    const forward = message.forwardInline({
      from: 'bob@example.org',
      to: 'dora@example.net',
      text: 'FYI',
    });
    const sent = await again(forward);
    expect(shapeOf(sent.root)).toBe(
      'mixed(related(alternative(text/plain, text/html), image/png), application/pdf)',
    );
    expect(sent).toMatchObject({ subject: 'Fwd: Bild', inReplyTo: [] });
    expect(sent.references).toEqual([message.messageId]);
    expect(sent.text).toBe(
      'FYI\n\n---------- Forwarded message ----------\nFrom: Ann <ann@example.com>\nDate: 1 Jan 1970 at 00:00 +0000\nSubject: Bild\nTo: bob@example.org\nCc: carl@example.com\n\nGrüße\n',
    );
    expect(sent.html).toContain('<b>From:</b> Ann &lt;ann@example.com&gt;<br>');
    expect(sent.html).toContain('<p>Grüße<img src="cid:logo"><a>a</a></p>');
    expect(sent.html).not.toMatch(/script|onload|color:red/);
    const without = await again(message.forwardInline({ attachments: false, to: 'x@example.net' }));
    expect(without.attachments.map(({ filename }) => filename)).toEqual(['logo.png']);
    expect(without.html).toContain('cid:logo');
  });

  it('inline: parts that say what no part can say are octets', async () => {
    const message = read(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: image/x>; a b=c\nContent-Disposition: attachment; filename*=utf-8''a%0Ab\nContent-ID: <a b>\n\nx\n--b\nContent-Type: multipart/mixed; boundary=none\n\ny\n--b--\n",
    );
    const sent = await again(message.forwardInline());
    expect(sent.attachments.map((one) => [one.contentType, one.filename])).toEqual([
      ['application/octet-stream', 'a b'],
      ['application/octet-stream', undefined],
    ]);
    expect(Buffer.from(await sent.attachments[1]!.bytes()).toString()).toBe('y');
  });

  it('inline: text stays text', () => {
    const forward = original().forwardInline({ heading: '-- Weitergeleitet --' });
    expect(forward.text).toMatch(/^-- Weitergeleitet --\nFrom: Ann/);
    expect(forward.html).toBeUndefined();
  });

  it('as attachment: octet for octet', async () => {
    const source =
      'From: a@example.com\r\nSubject: WG: x\r\nX-Odd :  1\r\nBcc: b@example.com\r\n\r\nh\xe9llo\r\n';
    const message = MailMessage.parse(Buffer.from(source, 'latin1'));
    const forward = message.forwardAsAttachment({
      from: 'b@example.com',
      to: 'c@example.com',
      text: 'See',
    });
    expect(forward.subject).toBe('Fwd: x');
    const rendered = Buffer.from((await forward.render({ eightBit: true })).bytes()).toString(
      'latin1',
    );
    expect(rendered).toContain(`\r\n\r\n${source.replace('Bcc: b@example.com\r\n', '')}`);
    const [attached] = (await again(forward)).attachments;
    expect(attached?.contentType).toBe('message/rfc822');
    expect(attached?.message?.subject).toBe('WG: x');
  });
});

describe('hostile originals', () => {
  it('whatever they hold, an answer can be made and sent', async () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '=',
        '/',
        'div',
        'p',
        'script',
        'style',
        'a href=',
        '&',
        '-',
        '!',
        ' ',
        '\n',
        '\0',
        '\r',
        ':',
        'Re',
        'é',
        '[',
        ']',
        '<>',
        '@',
        ',',
      ),
    });
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (subject, html, address) => {
        const line = (text: string): string => text.replace(/[\r\n\0]/g, ' ');
        const message = read(
          `From: ${line(address)}\nTo: ${line(address)}\nSubject: ${line(subject)}\nReferences: ${line(address)}\nContent-Type: text/html\n\n${html}`,
        );
        for (const made of [
          message.reply({ all: true, text: 'x' }),
          message.forwardInline(),
          message.forwardAsAttachment(),
        ]) {
          await made.toBytes();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('no line break gets out of a header field', () => {
    const message = read(
      'From: =?utf-8?Q?Ann=0A=0DX?= <ann@example.com>\nTo: =?utf-8?Q?b=0AEvil=3A_1?= <b@example.com>\nSubject: =?utf-8?Q?Re=3A_a=0ATo=3A_x=00?=\n\nx\n',
    );
    const reply = message.reply({ all: true, from: 'c@example.com' });
    expect(reply.subject).toBe('Re: a To: x');
    expect(people(reply)[1]).toEqual(['Ann X <ann@example.com>', '"b Evil: 1" <b@example.com>']);
    expect(reply.text).toBe('Ann X <ann@example.com> wrote:\n> x\n');
    expect(message.forwardInline().text).toBe(
      '---------- Forwarded message ----------\nFrom: Ann X <ann@example.com>\nSubject: Re: a To: x \nTo: "b Evil: 1" <b@example.com>\n\nx\n',
    );
  });

  it('in time that grows with them', async () => {
    for (const piece of [
      '<div>',
      '<',
      '<table><tr><td>',
      '<p style="',
      '<a href=">',
      '</x>',
      'Re: ',
      '> ',
      '&#',
    ]) {
      const measure = (times: number): number => {
        const message = new MailMessage({
          html: piece.repeat(times),
          subject: piece.repeat(times / 100),
        });
        return cpuMs(() => [message.reply({ text: 'x' }), message.forwardInline()]);
      };
      measure(1000);
      // The square of ten times as much would be a hundred times as long.
      expect(measure(100_000), piece).toBeLessThan(40 * measure(10_000) + 300);
    }
  });
});
