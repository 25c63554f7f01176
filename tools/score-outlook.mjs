// `node tools/score-outlook.mjs`: every property of every MSG and OFT file of a corpus, as `readMsg` gives it and as
// tools/score/read-msg.py finds it with python3-olefile, which knows nothing of messages. The corpus is no part of the
// project: it is looked for beside it (../shared/corpus) or where POSTHORN_CORPUS says. --list names every difference.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'outlook'))) {
  console.log('score-outlook: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { readMsg } = await import(join(dist, 'outlook.js'));

const files = readdirSync(join(corpus, 'outlook'), { recursive: true })
  .map((path) => join(corpus, 'outlook', path))
  .filter((path) => /\.(?:msg|oft)$/i.test(path) && statSync(path).isFile());
const done = spawnSync('/usr/bin/python3', [join(root, 'tools', 'score', 'read-msg.py')], {
  input: files.join('\n'),
  encoding: 'utf8',
  maxBuffer: 1 << 29,
});
if (done.status !== 0) throw new Error(`python3-olefile is needed: ${done.stderr}`);
const others = done.stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const INTERNET_HEADERS = '00020386';
const hex = (number) => number.toString(16).padStart(4, '0');

/** A property's name and type as the script in Python writes them. */
function slotOf({ key, type }) {
  const kind = { 30: 0x1f, 4126: 0x101f }[type] ?? type;
  return `${nameOf(key)} ${hex(kind)}`;
}

function nameOf(key) {
  if ('id' in key) return hex(key.id);
  if ('lid' in key) return `${key.set}#${key.lid}`;
  const isHeader = key.set.startsWith(INTERNET_HEADERS);
  return `${key.set}:${isHeader ? key.name.toLowerCase() : key.name}`;
}

/** A value in the form that JSON has for both. */
function plain(value) {
  if (value instanceof Uint8Array) {
    return `${value.length} ${createHash('sha1').update(value).digest('hex')}`;
  }
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'bigint' ? String(value) : value;
}

const totals = { files: 0, values: 0, same: 0, refused: 0 };
const isListed = process.argv.includes('--list');

function compareBag(properties, expected, where) {
  const own = new Map(Array.from(properties, (property) => [slotOf(property), property]));
  for (const [slot, wanted] of Object.entries(expected)) {
    const found = own.get(slot);
    const value = found && plain(found.value);
    totals.values += 1;
    if (JSON.stringify(value) === JSON.stringify(wanted)) totals.same += 1;
    else if (isListed) {
      console.log(
        `${where} ${slot}: ${JSON.stringify(value)?.slice(0, 120)} for ${JSON.stringify(wanted).slice(0, 120)}`,
      );
    }
  }
}

function compare(message, expected, where) {
  compareBag(message.properties, expected.properties, where);
  for (const [index, { properties }] of expected.recipients.entries()) {
    compareBag(message.recipients[index]?.properties ?? [], properties, `${where} to ${index}`);
  }
  for (const [index, { properties, message: inner }] of expected.attachments.entries()) {
    const attachment = message.attachments[index];
    compareBag(attachment?.properties ?? [], properties, `${where} file ${index}`);
    if (inner && attachment?.message) compare(attachment.message, inner, `${where} in ${index}`);
    else if (inner) totals.values += 1;
  }
}

for (const [index, path] of files.entries()) {
  const expected = others[index];
  try {
    const message = readMsg(readFileSync(path));
    totals.files += 1;
    if (expected?.error === undefined) compare(message, expected, path);
  } catch (error) {
    totals.refused += 1;
    console.log(`${path}: ${error.code} ${error.message}`);
  }
}
console.log(
  `${totals.files} files read, ${totals.refused} refused; ${totals.same} of ${totals.values} values as olefile finds them`,
);
