// `node tools/score-oxcmail.mjs`: what becomes of mail on the way to Outlook's formats and back, and whether items are read
// as another program finds them in their files. The corpus is no part of the project: it is looked for beside it
// (../shared/corpus) or where POSTHORN_CORPUS says. The figures go into docs/outlook.md, unless --dry is given; --list names
// every difference.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'outlook'))) {
  console.log('score-oxcmail: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { MailMessage } = await import(join(dist, 'index.js'));

const isListed = process.argv.includes('--list');
const tell = (line) => isListed && console.log(line);
const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');
const shortened = (value) => JSON.stringify(value)?.slice(0, 200);

// What every format writes its own way.
const OF_THE_BODY = new Set([
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-length',
]);

async function partOf(part) {
  const { contentType, filename, cid } = part;
  const inner = contentType === 'message/rfc822' ? part.message : undefined;
  return [contentType, filename, cid, inner ? inner.subject : sha1(await part.bytes())].join('|');
}

/** What a message says, field by field. */
async function factsOf(message) {
  const parts = await Promise.all(message.attachments.map(partOf));
  return {
    subject: message.subject,
    from: message.from,
    'to, cc, bcc': [message.to, message.cc, message.bcc],
    date: message.date,
    text: message.text,
    HTML: message.html,
    attachments: parts.sort(),
    'header, field for field': [...message.headers].filter(
      ([name]) => !OF_THE_BODY.has(name.toLowerCase()),
    ),
  };
}

/** How many messages say the same of each field after the way there and back. */
async function roundTrips(format) {
  const same = new Map();
  let all = 0;
  for (const file of mail) {
    const message = MailMessage.parse(readFileSync(file));
    const back = await MailMessage.load(await message.toBytes(format), { format });
    const [before, after] = [await factsOf(message), await factsOf(back)];
    all += 1;
    for (const [name, value] of Object.entries(before)) {
      const isSame = JSON.stringify(value) === JSON.stringify(after[name]);
      same.set(name, (same.get(name) ?? 0) + (isSame ? 1 : 0));
      if (!isSame) {
        tell(`${format} ${name} ${file}\n  ${shortened(value)}\n  ${shortened(after[name])}`);
      }
    }
  }
  return { same, all };
}

const manifest = readFileSync(join(corpus, 'mail', 'manifest.jsonl'), 'utf8')
  .trim()
  .split('\n');
const mail = manifest
  .map((line) => JSON.parse(line))
  .filter(({ kind, dup }) => kind === 'mime' && !dup)
  .map(({ file }) => join(corpus, 'mail', file))
  .filter((file) => {
    try {
      return MailMessage.parse(readFileSync(file)) !== undefined;
    } catch {
      // Another format, or over a limit.
      return false;
    }
  });
const msg = await roundTrips('msg');
const tnef = await roundTrips('tnef');

const items = readdirSync(join(corpus, 'outlook'), { recursive: true })
  .map((path) => join(corpus, 'outlook', path))
  .filter((path) => /\.(?:msg|oft)$/i.test(path) && statSync(path).isFile());

const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const CHARSETS = 'windows-1252 utf-8 windows-1251 windows-1250 shift_jis gbk big5 euc-kr utf-16le'
  .split(' ')
  .map((label) => new TextDecoder(label));

/** Whether a text is what a file has, in one charset or another when it is not Unicode. */
function isText(found, text) {
  if (found.unicode) return plain(found.text) === plain(text);
  const octets = Buffer.from(found.text, 'latin1');
  return CHARSETS.some((charset) => plain(charset.decode(octets)) === plain(text));
}

/** How many of what another program finds in the items are found by us. */
async function compared() {
  const done = spawnSync('/usr/bin/python3', [join(root, 'tools', 'score', 'olefile-facts.py')], {
    input: items.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) return undefined;
  const counts = new Map();
  const count = (what, isRight, path, value) => {
    const [right, all] = counts.get(what) ?? [0, 0];
    counts.set(what, [right + (isRight ? 1 : 0), all + 1]);
    if (!isRight) tell(`${what} ${path} ${shortened(value)}`);
  };
  const lines = done.stdout.trim().split('\n');
  for (const [index, path] of items.entries()) {
    const facts = JSON.parse(lines[index] ?? '{"error":""}');
    const start = performance.now();
    const message = await MailMessage.load(path).catch((error) => error);
    const ms = performance.now() - start;
    count('files read, or refused with a reason, in a second', ms < 1000, path, ms);
    if (facts.error !== undefined || message instanceof Error) continue;
    await compareItem(message, facts, (what, isRight, value) => count(what, isRight, path, value));
  }
  return counts;
}

async function compareItem(message, facts, count) {
  const { subject, body, attachments, recipients, messageClass } = facts;
  if (subject) count('subjects', isText(subject, message.subject), subject);
  if (body && plain(body.text) !== '') count('plain texts', isText(body, message.text), body);
  // The signed message that such an item holds is its only attachment.
  const isSigned = /MultipartSigned$/i.test(messageClass?.text ?? '');
  const found = await Promise.all(
    message.attachments.map(async (part) => [sha1(await part.bytes()), part.filename]),
  );
  for (const { name, sha1: wanted } of isSigned ? [] : attachments) {
    const same = found.filter(([sum]) => sum === wanted);
    count('attachments, octet for octet', same.length > 0, name);
    if (plain(name?.text) !== '' && same.length > 0) {
      count(
        'file names',
        same.some(([, filename]) => isText(name, filename)),
        name,
      );
    }
  }
  const people = [message.to, message.cc, message.bcc].flat();
  const addresses = people.flatMap((one) => one.members ?? [one]).map(({ address }) => address);
  const known = new Set(addresses.map((address) => address.toLowerCase()));
  for (const address of recipients) count('recipients', known.has(address), address);
}

const counts = await compared();
const figures = [
  `| of ${msg.all} messages, the same after | EML → MSG → EML | EML → TNEF → EML |`,
  '|---|---|---|',
  ...[...msg.same].map(([name, same]) => `| ${name} | ${same} | ${tnef.same.get(name)} |`),
  ...(counts === undefined
    ? []
    : [
        '',
        `| of what python3-olefile finds in ${items.length} MSG and OFT files | found by Posthorn |`,
        '|---|---|',
        ...[...counts].map(([what, [right, all]]) => `| ${all} ${what} | ${right} |`),
      ]),
].join('\n');
console.log(figures);

const BEGIN = '<!-- figures of tools/score-oxcmail.mjs -->';
const END = '<!-- end of the figures -->';
const page = join(root, 'docs', 'outlook.md');
if (!process.argv.includes('--dry')) {
  const text = readFileSync(page, 'utf8');
  if (!text.includes(BEGIN) || !text.includes(END))
    throw new Error(`${page} has no place for figures`);
  const start = text.indexOf(BEGIN) + BEGIN.length;
  writeFileSync(page, `${text.slice(0, start)}\n\n${figures}\n\n${text.slice(text.indexOf(END))}`);
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  spawnSync(process.execPath, [biome, 'format', '--write', page], { cwd: root });
}
