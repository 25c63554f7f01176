import { AlternateView, MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, people, reread, shapeOf, written } from './kit.ts';

const file = { filename: 'a.bin', content: new Uint8Array([1]) };
const logo = { cid: 'logo', filename: 'logo.png', content: new Uint8Array([2]) };
const watch = new AlternateView('<b>hi</b>', 'text/watch-html');
const meeting = new AlternateView('BEGIN:VCALENDAR', 'text/calendar; method=REQUEST');

describe('the tree has only the levels that are needed', () => {
  it.each([
    [{}, 'text/plain'],
    [{ text: 'hi' }, 'text/plain'],
    [{ text: '' }, 'text/plain'],
    [{ html: '<p>' }, 'text/html'],
    [{ text: 'hi', html: '<p>' }, 'alternative(text/plain, text/html)'],
    [{ text: 'hi', attachments: [file] }, 'mixed(text/plain, application/octet-stream)'],
    [{ html: '<p>', linkedResources: [logo] }, 'related(text/html, image/png)'],
    [
      { text: 'hi', html: '<p>', linkedResources: [logo] },
      'related(alternative(text/plain, text/html), image/png)',
    ],
    [
      { text: 'hi', html: '<p>', linkedResources: [logo], attachments: [file, file] },
      'mixed(related(alternative(text/plain, text/html), image/png), application/octet-stream, application/octet-stream)',
    ],
    [
      { html: '<p>', linkedResources: [logo], attachments: [file] },
      'mixed(related(text/html, image/png), application/octet-stream)',
    ],
    [{ attachments: [file] }, 'application/octet-stream'],
    [{ attachments: [file, file] }, 'mixed(application/octet-stream, application/octet-stream)'],
    [{ text: 'hi', linkedResources: [logo] }, 'mixed(text/plain, image/png)'],
    [{ linkedResources: [logo] }, 'image/png'],
    [{ attachments: [new MailMessage()] }, 'mixed(text/plain, message/rfc822)'],
    [{ alternateViews: [meeting] }, 'text/calendar'],
    [
      { text: 'hi', html: '<p>', alternateViews: [meeting, watch] },
      'alternative(text/plain, text/watch-html, text/html, text/calendar)',
    ],
  ])('%j', async (fields, shape) => {
    expect(shapeOf((await reread(fields)).root)).toBe(shape);
    const rendered = await new MailMessage({ ...people, ...fields }).render();
    expect(rendered.size).toBe(rendered.bytes().length);
  });

  it('says in related what its root is (RFC 2387)', async () => {
    const both = await reread({ text: 'hi', html: '<p>', linkedResources: [logo] });
    expect(both.root.contentType.parameters.get('type')).toBe('multipart/alternative');
    const html = await reread({ html: '<p>', linkedResources: [logo] });
    expect(html.root.contentType.parameters.get('type')).toBe('text/html');
  });

  it('shows linked resources in their place and attachments as files, unless said otherwise', async () => {
    const message = await reread({
      html: '<img src="cid:logo"><img src="cid:second">',
      linkedResources: [logo, { ...logo, cid: '<second>', disposition: 'attachment' }],
      attachments: [file, { ...file, disposition: 'inline' }],
    });
    expect(message.attachments.map(({ disposition, cid }) => [disposition, cid])).toEqual([
      ['inline', 'logo'],
      ['attachment', 'second'],
      ['attachment', undefined],
      ['inline', undefined],
    ]);
    expect(message.linkedResources).toEqual(message.attachments.slice(0, 2));
  });

  it('refuses a linked resource without a cid, also when it was pushed', async () => {
    const message = new MailMessage({ ...people, html: '<p>', linkedResources: [file] });
    const error = await errorOf(() => message.toBytes());
    expect(error.code).toBe('MESSAGE_FIELD_INVALID');
    expect(error.message).toBe(
      'linkedResources[0] has no cid, by which the HTML could refer to it; write cid: \'logo\' and <img src="cid:logo">',
    );
  });
});

describe('alternate views', () => {
  it('come back as they were given', async () => {
    const { alternateViews, text, html } = await reread({
      text: 'hi',
      html: '<p>',
      alternateViews: [
        meeting,
        watch,
        new AlternateView(new Uint8Array([0, 255]), 'application/x-view'),
      ],
    });
    expect([text, html]).toEqual(['hi', '<p>']);
    expect(alternateViews.map(({ contentType, content }) => [contentType, content])).toEqual([
      ['text/watch-html', '<b>hi</b>'],
      ['application/x-view', Buffer.from([0, 255])],
      ['text/calendar', 'BEGIN:VCALENDAR'],
    ]);
    expect(alternateViews[2]?.contentTypeParameters.get('method')).toBe('REQUEST');
  });

  it.each([
    [
      'text',
      "an alternate view's contentType must be a media type such as 'text/csv' or 'text/csv; charset=utf-8' (RFC 2045), got 'text'",
    ],
    [
      'multipart/mixed',
      "an alternate view's contentType can't be multipart/mixed: a multipart is built from the message's parts",
    ],
    [
      'text/x; charset=latin1',
      "an alternate view's contentType says charset=latin1, but a string is written as UTF-8; give the bytes in that charset as content",
    ],
    [
      'text/x; charset',
      "an alternate view's contentType must be a media type such as 'text/csv' or 'text/csv; charset=utf-8' (RFC 2045), got 'text/x; charset'",
    ],
    [
      'text/x\r\nX-A: b',
      "an alternate view's contentType holds CR at position 6, which a header field can't carry; replace it with a space: 'text/x\\u{d}\\u{a}X-A: b'",
    ],
    [
      'text/x; a="é"',
      "an alternate view's contentType must be a media type such as 'text/csv' or 'text/csv; charset=utf-8' (RFC 2045), got 'text/x; a=\"é\"'",
    ],
  ])('refuse the type %j', async (type, message) => {
    expect(await errorOf(() => new AlternateView('x', type))).toMatchObject({
      code: 'MESSAGE_FIELD_INVALID',
      message,
    });
  });

  it('must be views, also when they were pushed by untyped code', async () => {
    const message = new MailMessage({ ...people, text: 'hi' });
    message.alternateViews.push('x' as never);
    expect((await errorOf(() => message.toBytes())).message).toBe(
      "alternateViews[0] must be an AlternateView, got 'x'; write new AlternateView('…', 'text/watch-html')",
    );
  });
});

describe('deterministic messages', () => {
  const fields = { text: 'hi', html: '<p>', attachments: [file], subject: 'x' };

  it('are the same each time, and another seed gives another message', async () => {
    const once = await written(fields);
    expect(await written(fields)).toBe(once);
    expect(await written({ ...fields, deterministic: 'other' })).not.toBe(once);
    expect(once).toContain('\nDate: Wed, 01 Jan 2020 00:00:00 +0000\n');
    expect(once).toMatch(/\nMessage-ID: <[\w-]{20}@example\.com>\n/);
  });

  it('keep what is given', async () => {
    const text = await written({ ...fields, messageId: 'mine@example.net', date: new Date(0) });
    expect(text).toContain('\nMessage-ID: <mine@example.net>\n');
    expect(text).toContain('\nDate: Thu, 01 Jan 1970 00:00:00 +0000\n');
  });

  it('can hold a message with the same seed', async () => {
    const inner = new MailMessage({ ...people, ...fields, deterministic: 'seed' });
    const outer = await reread({ ...fields, deterministic: 'seed', attachments: [inner] });
    expect(shapeOf(outer.root)).toBe('mixed(alternative(text/plain, text/html), message/rfc822)');
    const back = outer.attachments[0]?.message;
    expect(shapeOf(back!.root)).toBe(
      'mixed(alternative(text/plain, text/html), application/octet-stream)',
    );
  });
});

describe('identity', () => {
  it('is fixed at first need: the same message twice has the same bytes', async () => {
    const message = new MailMessage({ ...people, text: 'hi', html: '<p>', attachments: [file] });
    const { messageId, date } = message;
    expect(messageId).toMatch(/^<[\w-]{20}@example\.com>$/);
    const bytes = await message.toBytes();
    expect(await message.toBytes()).toEqual(bytes);
    expect(message.messageId).toBe(messageId);
    expect(message.date).toBe(date);
  });

  it('differs from message to message', () => {
    const ids = Array.from({ length: 1000 }, () => new MailMessage(people).messageId);
    expect(new Set(ids).size).toBe(1000);
  });

  it.each([
    ['ann@example.com', 'example.com'],
    ['Team: ann@group.example;', 'group.example'],
    ['ann@bücher.example', 'xn--bcher-kva.example'],
    ['ann@[192.0.2.1]', 'localhost'],
    ['', 'localhost'],
  ])('takes the domain of %j', (from, domain) => {
    expect(new MailMessage({ from }).messageId).toMatch(new RegExp(`@${domain}>$`));
  });

  it('adds nothing to a message that was read', async () => {
    const message = MailMessage.parse('Subject: x\r\n\r\nhi');
    expect([message.messageId, message.date]).toEqual(['', undefined]);
    expect(Buffer.from(await message.toBytes()).toString()).toBe('Subject: x\r\n\r\nhi');
  });
});
