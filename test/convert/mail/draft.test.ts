// Messages that were composed, saved as MSG or OFT to be opened in Outlook, and loaded again.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { type AddressInput, AlternateView, MailMessage } from 'posthorn';
import { decompressRtf, htmlFromRtf, PidTag } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { itemOf, through } from './kit.ts';

const word = fc.stringMatching(/^[A-Za-zäöüßéñ日本語ЖДя🙂]{1,12}$/u);
const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));
const html = line.map((words) => `<p class="x">${words} <b>{bold}</b> &nbsp;\\ &lt;</p>\n<br>\n`);
const mailbox = fc
  .tuple(fc.option(line, { nil: '' }), fc.stringMatching(/^[a-z][a-z0-9.]{0,8}[a-z0-9]$/))
  .filter(([, local]) => !local.includes('..'))
  .map(([name, local]) => ({ name, address: `${local}@x.example` }));
const people = fc.array(mailbox, { maxLength: 3 });
const file = fc.record({
  filename: fc.tuple(word, fc.constantFrom('.pdf', '.txt', '.tar.gz', '')).map((it) => it.join('')),
  content: fc.uint8Array({ maxLength: 300 }),
});

const plain = (list: readonly { name: string }[]): unknown[] => list.map((one) => ({ ...one }));
const lines = (value: string | undefined): string | undefined => value?.replaceAll('\r\n', '\n');

describe('a draft', () => {
  it('comes back from MSG and OFT with all that it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          from: mailbox,
          to: people,
          cc: people,
          bcc: people,
          replyTo: people,
          subject: fc.oneof(
            line,
            line.map((it) => `Re: ${it}`),
          ),
          text: fc.option(text, { nil: undefined }),
          html: fc.option(html, { nil: undefined }),
          priority: fc.constantFrom('high', 'normal', 'low'),
          sensitivity: fc.constantFrom('normal', 'personal', 'private', 'company-confidential'),
          attachments: fc.array(file, { maxLength: 3 }),
          campaign: fc.option(line, { nil: undefined }),
        }),
        fc.constantFrom('msg', 'oft'),
        async ({ campaign, ...fields }, format) => {
          const message = new MailMessage({
            ...(fields as typeof fields & { from: AddressInput }),
            inReplyTo: '<one@x.example>',
            references: ['<zero@x.example>', '<one@x.example>'],
            date: new Date(1_700_000_000_000),
            headers: campaign === undefined ? {} : { 'X-Campaign': campaign },
          });
          const back = await through(message, format as 'msg');
          expect(plain(back.from)).toEqual(plain(message.from));
          expect(plain(back.to)).toEqual(plain(message.to));
          expect(plain(back.cc)).toEqual(plain(message.cc));
          expect(plain(back.bcc)).toEqual(plain(message.bcc));
          expect(plain(back.replyTo)).toEqual(plain(message.replyTo));
          expect(back.subject).toBe(message.subject);
          expect(back.messageId).toBe(message.messageId);
          expect(back.date).toEqual(message.date);
          expect(back.inReplyTo).toEqual(message.inReplyTo);
          expect(back.references).toEqual(message.references);
          expect(back.priority).toBe(message.priority);
          expect(back.sensitivity).toBe(message.sensitivity);
          expect(back.headers.get('X-Campaign')).toBe(campaign);
          expect(lines(back.text)).toBe(message.text ?? (message.html ? undefined : back.text));
          expect(lines(back.html)).toBe(message.html);
          // Outlook reads the RTF.
          const { properties } = await itemOf(message);
          const rtf = properties.get(PidTag.RtfCompressed);
          if (message.html && rtf)
            expect(lines(htmlFromRtf(decompressRtf(rtf)))).toBe(message.html);
          expect(back.attachments.map(({ filename }) => filename)).toEqual(
            message.attachments.map(({ filename }) => filename),
          );
          for (const [index, attachment] of message.attachments.entries()) {
            const octets = await back.attachments[index]?.bytes();
            expect(Buffer.from(octets ?? []).equals(await attachment.bytes())).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is opened by Outlook to be sent: the flag, plain text and RTF, no header of its own', async () => {
    const message = new MailMessage({
      from: 'Ann <ann@x.example>',
      to: 'bob@y.example',
      subject: 'RE: Plan',
      html: '<p>Grüße</p>',
    });
    const { properties, recipients } = await itemOf(message);
    expect(properties.get(PidTag.MessageFlags)).toBe(0x01 | 0x08 | 0x20);
    expect(properties.get(PidTag.Body)).toContain('Grüße');
    expect(properties.get(PidTag.RtfInSync)).toBe(true);
    const rtf = properties.get(PidTag.RtfCompressed) ?? new Uint8Array(0);
    expect(htmlFromRtf(decompressRtf(rtf))).toBe('<p>Grüße</p>');
    expect(properties.has(PidTag.TransportMessageHeaders)).toBe(false);
    expect(properties.get(PidTag.SubjectPrefix)).toBe('RE: ');
    expect(properties.get(PidTag.NormalizedSubject)).toBe('Plan');
    expect(properties.get(PidTag.StoreSupportMask)).toBe(0x40e79);
    expect(recipients[0]?.address).toBe('bob@y.example');
    expect(properties.get(PidTag.DisplayTo)).toBe('bob@y.example');
    const key = recipients[0]?.properties.get(PidTag.SearchKey) ?? new Uint8Array(0);
    expect(Buffer.from(key).toString('latin1')).toBe('SMTP:BOB@Y.EXAMPLE\0');
  });

  it('that was saved as such is sent with an identifier and a date, new ones each time it is loaded', async () => {
    const message = new MailMessage({ from: 'ann@x.example', to: 'bob@y.example', text: 'hi' });
    const item = await itemOf(message);
    item.properties.delete(PidTag.InternetMessageId);
    item.properties.delete(PidTag.ClientSubmitTime);
    const { writeMsg } = await import('posthorn/outlook');
    const one = await MailMessage.load(writeMsg(item));
    const other = await MailMessage.load(writeMsg(item));
    expect(one.messageId).toMatch(/^<[\w-]{20}@x\.example>$/);
    expect(other.messageId).not.toBe(one.messageId);
    expect(Math.abs((one.date?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('keeps pictures of its HTML where they were', async () => {
    const message = new MailMessage({
      from: 'ann@x.example',
      html: '<img src="cid:logo@x">',
      linkedResources: [{ cid: 'logo@x', filename: 'l.png', content: Uint8Array.of(1, 2, 3) }],
      attachments: [{ filename: 'a.bin', content: Uint8Array.of(9) }],
    });
    const item = await itemOf(message);
    const picture = item.attachments.find(({ fileName }) => fileName === 'l.png');
    expect(picture?.properties.get(PidTag.AttachContentId)).toBe('logo@x');
    expect(picture?.properties.get(PidTag.AttachFlags)).toBe(4);
    expect(picture?.properties.get(PidTag.AttachmentHidden)).toBe(true);
    const back = await through(message, 'msg');
    expect(back.linkedResources.map(({ cid }) => cid)).toEqual(['logo@x']);
    expect(back.root.contentType.value).toBe('multipart/mixed');
    expect(back.root.parts[0]?.contentType.value).toBe('multipart/related');
  });

  it('keeps messages in it to any depth', async () => {
    const inner = new MailMessage({ from: 'c@x.example', subject: 'inner', text: 'deep' });
    const middle = new MailMessage({
      from: 'b@x.example',
      subject: 'middle',
      attachments: [inner],
    });
    const back = await through(
      new MailMessage({ from: 'a@x.example', subject: 'outer', text: 'x', attachments: [middle] }),
      'msg',
    );
    const found = back.attachments[0]?.message;
    expect(found?.subject).toBe('middle');
    expect(found?.attachments[0]?.message?.subject).toBe('inner');
    expect(found?.attachments[0]?.message?.text?.trim()).toBe('deep');
  });

  it('keeps other forms of the text, as attachments that Outlook does not list', async () => {
    const message = new MailMessage({
      from: 'a@x.example',
      text: 'hi',
      html: '<p>hi</p>',
      alternateViews: [new AlternateView('<b>watch</b>', 'text/watch-html')],
    });
    const [hidden] = (await itemOf(message)).attachments;
    expect(hidden?.properties.get(PidTag.AttachmentHidden)).toBe(true);
    const back = await through(message, 'msg');
    expect(back.root.parts.map(({ contentType }) => contentType.value)).toEqual([
      'text/plain',
      'text/watch-html',
      'text/html',
    ]);
    expect(back.alternateViews.map(({ content }) => content)).toEqual(['<b>watch</b>']);
  });
});
