// `node tools/score-tnef.mjs`: every TNEF of a corpus, by itself and in mail, as `readTnef` gives it and as Debian's programs
// do; every MSG to TNEF and back; every mail packed as TNEF and opened again. The corpus is no part of the project: it is
// looked for beside it (../shared/corpus) or where POSTHORN_CORPUS says. --list names every difference.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'outlook'))) {
  console.log('score-tnef: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { MailMessage } = await import(join(dist, 'index.js'));
const { openTnef, packTnef } = await import(join(dist, 'convert.js'));
const { readMsg, readTnef, writeTnef } = await import(join(dist, 'outlook.js'));

const isListed = process.argv.includes('--list');
const tell = (...words) => isListed && console.log(...words);
const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');
const files = (folder) =>
  readdirSync(join(corpus, folder), { recursive: true })
    .map((path) => join(corpus, folder, path))
    .filter((path) => statSync(path).isFile());
const SIGNATURE = 0x223e9f78;
const isTnef = (bytes) => bytes.length > 6 && Buffer.from(bytes).readUInt32LE(0) === SIGNATURE;
const outlook = files('outlook');
const mail = readFileSync(join(corpus, 'mail', 'manifest.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .filter(({ kind, dup }) => kind === 'mime' && !dup)
  .map(({ file }) => join(corpus, 'mail', file));

/** The TNEF in a file: the file itself, or a part of a mail. */
async function tnefIn(path) {
  const bytes = readFileSync(path);
  if (isTnef(bytes)) return bytes;
  if (!/ms-tnef|winmail/i.test(bytes.toString('latin1'))) return undefined;
  const message = await MailMessage.load(bytes, { format: 'eml', tnef: 'keep' }).catch(
    () => undefined,
  );
  for (const part of message?.attachments ?? []) {
    const content = Buffer.from(await part.bytes());
    if (isTnef(content)) return content;
  }
  return undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'posthorn-score-'));
/** The files that a program takes out of a TNEF, as hashes. */
function extracted(program, args, path) {
  const target = mkdtempSync(join(folder, 'out-'));
  spawnSync(program, args(target, path));
  return readdirSync(target, { encoding: 'buffer' }).map((name) =>
    sha1(readFileSync(Buffer.concat([Buffer.from(`${target}/`), name]))),
  );
}

async function againstPrograms() {
  const totals = { files: 0, attachments: 0, 'missing here': 0, problems: 0 };
  for (const path of [...outlook, ...mail]) {
    const bytes = await tnefIn(path);
    if (!bytes) continue;
    totals.files += 1;
    const item = readTnef(bytes);
    if (item.problems.length > 0) totals.problems += 1;
    const own = new Set(item.attachments.map((one) => sha1(one.bytes())));
    const copy = join(folder, 'winmail.dat');
    writeFileSync(copy, bytes);
    const theirs = extracted(
      'tnef',
      (to, from) => ['-C', to, '-f', from, '--number-backups', '--ignore-checksum'],
      copy,
    );
    totals.attachments += theirs.length;
    // Messages and objects come out of that program as they stand in the stream.
    const others = item.attachments.filter(({ message, storage }) => message || storage).length;
    const missing = theirs.filter((hash) => !own.has(hash)).length - others;
    if (missing > 0) tell('tnef has', missing, 'more of', path);
    totals['missing here'] += Math.max(0, missing);
  }
  return totals;
}

const plain = (value) =>
  value instanceof Uint8Array
    ? sha1(value)
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === 'bigint'
        ? `${value}n`
        : value;
const kindOf = (type) => ({ 30: 31, 4126: 4127 })[type] ?? type;
const bag = (properties) =>
  [...properties]
    .map(({ key, type, value }) => JSON.stringify([key, kindOf(type), plain(value)]))
    .sort();
const everything = ({ properties, recipients, attachments }) => ({
  properties: bag(properties),
  recipients: recipients.map((one) => bag(one.properties)),
  attachments: attachments.map((one) => [
    bag(one.properties),
    one.storage && sha1(one.storage),
    one.message && everything(one.message),
  ]),
});

function throughTnef() {
  const totals = { files: 0, same: 0, accepted: 0 };
  for (const path of outlook.filter((name) => /\.(?:msg|oft)$/i.test(name))) {
    let item;
    try {
      item = readMsg(readFileSync(path));
    } catch {
      continue;
    }
    totals.files += 1;
    const written = writeTnef(item);
    const back = readTnef(written, { strict: true });
    if (JSON.stringify(everything(back)) === JSON.stringify(everything(item))) totals.same += 1;
    else tell('not the same', path);
    const copy = join(folder, 'written.dat');
    writeFileSync(copy, written);
    if (spawnSync('tnef', ['--list', '-f', copy]).status === 0) totals.accepted += 1;
    else tell('tnef refuses', path);
  }
  return totals;
}

const lines = (text) => (text ?? '').replace(/\r\n?/g, '\n').trim();
async function essence(message) {
  const { subject, from, to, cc, date, text, html, attachments } = message;
  const isMessage = ({ contentType }) => contentType.startsWith('message/');
  const hashes = attachments
    .filter((one) => !isMessage(one))
    .map(async (one) => sha1(await one.bytes()));
  return {
    subject: subject.replace(/\s+/g, ' ').trim(),
    addresses: [from, to, cc].map((list) => list.map(String)),
    date: date?.getTime(),
    text: lines(text),
    html: lines(html),
    attachments: (await Promise.all(hashes)).sort(),
    messages: attachments.filter(isMessage).length,
  };
}

async function packedAndOpened() {
  const totals = { mails: 0, same: 0, protected: 0 };
  for (const path of mail) {
    try {
      const message = await openTnef(MailMessage.parse(readFileSync(path)));
      const packed = await packTnef(message);
      const back = await openTnef(MailMessage.parse(await packed.toBytes()));
      totals.mails += 1;
      const [before, after] = [await essence(message), await essence(back)];
      // A mail without text or date gets one.
      if (before.text === '') before.text = after.text;
      before.date ??= after.date;
      const differs = Object.keys(before).filter(
        (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
      );
      if (differs.length === 0) totals.same += 1;
      else tell('differs in', differs.join(), path);
    } catch (error) {
      if (error.code === 'MESSAGE_PROTECTED') totals.protected += 1;
      else if (error.code !== 'FORMAT_INVALID') tell('failed', error.message, path);
    }
  }
  return totals;
}

try {
  console.log('read as the program tnef does:', await againstPrograms());
  console.log('MSG to TNEF and back:', throughTnef());
  console.log('mail packed and opened:', await packedAndOpened());
} finally {
  rmSync(folder, { recursive: true });
}
