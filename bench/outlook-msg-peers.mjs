// Who reads and writes MSG. A reader gives how many octets of text, HTML and attachments it found, a writer how many it wrote.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const readers = {
  posthorn: async () => {
    const { decompressRtf, htmlFromRtf, PidTag, readMsg } = await import('../dist/outlook.js');
    const bodyOf = (message) => {
      const rtf = message.html === undefined && message.properties.get(PidTag.RtfCompressed);
      return message.html ?? (rtf ? htmlFromRtf(decompressRtf(rtf)) : '');
    };
    return (bytes, withHtml) => {
      const message = readMsg(bytes);
      let found = message.subject.length + (message.text?.length ?? 0);
      for (const { name } of message.recipients) found += name.length;
      for (const attachment of message.attachments) found += attachment.bytes().length;
      return withHtml ? found + (bodyOf(message)?.length ?? 0) : found;
    };
  },
  msgreader: async () => {
    const { default: MsgReader } = require('@kenjiuno/msgreader');
    const { decompressRTF } = require('@kenjiuno/decompressrtf');
    const { deEncapsulateSync } = require('rtf-stream-parser');
    const iconv = require('iconv-lite');
    const htmlOf = ({ html, bodyHtml, compressedRtf }) => {
      if (bodyHtml !== undefined) return bodyHtml;
      if (html !== undefined) return Buffer.from(html).toString();
      if (compressedRtf === undefined) return '';
      const rtf = Buffer.from(decompressRTF(Array.from(compressedRtf)));
      return deEncapsulateSync(rtf, { decode: iconv.decode, mode: 'html', warn: () => {} }).text;
    };
    return (bytes, withHtml) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const reader = new MsgReader(view);
      const data = reader.getFileData();
      let found = (data.subject ?? '').length + (data.body ?? '').length;
      for (const { name } of data.recipients) found += name.length;
      for (const each of data.attachments) {
        if (each.innerMsgContent !== true) found += reader.getAttachment(each).content.length;
      }
      return withHtml ? found + htmlOf(data).length : found;
    };
  },
};

/** Makes the item that a mail is. */
const itemMaker = async () => {
  const { MapiAttachment, MapiMessage, MapiRecipient, PidTag } = await import('../dist/outlook.js');
  return ({ subject, text, html, to, files }) => {
    const message = new MapiMessage();
    message.subject = subject;
    message.text = text;
    message.properties
      .set(PidTag.Html, Buffer.from(html))
      .set(PidTag.InternetCodepage, 65_001)
      .set(PidTag.SenderName, 'Ann')
      .set(PidTag.SenderEmailAddress, 'ann@example.com');
    message.recipients = to.map((address) => MapiRecipient.of('to', address));
    message.attachments = files.map(({ name, content }) => MapiAttachment.file(name, content));
    return message;
  };
};

export const writers = {
  posthorn: async () => {
    const { writeMsg } = await import('../dist/outlook.js');
    const make = await itemMaker();
    return (mail) => writeMsg(make(mail)).length;
  },
  'posthorn, piece by piece': async () => {
    const { streamMsg } = await import('../dist/outlook.js');
    const make = await itemMaker();
    return async (mail) => {
      let octets = 0;
      for await (const chunk of streamMsg(make(mail))) octets += chunk.length;
      return octets;
    };
  },
  oxmsg: async () => {
    const { Attachment, Email } = await import('@tutao/oxmsg');
    return ({ subject, text, html, to, files }) => {
      const email = new Email(false, false).subject(subject).bodyText(text).bodyHtml(html);
      email.sender('ann@example.com', 'Ann');
      for (const address of to) email.to(address);
      for (const { name, content } of files) email.attach(new Attachment(content, name));
      return email.msg().length;
    };
  },
};
