// Items as Outlook and others write them, read as messages.
import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import {
  compressRtf,
  dateToFileTime,
  MapiAttachment,
  MapiMessage,
  MapiRecipient,
  PidLid,
  PidTag,
  PropertyType,
  propertySets,
  readMsg,
  rtfFromHtml,
  writeMsg,
  writeOneOff,
} from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { mailOf, sourceOf } from './kit.ts';

const EXCHANGE = '/O=ORG/OU=UNIT/CN=RECIPIENTS/CN=ANN';

function item(messageClass = 'IPM.Note'): MapiMessage {
  const made = new MapiMessage();
  made.messageClass = messageClass;
  return made;
}

describe('who an item is from', () => {
  it('is its internet address, wherever the item has it', async () => {
    const bySmtp = item();
    bySmtp.properties
      .set(PidTag.SentRepresentingName, 'Ann')
      .set(PidTag.SentRepresentingAddressType, 'EX')
      .set(PidTag.SentRepresentingEmailAddress, EXCHANGE)
      .set(PidTag.SentRepresentingSmtpAddress, 'ann@x.example');
    const byEntry = item();
    const entry = { name: 'Ann', addressType: 'SMTP', address: 'ann@x.example' };
    byEntry.properties
      .set(PidTag.SentRepresentingName, 'Ann')
      .set(PidTag.SentRepresentingEntryId, writeOneOff(entry));
    const byKey = item();
    byKey.properties
      .set(PidTag.SenderName, 'Ann')
      .set(PidTag.SenderSearchKey, Buffer.from('SMTP:ANN@X.EXAMPLE\0', 'latin1'));
    const byRecipient = item();
    byRecipient.properties
      .set(PidTag.SentRepresentingName, 'Ann')
      .set(PidTag.SentRepresentingAddressType, 'EX')
      .set(PidTag.SentRepresentingEmailAddress, EXCHANGE.toLowerCase());
    const self = MapiRecipient.of('cc', 'ann@x.example', 'Ann');
    self.properties.set(PidTag.AddressType, 'EX').set(PidTag.EmailAddress, EXCHANGE);
    byRecipient.recipients.push(self);
    for (const one of [bySmtp, byEntry, byKey, byRecipient]) {
      expect((await mailOf(one)).from.map(String)).toEqual(['Ann <ann@x.example>']);
    }
  });

  it('is told when there is none, and such a message is not sent', async () => {
    const made = item();
    made.properties
      .set(PidTag.SentRepresentingName, 'Ann')
      .set(PidTag.SentRepresentingAddressType, 'EX')
      .set(PidTag.SentRepresentingEmailAddress, EXCHANGE);
    made.recipients.push(MapiRecipient.of('to', 'b@x.example'));
    const message = await mailOf(made);
    expect(message.from.map((one) => ({ ...one }))).toEqual([
      { name: 'Ann', address: 'IMCEAEX-_O=ORG_OU=UNIT_CN=RECIPIENTS_CN=ANN@exchange.invalid' },
    ]);
    const unnamed = item();
    unnamed.properties.set(PidTag.SenderEmailAddress, 'a@x.example');
    const nobody = new MapiRecipient();
    nobody.properties.set(PidTag.DisplayName, 'Bob').set(PidTag.RecipientType, 1);
    unnamed.recipients.push(nobody);
    const read = await mailOf(unnamed);
    expect(read.to.map((one) => ({ ...one }))).toEqual([{ name: 'Bob', address: '' }]);
    expect(() => read.envelope()).toThrow(/"" is not an address/);
  });

  it('and who sent it for them are two', async () => {
    const made = item();
    made.properties
      .set(PidTag.SentRepresentingName, 'Boss')
      .set(PidTag.SentRepresentingSmtpAddress, 'boss@x.example')
      .set(PidTag.SenderName, 'Aide')
      .set(PidTag.SenderSmtpAddress, 'aide@x.example');
    const message = await mailOf(made);
    expect(message.from.map(String)).toEqual(['Boss <boss@x.example>']);
    expect(String(message.sender)).toBe('Aide <aide@x.example>');
  });
});

describe('the header of an item', () => {
  it('is the one it arrived with, completed with what that lacks', async () => {
    const made = item();
    made.subject = 'changed later';
    made.properties.set(
      PidTag.TransportMessageHeaders,
      [
        'Microsoft Mail Internet Headers Version 2.0',
        'Received: by mx.example; Fri, 20 Nov 2026 10:00:00 +0000',
        'X-Odd:\tfolded',
        '\tline',
        'Subject: first',
        'From: a@x.example',
        'Content-Type: multipart/mixed; boundary=gone',
        'Content-Language: de',
        '',
        '--gone',
        'X-Of-A-Part: 1',
        '',
      ].join('\r\n'),
    );
    made.properties.set(PidTag.InternetMessageId, '<m@x.example>');
    made.recipients.push(MapiRecipient.of('bcc', 'hidden@x.example'));
    made.text = 'text';
    const source = await sourceOf(await mailOf(made));
    expect(source).toBe(
      [
        'Received: by mx.example; Fri, 20 Nov 2026 10:00:00 +0000',
        'X-Odd:\tfolded',
        '\tline',
        'From: a@x.example',
        'Content-Language: de',
        'Bcc: hidden@x.example',
        'Subject: changed later',
        'Message-ID: <m@x.example>',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'text',
      ].join('\r\n'),
    );
  });

  it('of a draft is made of its properties; the one it has tells only what they do not', async () => {
    const draft = item();
    draft.subject = 'now';
    draft.properties
      .set(PidTag.MessageFlags, 9)
      .set(
        PidTag.TransportMessageHeaders,
        'X-Unsent: 1\r\nX-Kept: yes\r\nSubject: then\r\nTo: old@x.example\r\nCc: old@x.example\r\n\r\n',
      );
    draft.recipients.push(MapiRecipient.of('to', 'new@x.example'));
    const message = await mailOf(draft);
    expect(message.subject).toBe('now');
    expect(message.envelope.bind(message)).toThrow(/sender/);
    expect([message.to, message.cc].flat().map(String)).toEqual(['new@x.example']);
    expect(message.headers.get('X-Kept')).toBe('yes');
    expect(message.headers.has('X-Unsent')).toBe(false);
  });

  it('over a limit is left out, not the message', async () => {
    const made = item();
    made.subject = 'kept';
    const many = Array.from({ length: 2001 }, (_, index) => `X-${index}: 1\r\n`).join('');
    made.properties.set(PidTag.TransportMessageHeaders, many);
    expect((await mailOf(made)).subject).toBe('kept');
  });

  it('can not be used to put lines into it', async () => {
    const made = item();
    made.subject = 'a\r\nBcc: evil@x.example';
    made.properties.set(PidTag.SenderName, 'x\r\nX-Evil: 1');
    made.properties.set(PidTag.SenderSmtpAddress, 'a@x.example');
    made.properties.set(PidTag.InReplyToId, '<a@x>\r\nX-Evil: 2');
    const odd = new MapiRecipient();
    odd.properties.set(PidTag.DisplayName, 'n').set(PidTag.EmailAddress, 'a\r\nX-Evil: 3@x>y');
    made.recipients.push(odd);
    const name = 'X-Named';
    const tag = { set: propertySets.internetHeaders, name, type: PropertyType.String };
    made.properties.set(tag, 'v\r\nX-Evil: 4');
    const bad = {
      set: propertySets.internetHeaders,
      name: 'X-A: b\r\nX-Evil',
      type: 0x001f,
    } as const;
    made.properties.set(bad, '5');
    const message = await mailOf(made);
    expect(message.headers.has('X-Evil')).toBe(false);
    expect(message.bcc).toEqual([]);
    expect(message.headers.get('X-Named')).toBe('v X-Evil: 4');
  });
});

describe('the body of an item', () => {
  it('is its HTML by its code page, and pictures by their cid', async () => {
    const made = item();
    const page = Buffer.from('<img src="cid:one@x"><p>\xef\xf0\xe8</p>', 'latin1');
    made.properties.set(PidTag.Html, page).set(PidTag.InternetCodepage, 1251);
    const picture = MapiAttachment.file('p.gif', Uint8Array.of(71, 73, 70));
    picture.properties.set(PidTag.AttachContentId, '<one@x>\0');
    made.attachments.push(picture);
    const message = await mailOf(made);
    expect(message.html).toContain('<p>при</p>');
    expect(message.linkedResources.map(({ cid, contentType }) => [cid, contentType])).toEqual([
      ['one@x', 'image/gif'],
    ]);
  });

  it('is the HTML in its RTF', async () => {
    const made = item();
    made.text = 'plain';
    made.properties.set(PidTag.RtfCompressed, compressRtf(rtfFromHtml('<p>Zażółć 日本</p>')));
    const message = await mailOf(made);
    expect(message.html).toBe('<p>Zażółć 日本</p>');
    expect(message.text).toBe('plain');
  });

  it('that can not be read is left out, not the message', async () => {
    const made = item();
    made.text = 'plain';
    made.properties.set(PidTag.RtfCompressed, Buffer.from('LZFu is not here, it is not'));
    expect((await mailOf(made)).text).toBe('plain');
  });
});

describe('what is attached to an item', () => {
  it('is there octet for octet, under its long name', async () => {
    const made = item();
    const octets = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) & 0xff);
    const file = MapiAttachment.file('Übersicht 日本.txt', octets);
    file.properties.set(PidTag.AttachFilename, 'BERSIC~1.TXT');
    made.attachments.push(file, MapiAttachment.file('empty.bin', new Uint8Array(0)));
    const [text, empty] = (await mailOf(made)).attachments;
    expect(text?.filename).toBe('Übersicht 日本.txt');
    expect(Buffer.from((await text?.bytes()) ?? []).equals(octets)).toBe(true);
    expect(empty?.filename).toBe('empty.bin');
    expect(await empty?.bytes()).toHaveLength(0);
  });

  it('that is large is read when it is asked for, and is there octet for octet', async () => {
    const made = item();
    const octets = Buffer.alloc(5_000_003, 'large and not whole lines of base64 ');
    made.text = 'see the file';
    made.attachments.push(MapiAttachment.file('large.bin', octets));
    const message = await mailOf(made);
    expect(message.root.source.bytes).toBeUndefined();
    const [large] = message.attachments;
    expect(Buffer.from((await large?.bytes()) ?? []).equals(octets)).toBe(true);
    const again = MailMessage.parse(await message.toBytes());
    const [other] = again.attachments;
    expect(Buffer.from((await other?.bytes()) ?? []).equals(octets)).toBe(true);
    expect(message.text?.trim()).toBe('see the file');
  });

  it('that is an item is that item again when it is saved alone', async () => {
    const contact = item('IPM.Contact');
    contact.properties.set(PidTag.GivenName, 'Ann');
    const made = item();
    made.text = 'see';
    made.attachments.push(MapiAttachment.embedded(contact));
    const inner = (await mailOf(made)).attachments[0]?.message;
    const alone = readMsg((await inner?.toBytes('msg')) ?? new Uint8Array(0));
    expect(alone.messageClass).toBe('IPM.Contact');
    expect(alone.properties.get(PidTag.GivenName)).toBe('Ann');
  });

  it('as an object, a link or nothing is told as such', async () => {
    const made = item();
    const object = MapiAttachment.object(writeMsg(item()), 'Drawing');
    const link = new MapiAttachment();
    link.properties
      .set(PidTag.AttachMethod, 7)
      .set(PidTag.AttachLongFilename, 'plan.docx')
      .set(PidTag.AttachLongPathname, 'https://files.example/plan.docx');
    const nothing = new MapiAttachment();
    nothing.properties.set(PidTag.AttachMethod, 2).set(PidTag.AttachLongFilename, 'gone.txt');
    made.attachments.push(object, link, nothing);
    const message = await mailOf(made);
    expect(message.attachments.map(({ contentType, filename }) => [contentType, filename])).toEqual(
      [
        ['application/x-ole-storage', 'Drawing.ole'],
        ['text/uri-list', 'plan.docx'],
      ],
    );
    const [, path] = message.attachments;
    expect(Buffer.from((await path?.bytes()) ?? []).toString()).toBe(
      'https://files.example/plan.docx\r\n',
    );
    expect(message.problems.map(({ code }) => code)).toContain('attachment-missing');
  });
});

describe('items that are no mail', () => {
  it('say as text what they are', async () => {
    const task = item('IPM.Task');
    task.subject = 'Taxes';
    task.properties
      .set(PidLid.TaskStatus, 1)
      .set(PidLid.TaskDueDate, dateToFileTime(new Date('2026-12-01T00:00:00Z')))
      .set(PidLid.PercentComplete, 0.5);
    expect((await mailOf(task)).text).toBe('Status: In progress\nDue: 2026-12-01\nProgress: 50 %');
    const entry = item('IPM.Activity');
    entry.text = 'They want more.';
    entry.properties
      .set(PidLid.LogType, 'Phone call')
      .set(PidLid.LogStart, dateToFileTime(new Date('2026-11-20T10:15:00Z')));
    expect((await mailOf(entry)).text).toBe(
      'Type: Phone call\nStart: 2026-11-20 10:15 UTC\n\nThey want more.',
    );
    const list = item('IPM.DistList');
    list.properties
      .set(PidLid.DistributionListName, 'Team')
      .set(PidLid.DistributionListOneOffMembers, [
        writeOneOff({ name: 'Ann', addressType: 'SMTP', address: 'ann@x.example' }),
      ]);
    expect((await mailOf(list)).text).toContain('Members: Ann <ann@x.example>');
    const note = item('IPM.StickyNote');
    note.text = 'milk';
    expect((await mailOf(note)).text).toBe('milk');
  });

  it('reports become multipart/report, their status made of their recipients', async () => {
    const report = item('REPORT.IPM.Note.NDR');
    report.subject = 'Undeliverable: plan';
    report.text = 'Nobody there.';
    const failed = MapiRecipient.of('to', 'bob@y.example', 'Bob');
    failed.properties
      .set(PidTag.NonDeliveryReportStatusCode, 511)
      .set(PidTag.SupplementaryInfo, '550 no such user');
    report.recipients.push(failed);
    const lost = item();
    lost.subject = 'plan';
    report.attachments.push(MapiAttachment.embedded(lost));
    const message = await mailOf(report);
    expect(message.root.contentType.parameters.get('report-type')).toBe('delivery-status');
    expect(
      message.bounce?.recipients.map(({ address, status, action }) => [address, status, action]),
    ).toEqual([['bob@y.example', '5.1.1', 'failed']]);
    const read = item('REPORT.IPM.Note.IPNRN');
    read.properties
      .set(PidTag.SentRepresentingSmtpAddress, 'bob@y.example')
      .set(PidTag.OriginalMessageId, '<m@x.example>');
    const receipt = (await mailOf(read)).report;
    expect(receipt?.kind === 'receipt' && [receipt.disposition, receipt.originalMessageId]).toEqual(
      ['displayed', 'm@x.example'],
    );
  });
});
