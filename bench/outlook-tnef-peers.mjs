// Who reads TNEF: each gives a function that reads a file to its attachments and gives how many octets they have.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const tnefPeers = {
  posthorn: async () => {
    const { readTnef } = await import('../dist/outlook.js');
    return (bytes) => {
      const { attachments, subject, html } = readTnef(bytes);
      if (subject === '' || html === undefined) throw new Error('not read');
      return attachments.reduce((sum, attachment) => sum + attachment.bytes().length, 0);
    };
  },
  'node-tnef': async () => {
    const { parseBuffer } = require('node-tnef');
    return (bytes) =>
      new Promise((resolve, reject) => {
        parseBuffer(bytes, (error, content) => {
          if (error) reject(error);
          else resolve(content.Attachments.reduce((sum, { Data }) => sum + Data.length, 0));
        });
      });
  },
};
