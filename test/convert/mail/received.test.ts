// Messages that were read, saved as MSG, and loaded again: what came stays as it came.
import { Buffer } from 'node:buffer';
import { MailAddress, type MailGroup, MailMessage } from 'posthorn';
import { mailFromMapi, mapiFromMail } from 'posthorn/convert';
import { fileTimeToDate, PidLid, PidTag, PropertyType, propertySets } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { eml, itemOf, mailOf, sourceOf, through } from './kit.ts';

const HEADER = [
  'Received: from mx.example by in.example; Fri, 20 Nov 2026 10:00:05 +0000',
  'Received: from a.example by mx.example; Fri, 20 Nov 2026 10:00:01 +0000',
  'X-Two: one',
  'From: =?utf-8?Q?J=C3=BCrgen?= <j@x.example>',
  'To: Team: a@x.example, Bob <b@x.example>;, c@x.example',
  'Cc: d@x.example',
  'Subject: AW: =?iso-8859-1?Q?Gr=FC=DFe?=',
  'Date: Fri, 20 Nov 2026 11:00:00 +0100',
  'Message-ID: <m1@x.example>',
  'References: <r0@x.example> <r1@x.example>',
  'Thread-Index: AdQuBuNVcXFyhoMZQGeDpRLgoz2jXQ==',
  'X-Two: two',
  'Importance: high',
  'Keywords: Red, Blue',
];

describe('a message that was read', () => {
  it('keeps its header, field for field, but for what says how the body is written', async () => {
    const message = eml(...HEADER, 'MIME-Version: 1.0', 'Content-Type: text/plain', '', 'Hello');
    const source = await sourceOf(await through(message, 'msg'));
    expect(source.startsWith(`${HEADER.join('\r\n')}\r\nMIME-Version: 1.0\r\n`)).toBe(true);
    expect(source.endsWith('\r\n\r\nHello\r\n')).toBe(true);
  });

  it('has the look of mail that arrived', async () => {
    const { properties, recipients } = await itemOf(eml(...HEADER, '', 'Hello'));
    expect(properties.get(PidTag.MessageFlags)).toBe(1);
    expect(properties.get(PidTag.MessageClass)).toBe('IPM.Note');
    expect(properties.get(PidTag.Subject)).toBe('AW: Grüße');
    expect(properties.get(PidTag.SubjectPrefix)).toBe('AW: ');
    expect(properties.get(PidTag.ConversationTopic)).toBe('Grüße');
    expect(properties.get(PidTag.SenderName)).toBe('Jürgen');
    expect(properties.get(PidTag.SenderSmtpAddress)).toBe('j@x.example');
    expect(properties.get(PidTag.Importance)).toBe(2);
    expect(properties.get(PidTag.InternetMessageId)).toBe('<m1@x.example>');
    expect(properties.get(PidTag.ConversationIndex)).toHaveLength(22);
    expect(properties.get(PidTag.TransportMessageHeaders)).toContain('Received: from mx.example');
    // When the last server took it.
    const arrived = fileTimeToDate(properties.get(PidTag.MessageDeliveryTime) ?? 0n);
    expect(arrived.toISOString()).toBe('2026-11-20T10:00:05.000Z');
    expect(properties.get(PidTag.RtfInSync)).toBe(false);
    expect(properties.get(PidTag.InternetCodepage)).toBe(65001);
    const two = { set: propertySets.internetHeaders, name: 'X-Two', type: PropertyType.String };
    expect(properties.get(two)).toBe('one');
    expect(recipients.map(({ kind, name, address }) => [kind, name, address])).toEqual([
      ['to', 'a@x.example', 'a@x.example'],
      ['to', 'Bob', 'b@x.example'],
      ['to', 'c@x.example', 'c@x.example'],
      ['cc', 'd@x.example', 'd@x.example'],
    ]);
  });

  it('keeps the recipients that others do not see', async () => {
    const message = eml('From: a@x.example', 'Bcc: secret@x.example', 'Subject: s', '', 'x');
    const item = await itemOf(message);
    expect(item.recipients.map(({ kind, address }) => [kind, address])).toEqual([
      ['bcc', 'secret@x.example'],
    ]);
    expect((await mailOf(item)).bcc.map(String)).toEqual(['secret@x.example']);
  });

  it('of HTML alone is given a text for Outlook, and is of HTML alone again', async () => {
    const message = eml('From: a@x.example', 'Content-Type: text/html', '', '<p>Hi <b>you</b></p>');
    const item = await itemOf(message);
    expect(item.text?.trim()).toBe('Hi you');
    const back = await mailOf(item);
    expect(back.text).toBeUndefined();
    expect(back.html).toBe(message.html);
  });

  it('reads HTML in UTF-8 whatever the page says of itself', async () => {
    const page = '<meta charset="windows-1252"><p>日本 é</p>\n';
    const message = new MailMessage({ from: 'a@x.example', html: page, text: 'x' });
    const received = MailMessage.parse(await message.toBytes());
    expect((await through(received, 'msg')).html).toBe(page);
  });

  it('gives parts without a name one for Outlook, which is gone again', async () => {
    const message = eml(
      'From: a@x.example',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'text',
      '--b',
      'Content-Type: image/png',
      '',
      'octets',
      '--b--',
    );
    const item = await itemOf(message);
    expect(item.attachments[0]?.fileName).toBe('ATT00001.png');
    const back = await mailOf(item);
    expect(back.attachments[0]?.filename).toBeUndefined();
    expect(back.text).toBe('text');
  });

  it('keeps a message in it whole', async () => {
    const message = eml(
      'From: a@x.example',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'From: inner@x.example',
      'X-Own: kept',
      'Subject: inner',
      '',
      'within',
      '--b--',
    );
    const back = await through(message, 'msg');
    expect(back.text).toBeUndefined();
    const inner = back.attachments[0]?.message;
    expect(inner?.headers.get('X-Own')).toBe('kept');
    expect(inner?.text).toBe('within');
  });

  it('that came from an item is that item with every property, but for what was changed', async () => {
    const item = await itemOf(eml(...HEADER, '', 'Hello'));
    const own = { id: 0x6701, type: PropertyType.Integer32 } as const;
    item.properties.set(own, 7);
    item.recipients[1]?.properties.set(own, 8);
    item.messageClass = 'IPM.Note.Custom';
    const message = await mailOf(item);
    expect((await itemOf(message)).properties.get(own)).toBe(7);
    message.subject = 'Changed';
    message.cc = [];
    message.priority = 'normal';
    const changed = await itemOf(message);
    expect(changed.messageClass).toBe('IPM.Note.Custom');
    expect(changed.subject).toBe('Changed');
    expect(changed.properties.get(own)).toBe(7);
    expect(changed.properties.get(PidTag.Importance)).toBe(1);
    expect(changed.properties.get(PidTag.TransportMessageHeaders)).toContain('Subject: Changed');
    expect(changed.recipients.map(({ address }) => address)).toEqual([
      'a@x.example',
      'b@x.example',
      'c@x.example',
    ]);
    expect(changed.recipients[1]?.properties.get(own)).toBe(8);
    message.text = 'Other';
    const anew = await itemOf(message);
    expect(anew.text).toBe('Other');
    expect(anew.properties.has(own)).toBe(false);
  });
});

describe('what is lost', () => {
  it('is told, of a message', async () => {
    const losses: string[] = [];
    const note = (code: string, message: string): void => void losses.push(`${code}: ${message}`);
    const signed = eml(
      'DKIM-Signature: v=1',
      'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b',
      '',
      '--b',
      '',
      'text',
      '--b--',
    );
    await mapiFromMail(signed, { note });
    const draft = new MailMessage({
      from: ['a@x.example', 'b@x.example'],
      to: { name: 'Team', members: [new MailAddress('c@x.example')] } as MailGroup,
      text: 'x',
    });
    await mapiFromMail(draft, { note });
    expect(losses).toEqual([
      'signature-lost: the DKIM signature: it is over the message as it was encoded',
      'signature-lost: the signature: Outlook knows only those of S/MIME',
      'headers-lost: of several authors a draft has the first',
      'headers-lost: the names of groups: Team',
    ]);
  });

  it('is told, of an item', async () => {
    const item = await itemOf(eml('From: a@x.example', '', 'x'));
    const { publicStrings } = propertySets;
    item.properties
      .set(PidLid.ReminderSet, true)
      .set(PidTag.FlagStatus, 2)
      .set({ set: publicStrings, name: 'CaseNumber', type: PropertyType.String }, '7');
    const losses: string[] = [];
    await mailFromMapi(item, { note: (code, message) => losses.push(`${code}: ${message}`) });
    expect(losses).toEqual([
      'properties-lost: the reminder',
      'state-lost: the flag for follow-up, but for its text',
      'properties-lost: properties of its own: CaseNumber',
    ]);
  });
});

describe('secured and reported mail', () => {
  const signed = [
    'Content-Type: multipart/signed; micalg=sha-256;',
    '\tprotocol="application/pkcs7-signature"; boundary="s"',
    '',
    'preamble',
    '--s',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Signed \xe9 text  ',
    '--s',
    'Content-Type: application/pkcs7-signature; name=smime.p7s',
    'Content-Transfer-Encoding: base64',
    '',
    'AAECAw==',
    '--s--',
    'epilogue',
    '',
  ].join('\r\n');

  it('signed in the clear comes back octet for octet', async () => {
    const octets = Buffer.from(
      `From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n${signed}`,
      'latin1',
    );
    const message = MailMessage.parse(octets);
    const item = await itemOf(message);
    expect(item.messageClass).toBe('IPM.Note.SMIME.MultipartSigned');
    expect(item.attachments).toHaveLength(1);
    expect(item.text?.trim()).toBe('Signed é text');
    expect(await sourceOf(await mailOf(item))).toBe(octets.toString('latin1'));
  });

  it('changed in its header only, it stays signed', async () => {
    const message = MailMessage.parse(Buffer.from(`From: a@x.example\r\n${signed}`, 'latin1'));
    message.subject = 'new';
    const back = await through(message, 'msg');
    expect(back.subject).toBe('new');
    expect((await sourceOf(back)).endsWith(signed)).toBe(true);
  });

  it('encrypted mail is its octets', async () => {
    const message = eml(
      'From: a@x.example',
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
      'Content-Transfer-Encoding: base64',
      '',
      'MIIBAgME',
    );
    const item = await itemOf(message);
    expect(item.messageClass).toBe('IPM.Note.SMIME');
    expect(Buffer.from(item.attachments[0]?.bytes() ?? []).toString('base64')).toBe('MIIBAgME');
    const back = await mailOf(item);
    expect(back.root.contentType.value).toBe('application/pkcs7-mime');
    expect(back.root.contentType.parameters.get('smime-type')).toBe('enveloped-data');
    expect(Buffer.from(back.root.content()).toString('base64')).toBe('MIIBAgME');
  });

  it('a bounce is a report of Outlook, and the same bounce again', async () => {
    const message = eml(
      'From: mailer@x.example',
      'To: ann@x.example',
      'Subject: failed',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      '',
      'It failed.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; bob@y.example',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Message-ID: <lost@x.example>',
      'Subject: lost',
      '',
      'body',
      '--b--',
    );
    const item = await itemOf(message);
    expect(item.messageClass).toBe('REPORT.IPM.Note.NDR');
    expect(item.recipients[0]?.address).toBe('bob@y.example');
    expect(item.recipients[0]?.properties.get(PidTag.NonDeliveryReportStatusCode)).toBe(511);
    const back = await mailOf(item);
    expect(back.root.contentType.value).toBe('multipart/report');
    expect(back.to.map(String)).toEqual(['ann@x.example']);
    expect(back.bounce?.recipients).toEqual(message.bounce?.recipients);
    expect(back.bounce?.originalMessageId).toBe('lost@x.example');
  });
});
