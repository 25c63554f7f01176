// How each peer reads a message to the last octet; every one gives [attachments, octets in them] to be compared.
import { readFile } from 'node:fs/promises';

const sizeOf = (attachments, octets) =>
  attachments.reduce(([count, sum], part) => [count + 1, sum + octets(part)], [0, 0]);

// The fields that were read as properties.
const PROPERTIES = new Set(['from', 'to', 'cc', 'subject', 'date', 'message-id']);

/** Peer → `kind` → a function from a message's octets (or a file's path) to what was in it. */
export const parsePeers = {
  posthorn: async () => {
    const { MailMessage } = await import('../dist/index.js');
    const { parseEntity } = await import('../dist/mime.js');
    /** Everything that mailparser gives: all headers decoded, addresses, date, text, HTML, attachments. */
    const all = async (message) => {
      const { root, from, to, cc, subject, date, messageId, text, html, attachments } = message;
      const seen = [from, to, cc, subject, date, messageId, text, html];
      for (const field of root.headers.fields) {
        if (!PROPERTIES.has(field.name.toLowerCase())) seen.push(field.value);
      }
      const contents = await Promise.all(attachments.map((part) => part.bytes()));
      return sizeOf(contents, (bytes) => bytes.length);
    };
    return {
      eager: (octets) => all(MailMessage.parse(octets)),
      lazy: async (octets) => {
        const root = parseEntity(octets);
        let attachments = 0;
        let size = root.headers.fields.length;
        for (const { contentType, filename, encoding, rawSize } of root.leaves()) {
          if (filename !== undefined) attachments += 1;
          size += contentType.value.length + encoding.length + rawSize;
        }
        return [attachments, size];
      },
      file: async (path) => all(await MailMessage.load(path)),
      streamed: async (path) => {
        let size = 0;
        let attachments = 0;
        for (const part of (await MailMessage.load(path)).leaves()) {
          if (part.filename === undefined) continue;
          attachments += 1;
          for await (const chunk of part.pass()) size += chunk.length;
        }
        return [attachments, size];
      },
    };
  },
  mailparser: async () => {
    const { simpleParser } = (await import('mailparser')).default;
    const eager = async (octets) =>
      sizeOf((await simpleParser(octets)).attachments, ({ content }) => content.length);
    return { eager, file: async (path) => eager(await readFile(path)) };
  },
  'postal-mime': async () => {
    const { default: PostalMime } = await import('postal-mime');
    const eager = async (octets) =>
      sizeOf((await PostalMime.parse(octets)).attachments, ({ content }) => content.byteLength);
    return { eager, file: async (path) => eager(await readFile(path)) };
  },
  letterparser: async () => {
    const { extract } = await import('letterparser');
    const eager = async (octets) =>
      sizeOf(extract(octets.toString('latin1')).attachments ?? [], ({ body }) => body.length);
    return { eager, file: async (path) => eager(await readFile(path)) };
  },
};
