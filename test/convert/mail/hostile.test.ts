// Items that nobody wrote for us: any text anywhere gives a message, and no line of it that is not ours.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { mailFromMapi } from 'posthorn/convert';
import {
  MapiAttachment,
  MapiMessage,
  MapiRecipient,
  PidName,
  PidTag,
  PropertyType,
  propertySets,
  writeMsg,
} from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { itemOf } from './kit.ts';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ maxLength: 30, unit: 'binary' }),
  fc.constantFrom(
    'a\r\nX-Evil: 1',
    'x\r\n\r\n--boundary',
    '\0\0',
    '=?utf-8?Q?=0D=0AX-Evil:_1?=',
    '<a@x.example>\r\n X-Evil: 1',
    'stand-in-0@posthorn.invalid',
    'a@x.example, b@x.example',
    `${'long '.repeat(400)}end`,
    '\ud800',
  ),
);
const octets = fc.uint8Array({ maxLength: 60 });
const strings = [
  PidTag.Subject,
  PidTag.SentRepresentingName,
  PidTag.SentRepresentingAddressType,
  PidTag.SentRepresentingEmailAddress,
  PidTag.SenderSmtpAddress,
  PidTag.InternetMessageId,
  PidTag.InternetReferences,
  PidTag.InReplyToId,
  PidTag.ListUnsubscribe,
  PidTag.ConversationTopic,
  PidTag.Body,
  PidTag.TransportMessageHeaders,
] as const;
const binaries = [
  PidTag.SentRepresentingEntryId,
  PidTag.SenderSearchKey,
  PidTag.ReplyRecipientEntries,
  PidTag.ConversationIndex,
  PidTag.Html,
  PidTag.RtfCompressed,
] as const;

const item = fc.record({
  messageClass: fc.constantFrom(
    'IPM.Note',
    'IPM.Note.SMIME.MultipartSigned',
    'IPM.Note.SMIME',
    'REPORT.IPM.Note.NDR',
    'REPORT.IPM.Note.IPNRN',
    'IPM.Task',
    'IPM.Contact',
    'IPM.Appointment',
    'IPM.Schedule.Meeting.Request',
  ),
  strings: fc.array(fc.tuple(fc.nat(strings.length - 1), text), { maxLength: 8 }),
  binaries: fc.array(fc.tuple(fc.nat(binaries.length - 1), octets), { maxLength: 4 }),
  headers: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  people: fc.array(fc.tuple(text, text, text), { maxLength: 3 }),
  files: fc.array(fc.tuple(text, text, text, octets), { maxLength: 3 }),
  flags: fc.constantFrom(0, 1, 8),
});

function build(from: typeof item extends fc.Arbitrary<infer T> ? T : never): MapiMessage {
  const made = new MapiMessage();
  const { properties } = made;
  made.messageClass = from.messageClass;
  properties.set(PidTag.MessageFlags, from.flags);
  for (const [index, value] of from.strings)
    properties.set(strings[index] ?? PidTag.Subject, value);
  for (const [index, value] of from.binaries) properties.set(binaries[index] ?? PidTag.Html, value);
  for (const [name, value] of from.headers) {
    const set = propertySets.internetHeaders;
    properties.set({ set, name, type: PropertyType.String }, value);
  }
  properties.set(
    PidName.Keywords,
    from.headers.map(([name]) => name),
  );
  for (const [name, address, type] of from.people) {
    const recipient = new MapiRecipient();
    recipient.properties
      .set(PidTag.DisplayName, name)
      .set(PidTag.EmailAddress, address)
      .set(PidTag.AddressType, type);
    made.recipients.push(recipient);
  }
  for (const [name, type, cid, content] of from.files) {
    const file = MapiAttachment.file(name, content);
    file.properties.set(PidTag.AttachMimeTag, type).set(PidTag.AttachContentId, cid);
    file.properties.set(PidTag.AttachContentLocation, type).set(PidTag.AttachDisposition, cid);
    made.attachments.push(file);
  }
  return made;
}

describe('items from anywhere', () => {
  it('become messages that say nothing but what is in them', async () => {
    await fc.assert(
      fc.asyncProperty(item, async (from) => {
        const made = build(from);
        const message = await mailFromMapi(made);
        const source = Buffer.from(await message.toBytes());
        const [header = ''] = source.toString('latin1').split('\r\n\r\n', 1);
        const own = made.properties.get(PidTag.TransportMessageHeaders) ?? '';
        // Of the header that a message arrived with, every line is kept.
        if (!own.includes('X-Evil')) expect(header).not.toMatch(/^X-Evil:/m);
        const again = MailMessage.parse(source);
        expect(again.attachments).toHaveLength(message.attachments.length);
        expect(again.html).toBe(message.html);
        writeMsg(await itemOf(again));
      }),
      { numRuns: 80 },
    );
  });

  it('of any octets become items, whatever mail they are', async () => {
    const line = fc.oneof(
      text,
      fc.constantFrom(
        'Content-Type: multipart/mixed; boundary=b',
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        'Content-Type: message/rfc822',
        'Content-Type: text/calendar; method=REQUEST',
        'Content-Type: text/html; charset=utf-16',
        'From: a@x.example, b@x.example',
        'To: a:;, =?utf-8?B?4pyT?= <c@x.example>',
        'Date: Fri, 31 Feb 99999 25:61:61 +9999',
        'Thread-Index: !!!!',
        '--b',
        '--b--',
        '',
        '',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const message = MailMessage.parse(`X: y\r\n${lines.join('\r\n')}`);
        const back = await MailMessage.load(await message.toBytes('msg'), { format: 'msg' });
        expect(back.subject.replace(/\s+/g, ' ').trim()).toBe(
          message.subject.replace(/[\s\0-\x1f\x7f]+/g, ' ').trim(),
        );
        expect(back.attachments).toHaveLength(message.attachments.length);
      }),
      { numRuns: 80 },
    );
  });
});
