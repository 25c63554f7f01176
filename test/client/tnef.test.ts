import { Buffer } from 'node:buffer';
import { MailMessage, MemoryTransport, SmtpClient, send } from 'posthorn';
import { type Inbox, startInbox } from 'posthorn/inbox';
import { PidTag, readTnef } from 'posthorn/outlook';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, letter } from './kit.ts';

let inbox: Inbox;
beforeAll(async () => {
  inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
});
afterAll(() => inbox.close());
beforeEach(() => inbox.clear());

const fields = {
  ...letter,
  html: '<p>Hi <b>Bob</b></p>',
  attachments: [{ filename: 'plan.txt', content: 'the plan' }],
};
const keyOf = (bytes: Uint8Array | undefined): string =>
  Buffer.from(
    readTnef(bytes ?? new Uint8Array(0)).properties.get(PidTag.TnefCorrelationKey) ?? [],
  ).toString();

describe('tnef', () => {
  it('sends any message packed, by option of the call', async () => {
    const transport = new MemoryTransport();
    const receipt = await transport.send({ ...fields, bcc: 'hidden@example.com' }, { tnef: true });
    const [kept] = transport.messages;
    expect(kept?.envelope.to).toEqual(['bob@example.org', 'hidden@example.com']);
    expect(kept?.message.attachments.map(({ filename }) => filename)).toEqual(['winmail.dat']);
    expect(kept?.message.text?.trim()).toBe('Hi Bob');
    expect(receipt.messageId).toBe(kept?.message.messageId);
    expect(keyOf(await kept?.message.attachments[0]?.bytes())).toBe(`${receipt.messageId}\0`);
    const opened = await MailMessage.load(kept?.raw ?? new Uint8Array(0));
    expect(opened.html).toContain('<b>Bob</b>');
    expect(opened.attachments.map(({ filename }) => filename)).toEqual(['plan.txt']);
  });

  it('is a default of the client, which a call overrules', async () => {
    await using client = new SmtpClient({
      host: '127.0.0.1',
      port: inbox.smtpPort,
      security: 'none',
      tnef: true,
    });
    const message = new MailMessage(fields);
    const receipt = await client.send(message);
    expect(receipt.messageId).toBe(message.messageId);
    await client.send({ ...fields, subject: 'plain' }, { tnef: false });
    const packed = await inbox.waitForMail({ subject: 'Hello' }, { timeoutMs: 3000 });
    const plain = await inbox.waitForMail({ subject: 'plain' }, { timeoutMs: 3000 });
    expect(packed.attachments.map(({ filename }) => filename)).toEqual(['winmail.dat']);
    expect(plain.attachments.map(({ filename }) => filename)).toEqual(['plan.txt']);
  });

  it('is taken by send', async () => {
    const server = {
      host: '127.0.0.1',
      port: inbox.smtpPort,
      security: 'none',
      tnef: true,
    } as const;
    await send(fields, server);
    const mail = await inbox.waitForMail({}, { timeoutMs: 3000 });
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['winmail.dat']);
  });

  it('is an option beside the server', async () => {
    const server = `smtp://127.0.0.1:${inbox.smtpPort}?security=none`;
    await send(fields, server, { tnef: true });
    await send('ann@example.com', 'bob@example.org', 'strings', 'Hi', server, { tnef: true });
    for (const subject of ['Hello', 'strings']) {
      const mail = await inbox.waitForMail({ subject }, { timeoutMs: 3000 });
      expect(mail.attachments.map(({ filename }) => filename)).toEqual(['winmail.dat']);
    }
  });

  it('holds for many messages, each with a key of its own', async () => {
    await using client = new SmtpClient({
      host: '127.0.0.1',
      port: inbox.smtpPort,
      security: 'none',
    });
    const messages = Array.from(
      { length: 5 },
      (_, index) => new MailMessage({ ...fields, subject: `${index}` }),
    );
    const report = await client.bulkSend(messages, { tnef: true });
    expect(report.sent).toBe(5);
    for (const message of messages) {
      const mail = await inbox.waitForMail({ subject: message.subject }, { timeoutMs: 3000 });
      const received = await MailMessage.load(mail.raw, { tnef: 'keep' });
      expect(received.headers.get('X-MS-TNEF-Correlator')).toBe(message.messageId);
      expect(keyOf(await received.attachments[0]?.bytes())).toBe(`${message.messageId}\0`);
    }
  });

  it('is true or false', async () => {
    const transport = new MemoryTransport();
    const wrong = { code: 'OPTION_INVALID', message: "Option 'tnef' must be true or false" };
    expect(await errorOf(() => transport.send(fields, { tnef: 1 as never }))).toMatchObject(wrong);
    expect(await errorOf(() => new SmtpClient({ host: 'x', tnef: 'yes' as never }))).toMatchObject(
      wrong,
    );
    await using client = new SmtpClient({ host: 'x' });
    expect(await errorOf(() => client.bulkSend([fields], { tnef: 1 as never }))).toMatchObject(
      wrong,
    );
  });

  it('fails before anything is sent when the message can not be packed', async () => {
    const transport = new MemoryTransport();
    const signed = MailMessage.parse(
      'From: a@example.com\r\nTo: b@example.com\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--',
    );
    expect(await errorOf(() => transport.send(signed, { tnef: true }))).toMatchObject({
      code: 'MESSAGE_PROTECTED',
    });
    const missing = { ...fields, attachments: [{ path: 'no-such-file' }] };
    expect(await errorOf(() => transport.send(missing, { tnef: true }))).toMatchObject({
      code: 'MESSAGE_ATTACHMENT_UNREADABLE',
    });
    expect(transport.messages).toEqual([]);
  });
});
