// `node tools/score-round-trips.mjs`: every message of a corpus of real mail to other formats and back. EMLX has to give the
// same octets; MHT the same subject, addresses, date, texts and attachments. The corpus is no part of the project: it is looked
// for beside it (../shared/corpus) or where POSTHORN_CORPUS says.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'mail'))) {
  console.log('score-round-trips: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { MailMessage } = await import(join(dist, 'index.js'));
const { detectFormat } = await import(join(dist, 'convert.js'));

const addresses = (list) =>
  list.map(({ name, address, members }) => [name, address, members?.length]);
const trimmed = (text) => (text ?? '').replaceAll(/\r\n?/g, '\n').replace(/\n+$/, '');

/** What has to be the same after a way through another format. */
async function essence(message) {
  const { from, to, cc, bcc, subject, date, messageId, text, html } = message;
  const attachments = await Promise.all(
    message.attachments.map(async (part) => {
      const octets = Buffer.from(await part.bytes()).toString('latin1');
      // Text that is written anew gets the line ends of mail.
      const isText = /^(?:message|text)\//.test(part.contentType);
      return isText ? octets.replaceAll(/\r\n?/g, '\n').replace(/\n+$/, '') : octets;
    }),
  );
  return {
    subject,
    from: addresses(from),
    to: addresses(to),
    cc: addresses(cc),
    bcc: addresses(bcc),
    date: date?.getTime(),
    messageId,
    text: trimmed(text),
    html: trimmed(html),
    attachments: attachments.sort(),
  };
}

/** The names of what differs. */
function differences(before, after) {
  return Object.keys(before).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

const ways = {
  emlx: async (message, bytes) => {
    const back = await MailMessage.load(await message.toBytes('emlx'), { format: 'emlx' });
    return Buffer.from(await back.toBytes()).equals(bytes) ? [] : ['octets'];
  },
  mht: async (message) => {
    const back = await MailMessage.load(await message.toBytes('mht'), { format: 'mht' });
    return differences(await essence(message), await essence(back));
  },
  json: async (message) => {
    const back = await MailMessage.load(await message.toBytes('json'), { format: 'json' });
    return differences(await essence(message), await essence(back));
  },
};
const wanted = process.argv.slice(2).filter((name) => name in ways);
const chosen = wanted.length > 0 ? wanted : Object.keys(ways);
const kept = Object.fromEntries(chosen.map((name) => [name, 0]));
let messages = 0;
for (const name of readdirSync(join(corpus, 'mail'), { recursive: true })) {
  const path = join(corpus, 'mail', name);
  if (!statSync(path).isFile() || (await detectFormat(path)) !== 'eml') continue;
  messages++;
  const message = await MailMessage.load(path, { format: 'eml' });
  const bytes = Buffer.from(await message.toBytes());
  for (const way of chosen) {
    const found = await ways[way](message, bytes).catch((error) => [String(error)]);
    if (found.length === 0) kept[way]++;
    else console.log(`${name}: ${way}: ${found.join(', ')}`);
  }
}
for (const way of chosen)
  console.log(`${way}: ${kept[way]} of ${messages} messages came back the same`);
