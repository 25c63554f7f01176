// `node tools/score-outlook.mjs`: reads every MSG and OFT file of a corpus, writes it again, and compares both with what
// olefile (Debian's python3-olefile), which knows nothing of messages, finds in the files. The corpus is no part of the
// project: it is looked for beside it (../shared/corpus) or where POSTHORN_CORPUS says. --list names every difference.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = join(process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus'), 'outlook');
if (!existsSync(corpus)) {
  console.log('score-outlook: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { readMsg, writeMsg } = await import(pathToFileURL(join(dist, 'outlook.js')).href);
const isListed = process.argv.includes('--list');

/** Properties that a file says of itself: writing may set them (MS-OXMSG section 2.1.1). */
const OF_THE_FILE = new Set(['340d 0003', '0e07 0003', '0e1b 000b']);
const SLOW_MS = 1000;
const WIDE = { 30: 0x1f, 4126: 0x101f };
const hex = (number) => number.toString(16).padStart(4, '0');

/** A value as tools/score/read-msg.py prints it. */
function plain(value) {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) {
    return `${value.length} ${createHash('sha1').update(value).digest('hex')}`;
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

function nameOf(key) {
  if ('id' in key) return hex(key.id);
  if ('lid' in key) return `${key.set}#${key.lid}`;
  // Names of header fields are the same in any case.
  return `${key.set}:${key.set.startsWith('00020386') ? key.name.toLowerCase() : key.name}`;
}

function bagOf(properties) {
  return Object.fromEntries(
    Array.from(properties, ({ key, type, value }) => [
      `${nameOf(key)} ${hex(WIDE[type] ?? type)}`,
      plain(value),
    ]),
  );
}

function contentOf(message) {
  return {
    properties: bagOf(message.properties),
    recipients: message.recipients.map(({ properties }) => ({ properties: bagOf(properties) })),
    attachments: message.attachments.map(({ properties, message: inner }) => ({
      properties: bagOf(properties),
      ...(inner && { message: contentOf(inner) }),
    })),
  };
}

/** What stands in `want` and is not so in `got`, path by path. */
function* differences(want, got, path = '') {
  if (Object.is(want, got) || (typeof want === 'number' && Number.isNaN(want))) return;
  if (typeof want !== 'object' || typeof got !== 'object' || want === null || got === null) {
    yield `${path}: ${JSON.stringify(want)?.slice(0, 80)} is ${JSON.stringify(got)?.slice(0, 80)}`;
    return;
  }
  for (const [key, value] of Object.entries(want)) {
    if (OF_THE_FILE.has(key)) continue;
    yield* differences(value, got[key], `${path}/${key}`);
  }
}

/** What olefile finds in files. */
function oracle(paths) {
  const done = spawnSync('/usr/bin/python3', [join(root, 'tools', 'score', 'read-msg.py')], {
    input: `${paths.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (done.status !== 0) throw new Error(`python3-olefile is needed: ${done.stderr}`);
  return done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const files = readdirSync(corpus, { recursive: true })
  .filter((name) => /\.(?:msg|oft)$/i.test(name))
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'posthorn-outlook-'));
const score = { read: 0, refused: 0, problems: 0, values: 0, slowestMs: 0, faults: 0 };
const jobs = [];

/** Reads a file, writes it, and reads that. */
function rewrite(name, index) {
  const message = readMsg(readFileSync(join(corpus, name)));
  const content = contentOf(message);
  const written = join(folder, `${index}.msg`);
  writeFileSync(written, writeMsg(message, { template: name.endsWith('.oft') }));
  const again = readMsg(readFileSync(written));
  jobs.push({ name, content, written, again: contentOf(again), told: again.problems });
  score.read += 1;
  score.problems += message.problems.length;
  if (isListed)
    for (const { message: text, path } of message.problems) console.log(name, path, text);
}

for (const [index, name] of files.entries()) {
  const started = performance.now();
  try {
    rewrite(name, index);
  } catch (error) {
    // A damaged file may be refused, by an error that says so.
    if (error.name !== 'FormatError') throw error;
    if (isListed) console.log(name, error.message);
    score.refused += 1;
  }
  score.slowestMs = Math.max(score.slowestMs, performance.now() - started);
}

const tell = (name, what) => {
  score.faults += 1;
  if (isListed || score.faults <= 20) console.log(`${name}: ${what}`);
};
const countValues = (part) =>
  typeof part !== 'object' || part === null
    ? 1
    : Object.values(part).reduce((sum, each) => sum + countValues(each), 0);
const originals = oracle(jobs.map(({ name }) => join(corpus, name)));
const rewritten = oracle(jobs.map(({ written }) => written));
rmSync(folder, { recursive: true });
for (const [index, { name, content, again, told }] of jobs.entries()) {
  const [want, later] = [originals[index], rewritten[index]];
  if (later.error) tell(name, `olefile can't read what we wrote: ${later.error}`);
  for (const { message } of told) tell(name, `written and read again: ${message}`);
  for (const each of differences(content, again)) tell(name, `not the same again: ${each}`);
  if (want.error) continue;
  score.values += countValues(want);
  for (const each of differences(want, content)) tell(name, `olefile has ${each}`);
  for (const each of differences(want, later)) tell(name, `as we wrote it, olefile has ${each}`);
}
console.log(
  `${files.length} files: ${score.read} read and written again, ${score.refused} refused, ${score.problems} problems told; ` +
    `${score.values} values compared with olefile, ${score.faults} faults; the slowest took ${score.slowestMs.toFixed(0)} ms`,
);
process.exitCode = score.faults > 0 || score.slowestMs > SLOW_MS ? 1 : 0;
