import { describe, expect, test } from 'vitest';
import { waitForMail } from '../../src/inbox/index.ts';
import { sendRaw } from '../support/raw-smtp.ts';
import { png, receipt, receiptPdf } from './sample-mail.ts';
import { deliver, testInbox } from './support.ts';

const soon = { timeoutMs: 50 };

describe('which message is given', () => {
  test('one that is there already, and one that comes later', async () => {
    const inbox = await testInbox();
    await deliver(inbox, 'early');
    expect((await inbox.waitForMail()).subject).toBe('early');
    const waiting = waitForMail(inbox, { subject: 'late' });
    await deliver(inbox, 'another');
    await deliver(inbox, 'a late one');
    expect((await waiting).subject).toBe('a late one');
  });

  test('each one once, the oldest first', async () => {
    const inbox = await testInbox();
    for (const subject of ['one', 'two']) await deliver(inbox, subject);
    expect((await inbox.waitForMail()).subject).toBe('one');
    expect((await inbox.waitForMail()).subject).toBe('two');
    await expect(inbox.waitForMail({}, soon)).rejects.toThrow();
  });

  test('two calls at once get two messages', async () => {
    const inbox = await testInbox();
    const both = Promise.all([inbox.waitForMail(), inbox.waitForMail()]);
    for (const subject of ['one', 'two']) await deliver(inbox, subject);
    expect((await both).map(({ subject }) => subject)).toEqual(['one', 'two']);
  });

  test.each([
    [{ to: 'BOB@example.com' }, true],
    [{ to: 'bob@example' }, false],
    [{ to: /@example\.com$/ }, true],
    [{ from: 'ann@example.com' }, true],
    [{ from: /carol/ }, false],
    [{ subject: 'eset you' }, true],
    [{ subject: 'RESET' }, false],
    [{ subject: /^reset/i }, true],
    [{ subject: 'Reset', to: 'ann@example.com' }, false],
    [(mail: { size: number }) => mail.size > 10, true],
    [() => false, false],
  ])('filter %# fits: %#', async (filter, fits) => {
    const inbox = await testInbox();
    await deliver(inbox, 'Reset your password');
    const waiting = inbox.waitForMail(filter, { timeoutMs: 0 });
    if (fits) expect((await waiting).subject).toBe('Reset your password');
    else await expect(waiting).rejects.toMatchObject({ code: 'INBOX_TIMEOUT' });
  });

  test('a regular expression with a memory is asked afresh', async () => {
    const inbox = await testInbox();
    const filter = { subject: /reset/g };
    for (const subject of ['reset 1', 'reset 2']) await deliver(inbox, subject);
    expect((await inbox.waitForMail(filter, soon)).subject).toBe('reset 1');
    expect((await inbox.waitForMail(filter, soon)).subject).toBe('reset 2');
  });
});

describe('what is told when it does not come', () => {
  test('nothing arrived', async () => {
    const inbox = await testInbox();
    await expect(inbox.waitForMail({ to: 'bob@example.com' }, soon)).rejects.toMatchObject({
      name: 'PosthornError',
      code: 'INBOX_TIMEOUT',
      message:
        "No mail with to 'bob@example.com' arrived within 50 ms; nothing arrived: check that the program sends to the SMTP port of this inbox",
    });
  });

  test('something else arrived, with nothing in it that moves a terminal', async () => {
    const inbox = await testInbox();
    await deliver(inbox, 'Welcome \u001b[31m', 'carol@example.com');
    await expect(inbox.waitForMail({ subject: /reset/ }, soon)).rejects.toMatchObject({
      code: 'INBOX_TIMEOUT',
      message:
        "No mail with subject /reset/ arrived within 50 ms; the inbox holds 1 other or already returned message: 'Welcome \\u{1b}[31m' to carol@example.com",
    });
  });

  test('the inbox was closed', async () => {
    const inbox = await testInbox();
    const waiting = inbox.waitForMail();
    const told = expect(waiting).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
      message: 'The inbox was closed while a call waited for mail',
    });
    await inbox.close();
    await told;
  });

  test('the signal fired, before and meanwhile', async () => {
    const inbox = await testInbox();
    const reason = new Error('enough');
    const aborted = {
      code: 'ABORTED',
      message: 'The signal ended the wait for mail',
      cause: reason,
    };
    const before = inbox.waitForMail({}, { signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toMatchObject(aborted);
    const controller = new AbortController();
    const waiting = inbox.waitForMail({}, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject(aborted);
  });

  test('the function throws', async () => {
    const inbox = await testInbox();
    const waiting = inbox.waitForMail(() => {
      throw new TypeError('mine');
    });
    const told = expect(waiting).rejects.toThrow(new TypeError('mine'));
    expect(await deliver(inbox, 'x')).toMatch(/^250 /);
    await told;
  });
});

test('the message has everything a test asks for', async () => {
  const inbox = await testInbox();
  const to = ['bob@example.com', 'audit@example.com'];
  await sendRaw({ port: inbox.smtpPort, from: 'bounces@cafe.example', to, content: receipt });
  const mail = await inbox.waitForMail({ from: 'orders@cafe.example', subject: '4711' });

  expect(mail.subject).toBe('Your receipt ☕ for order 4711');
  expect(mail.from.map(({ name, address }) => [name, address])).toEqual([
    ['Café Müller — Bestellungen', 'orders@cafe.example'],
  ]);
  expect(mail.to.map(({ address }) => address)).toEqual(['bob@example.com']);
  expect(mail.cc).toEqual([]);
  expect(mail.replyTo.map(({ address }) => address)).toEqual(['help@cafe.example']);
  expect(mail.date).toEqual(new Date('2026-11-20T09:35:00Z'));
  expect(mail.messageId).toBe('<receipt-4711@cafe.example>');
  expect(mail.envelope).toEqual({ from: 'bounces@cafe.example', to });
  expect(mail.text).toBe('Thank you for your order!\n\nOne flat white: 4.20 €\n');
  expect(mail.html).toContain('<img src="cid:logo@cafe"');
  expect(mail.headers.get('X-None')).toBeUndefined();
  expect(mail.problems).toEqual([]);
  expect(
    mail.attachments.map(({ filename, contentType, cid, size }) => [
      filename,
      contentType,
      cid,
      size,
    ]),
  ).toEqual([
    ['logo.png', 'image/png', 'logo@cafe', png(72, 72, [193, 123, 62]).length],
    ['請求書 2026年11月.pdf', 'application/pdf', undefined, receiptPdf.length],
    ['📊 "numbers" & more.csv', 'text/csv', undefined, 27],
  ]);
  expect(Buffer.from(await mail.attachments[1]!.bytes()).equals(receiptPdf)).toBe(true);
});

test('a message past a limit is kept, and says so', async () => {
  const inbox = await testInbox();
  const deep = Array.from(
    { length: 150 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  );
  await sendRaw({ port: inbox.smtpPort, content: `Subject: deep\r\n${deep.join('')}\r\nx\r\n` });
  const mail = await inbox.waitForMail();
  expect(mail.subject).toBe('deep');
  expect(mail.problems[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', line: 1 });
  expect(mail.problems[0]!.message).toContain("'depth'");
});

describe('what it is called with', () => {
  test.each([
    [
      { two: 'bob@example.com' },
      undefined,
      "'two' is not among the criteria of waitForMail; known",
    ],
    [
      { Subject: 'Reset' },
      undefined,
      "'Subject' is not among the criteria of waitForMail; write 'subject'",
    ],
    [
      'bob@example.com',
      undefined,
      'The criteria of waitForMail must be an object with to, from, subject',
    ],
    [/Reset/, undefined, 'The criteria of waitForMail must be an object'],
    [{ to: ['bob@example.com'] }, undefined, "'to' must be a string or a regular expression"],
    [
      {},
      { timeout: 100 },
      "'timeout' is not among the options of waitForMail; known are timeoutMs",
    ],
    [{}, { timeoutMs: '100' }, "Option 'timeoutMs' must be milliseconds, 0 or more"],
  ])('%j, %j is refused, not taken for any message', async (filter, options, message) => {
    const inbox = await testInbox();
    await deliver(inbox, 'Reset your password');
    await expect(inbox.waitForMail(filter as never, options as never)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(message),
    });
    expect((await inbox.waitForMail({}, soon)).subject).toBe('Reset your password');
  });
});
