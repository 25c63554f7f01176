// How each peer composes a workload: `prepare(fields)` gives a function that makes one whole message and resolves to its size.

import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';

async function drain(source) {
  let size = 0;
  for await (const chunk of source) size += chunk.length;
  return size;
}

export const composePeers = {
  posthorn: async ({ streamed }) => {
    const { MailMessage } = await import('../dist/index.js');
    return (fields) =>
      streamed
        ? async () => drain((await new MailMessage(fields).render()).pass())
        : async () => (await new MailMessage(fields).toBytes('eml')).length;
  },
  nodemailer: async ({ streamed }) => {
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js');
    return (fields) =>
      streamed
        ? async () => drain(new MailComposer(fields).compile().createReadStream())
        : async () => (await new MailComposer(fields).compile().build()).length;
  },
  emailjs: async () => {
    const { Message } = await import('emailjs');
    return ({ attachments = [], html, ...fields }) => {
      const parts = attachments.map((part) => ({
        name: part.filename,
        type: 'application/octet-stream',
        ...(part.path
          ? { stream: () => createReadStream(part.path) }
          : { data: part.content, encoded: false }),
      }));
      return async () => {
        const list = parts.map((part) => (part.stream ? { ...part, stream: part.stream() } : part));
        const alternative = html ? [{ data: html, alternative: true }] : [];
        const stream = new Message({ ...fields, attachment: [...alternative, ...list] }).stream();
        let size = 0;
        const sink = new Writable({
          write(chunk, _encoding, done) {
            size += chunk.length;
            done();
          },
        });
        await new Promise((resolve, reject) => {
          stream
            .on('error', reject)
            .on('data', (chunk) => sink.write(chunk))
            .on('end', resolve);
        });
        return size;
      };
    };
  },
  mimetext: async ({ streamed }) => {
    if (streamed) return undefined;
    const { createMimeMessage } = await import('mimetext');
    const split = (text) => {
      const [, name, addr] = /^(.*) <(.*)>$/.exec(text);
      return { name, addr };
    };
    return (fields) => {
      const sender = split(fields.from);
      const recipient = split(fields.to);
      return async () => {
        const message = createMimeMessage();
        message.setSender(sender);
        message.setRecipient(recipient);
        message.setSubject(fields.subject);
        message.addMessage({ contentType: 'text/plain', data: fields.text });
        if (fields.html) message.addMessage({ contentType: 'text/html', data: fields.html });
        for (const part of fields.attachments ?? []) {
          message.addAttachment({
            filename: part.filename,
            contentType: 'application/octet-stream',
            data: part.content.toString('base64'),
          });
        }
        // The octets that would go on the wire, as with the others; asRaw alone gives a string.
        return Buffer.from(message.asRaw()).length;
      };
    };
  },
};
