import { describe, expect, test } from 'vitest';
import { sendRaw } from '../support/raw-smtp.ts';
import { arabic, hostile, lines, plain, png, receipt, receiptPdf } from './sample-mail.ts';
import { call, deliver, testInbox } from './support.ts';

describe('GET /api/v1/messages', () => {
  test('newest first, in pages', async () => {
    const inbox = await testInbox();
    for (const subject of ['one', 'two', 'three']) await deliver(inbox, subject);
    const first = await call(inbox, 'GET', '/api/v1/messages?limit=2');
    expect(first.json).toMatchObject({ total: 3, unread: 3, matched: 3 });
    expect(first.json.messages.map((m: { subject: string }) => m.subject)).toEqual([
      'three',
      'two',
    ]);
    const rest = await call(inbox, 'GET', '/api/v1/messages?limit=2&offset=2');
    expect(rest.json.messages.map((m: { subject: string }) => m.subject)).toEqual(['one']);
  });

  test('a line of the list', async () => {
    const inbox = await testInbox();
    const to = Array.from({ length: 30 }, (_, i) => `user${i}@example.com`);
    await sendRaw({ port: inbox.smtpPort, from: 'b@cafe.example', to, content: receipt });
    const { json } = await call(inbox, 'GET', '/api/v1/messages');
    expect(json.messages[0]).toEqual({
      id: inbox.messages[0]!.id,
      receivedAt: inbox.messages[0]!.receivedAt.toISOString(),
      size: inbox.messages[0]!.size,
      subject: 'Your receipt ☕ for order 4711',
      from: [{ name: 'Café Müller — Bestellungen', address: 'orders@cafe.example' }],
      to: [{ name: 'Bob Stone', address: 'bob@example.com' }],
      envelopeFrom: 'b@cafe.example',
      recipients: to.slice(0, 20),
      recipientCount: 30,
      snippet: 'Thank you for your order! One flat white: 4.20 €',
      attachmentCount: 3,
      read: false,
    });
  });

  test.each([
    ['minutes', ['plain']],
    ['HARBOUR ten', ['plain']],
    ['"ten is early"', ['plain']],
    ['"early ten"', []],
    ['from:müller', ['receipt']],
    ['to:hidden@example.com', ['plain']],
    ['subject:receipt', ['receipt']],
    ['subject:flat', []],
    ['請求書', ['receipt']],
    ['العشاء', ['arabic']],
    ['has:attachment', ['receipt']],
    ['is:unread', ['arabic', 'receipt', 'plain']],
    ['is:read', []],
    ['https://example.com/plan', ['plain']],
    ['__proto__ constructor:x', []],
  ])('q=%s', async (query, wanted) => {
    const inbox = await testInbox();
    const { smtpPort: port } = inbox;
    await sendRaw({ port, to: ['bob@example.com', 'hidden@example.com'], content: plain });
    await sendRaw({ port, to: ['bob@example.com'], content: receipt });
    await sendRaw({ port, to: ['bob@example.com'], content: arabic });
    const names = new Map(
      inbox.messages.map(({ id }, i) => [id, ['plain', 'receipt', 'arabic'][i]]),
    );
    const { json } = await call(inbox, 'GET', `/api/v1/messages?q=${encodeURIComponent(query)}`);
    expect(json.messages.map(({ id }: { id: string }) => names.get(id))).toEqual(wanted);
    expect(json).toMatchObject({ matched: wanted.length, total: 3 });
  });

  test.each(['limit=0', 'limit=201', 'limit=x', 'offset=-1', 'limit=1e2'])('%s', async (query) => {
    const inbox = await testInbox();
    const answer = await call(inbox, 'GET', `/api/v1/messages?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toEqual({
      code: 'BAD_REQUEST',
      message: "'offset' is 0 or more, 'limit' is from 1 to 200.",
    });
  });
});

describe('GET /api/v1/messages/ID', () => {
  test('everything about it', async () => {
    const inbox = await testInbox();
    const to = ['bob@example.com', 'boss@example.com'];
    await sendRaw({ port: inbox.smtpPort, from: '', to, content: receipt });
    const { id } = inbox.messages[0]!;
    const { json } = await call(inbox, 'GET', `/api/v1/messages/${id}`);
    expect(json).toMatchObject({
      id,
      date: '2026-11-20T09:35:00.000Z',
      messageId: '<receipt-4711@cafe.example>',
      envelopeFrom: '',
      deliveredTo: [
        { address: 'bob@example.com', field: 'to' },
        { address: 'boss@example.com', field: 'bcc' },
      ],
      session: { clientName: 'client.example', username: null, encrypted: false },
      text: 'Thank you for your order!\n\nOne flat white: 4.20 €\n',
      htmlUrl: `/api/v1/messages/${id}/html`,
      rawUrl: `/api/v1/messages/${id}/raw`,
      problems: [],
      truncated: [],
    });
    expect(json.headers.slice(0, 2)).toEqual([
      { name: 'From', value: 'Café Müller — Bestellungen <orders@cafe.example>' },
      { name: 'To', value: 'Bob Stone <bob@example.com>' },
    ]);
    expect(
      json.parts.map((p: Record<string, unknown>) => [p.index, p.depth, p.contentType, p.encoding]),
    ).toEqual([
      [0, 0, 'multipart/mixed', '7bit'],
      [1, 1, 'multipart/alternative', '7bit'],
      [2, 2, 'text/plain', 'base64'],
      [3, 2, 'multipart/related', '7bit'],
      [4, 3, 'text/html', 'base64'],
      [5, 3, 'image/png', 'base64'],
      [6, 1, 'application/pdf', 'base64'],
      [7, 1, 'text/csv', 'base64'],
    ]);
    expect(
      json.attachments.map((a: Record<string, unknown>) => [a.index, a.filename, a.size]),
    ).toEqual([
      [5, 'logo.png', png(72, 72, [193, 123, 62]).length],
      [6, '請求書 2026年11月.pdf', receiptPdf.length],
      [7, '📊 "numbers" & more.csv', 27],
    ]);
  });

  test('fields that repeat keep their order', async () => {
    const inbox = await testInbox();
    const content = lines('Received: one', 'X-A: 1', 'received: two', 'Received: three', '', 'x');
    await sendRaw({ port: inbox.smtpPort, content });
    const { json } = await call(inbox, 'GET', '/api/v1/messages/latest');
    expect(json.headers).toEqual([
      { name: 'Received', value: 'one' },
      { name: 'X-A', value: '1' },
      { name: 'received', value: 'two' },
      { name: 'Received', value: 'three' },
    ]);
  });

  test('what is too long for JSON is cut and said to be', async () => {
    const inbox = await testInbox();
    const text = `${'word '.repeat(200)}\r\n`.repeat(1200);
    const fields = Array.from({ length: 1500 }, (_, i) => `X-${i}: ${i}`);
    await sendRaw({ port: inbox.smtpPort, content: lines(...fields, '', text) });
    const { json } = await call(inbox, 'GET', '/api/v1/messages/latest');
    expect(json.truncated).toEqual(expect.arrayContaining(['text', 'headers']));
    expect(json.text).toHaveLength(1_048_576);
    expect(json.headers).toHaveLength(1000);
  });

  test('a message in a message is in the tree', async () => {
    const inbox = await testInbox();
    const content = lines(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      'Content-Disposition: attachment; filename="inner.eml"',
      '',
      'Subject: inner',
      'Content-Type: text/html',
      '',
      '<p>inner</p>',
      '--b--',
      '',
    );
    await sendRaw({ port: inbox.smtpPort, content });
    const { json } = await call(inbox, 'GET', '/api/v1/messages/latest');
    expect(
      json.parts.map((p: Record<string, unknown>) => [p.depth, p.contentType, p.filename]),
    ).toEqual([
      [0, 'multipart/mixed', null],
      [1, 'message/rfc822', 'inner.eml'],
      [2, 'text/html', null],
    ]);
    const inner = await call(inbox, 'GET', '/api/v1/messages/latest/parts/2');
    expect(inner.body.toString()).toBe('<p>inner</p>');
  });

  test('no message', async () => {
    const inbox = await testInbox();
    for (const path of ['none', 'latest', 'none/raw', 'none/html', 'none/parts/0', '__proto__']) {
      const answer = await call(inbox, 'GET', `/api/v1/messages/${path}`);
      expect(answer.status).toBe(404);
      expect(answer.json.error).toEqual({
        code: 'NOT_FOUND',
        message: 'There is no such message here.',
      });
    }
  });
});

describe('what can be downloaded', () => {
  test('the message, octet for octet', async () => {
    const inbox = await testInbox();
    await sendRaw({ port: inbox.smtpPort, content: arabic });
    const answer = await call(inbox, 'GET', '/api/v1/messages/latest/raw');
    expect(answer.body.equals(Buffer.from(arabic))).toBe(true);
    expect(answer.headers['content-type']).toBe('message/rfc822');
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="____ ___ ___ ______.eml"; filename*=UTF-8''${encodeURIComponent('دعوة إلى حفل العشاء.eml')}`,
    );
  });

  test('an attachment', async () => {
    const inbox = await testInbox();
    await sendRaw({ port: inbox.smtpPort, content: receipt });
    const answer = await call(inbox, 'GET', '/api/v1/messages/latest/parts/6');
    expect(answer.body.equals(receiptPdf)).toBe(true);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="___ 2026_11_\.pdf"/,
    );
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });

  test('HTML is shown only by the one path for it, anything else is a download', async () => {
    const inbox = await testInbox();
    await sendRaw({ port: inbox.smtpPort, content: hostile });
    const part = await call(inbox, 'GET', '/api/v1/messages/latest/parts/0?inline');
    expect(part.headers['content-disposition']).toMatch(/^attachment; filename="part-0\.html"/);
    const shown = await call(inbox, 'GET', '/api/v1/messages/latest/html');
    expect(shown.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test('a picture of the text is shown, its cid is where it lies', async () => {
    const inbox = await testInbox();
    await sendRaw({ port: inbox.smtpPort, content: receipt });
    const { id } = inbox.messages[0]!;
    const html = await call(inbox, 'GET', `/api/v1/messages/${id}/html`);
    const path = `/api/v1/messages/${id}/parts/5?inline`;
    expect(html.body.toString()).toContain(`<img src="${path}"`);
    const image = await call(inbox, 'GET', path);
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.headers['content-disposition']).toBeUndefined();
    expect(image.body.equals(png(72, 72, [193, 123, 62]))).toBe(true);
    expect(image.headers['cross-origin-resource-policy']).toBe('cross-origin');
    // A foreign page knows no id.
    const latest = await call(inbox, 'GET', '/api/v1/messages/latest/parts/5?inline');
    expect(latest.headers['content-disposition']).toMatch(/^attachment/);
    expect(latest.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test.each(['9', '-1', 'x', '1e1', '../../raw', '99999999999999999999'])(
    'no part %s',
    async (n) => {
      const inbox = await testInbox();
      await sendRaw({ port: inbox.smtpPort, content: receipt });
      const answer = await call(
        inbox,
        'GET',
        `/api/v1/messages/latest/parts/${encodeURIComponent(n)}`,
      );
      expect(answer.status).toBe(404);
    },
  );
});

describe('what changes something', () => {
  test('marking one and all', async () => {
    const inbox = await testInbox();
    for (const subject of ['one', 'two', 'three']) await deliver(inbox, subject);
    const { id } = inbox.messages[0]!;
    const one = await call(inbox, 'PATCH', `/api/v1/messages/${id}`, {}, '{"read":true}');
    expect(one.json).toEqual({ marked: 1, total: 3, unread: 2 });
    expect(inbox.messages[0]!.read).toBe(true);
    const found = await call(inbox, 'PATCH', '/api/v1/messages?q=two', {}, '{"read":true}');
    expect(found.json).toEqual({ marked: 1, total: 3, unread: 1 });
    const back = await call(inbox, 'PATCH', '/api/v1/messages', {}, '{"read":false}');
    expect(back.json).toEqual({ marked: 2, total: 3, unread: 3 });
  });

  test.each(['', '{}', '{"read":1}', 'null', '[true]', 'x'.repeat(100)])(
    'body %j',
    async (body) => {
      const inbox = await testInbox();
      await deliver(inbox, 'one');
      const answer = await call(inbox, 'PATCH', '/api/v1/messages/latest', {}, body);
      expect(answer.status).toBe(400);
      expect(answer.json.error.message).toBe('The body must be {"read": true} or {"read": false}.');
    },
  );

  test('deleting one, those found, all', async () => {
    const inbox = await testInbox();
    for (const subject of ['one', 'two', 'three', 'four']) await deliver(inbox, subject);
    const left = () => inbox.messages.map(({ subject }) => subject);
    await call(inbox, 'DELETE', `/api/v1/messages/${inbox.messages[1]!.id}`);
    expect(left()).toEqual(['one', 'three', 'four']);
    const found = await call(inbox, 'DELETE', '/api/v1/messages?q=subject:one');
    expect(found.json).toEqual({ removed: 1, total: 2, unread: 2 });
    expect((await call(inbox, 'DELETE', '/api/v1/messages')).json.removed).toBe(2);
    expect(left()).toEqual([]);
  });

  test('a method that a path does not take', async () => {
    const inbox = await testInbox();
    const answer = await call(inbox, 'PUT', '/api/v1/messages');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, PATCH, DELETE');
  });
});

test('GET /api/v1/info and /recipients', async () => {
  const inbox = await testInbox({ maxMessages: 7 });
  for (const to of ['bob@example.com', 'ann@example.com', 'Bob@example.com']) {
    await deliver(inbox, 'x', to);
  }
  expect((await call(inbox, 'GET', '/api/v1/info')).json).toEqual({
    smtp: { host: '127.0.0.1', port: inbox.smtpPort },
    http: { host: '127.0.0.1', port: inbox.httpPort },
    maxMessages: 7,
    total: 3,
    unread: 3,
  });
  expect((await call(inbox, 'GET', '/api/v1/recipients')).json.recipients).toEqual([
    { address: 'Bob@example.com', count: 2 },
    { address: 'ann@example.com', count: 1 },
  ]);
});
