// `node tools/score-rtf.mjs`: takes HTML and text out of every RTF body of a corpus of Outlook's files, and compares with
// rtf-stream-parser (a package of the benchmarks); checks every checksum and that what is packed again comes back. The corpus
// is looked for beside the project (../shared/corpus) or where POSTHORN_CORPUS says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = join(process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus'), 'outlook');
const bench = createRequire(join(root, 'bench', 'package.json'));
if (!existsSync(corpus) || !existsSync(join(root, 'bench', 'node_modules'))) {
  console.log('score-rtf: skipped, no corpus/outlook, or the packages of bench/ are not installed');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const outlook = await import(join(process.env.POSTHORN_DIST ?? join(root, 'dist'), 'outlook.js'));
const { compressRtf, decompressRtf, PidTag, readMsg, readTnef, rtfKind } = outlook;
const { htmlFromRtf, textFromRtf, rtfFromHtml } = outlook;
const { deEncapsulateSync } = bench('rtf-stream-parser');
const { decode } = bench('iconv-lite');

// The peer stops where the outermost group ends; this file has most of its text behind it.
const KNOWN = [/New-Draft\.msg$/];

const counts = { bodies: 0, lzfu: 0, mela: 0, html: 0, text: 0, rtf: 0, same: 0, known: 0 };
const faults = [];

function* bodiesOf(message) {
  const packed = message.properties.get(PidTag.RtfCompressed);
  if (packed?.length > 0) yield packed;
  for (const attachment of message.attachments) {
    if (attachment.message) yield* bodiesOf(attachment.message);
  }
}

function* rtfOf(path, bytes) {
  if (/\.rtf$/i.test(path)) yield bytes;
  const read = bytes.readUInt32LE(0) === 0x223e9f78 ? readTnef : readMsg;
  let message;
  try {
    message = read(bytes);
  } catch {
    return; // Another format, or damaged on purpose.
  }
  for (const packed of bodiesOf(message)) {
    counts[Buffer.from(packed).toString('latin1', 8, 12) === 'MELA' ? 'mela' : 'lzfu'] += 1;
    const rtf = decompressRtf(packed, { strict: true });
    const again = decompressRtf(compressRtf(rtf), { strict: true });
    if (Buffer.compare(again, rtf) !== 0) faults.push(`${path}: packed again it is another text`);
    yield rtf;
  }
}

function theirs(rtf) {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return deEncapsulateSync(Buffer.from(rtf), { decode, warn: () => undefined }).text;
  } catch (error) {
    return String(error);
  } finally {
    console.warn = warn;
  }
}

for (const path of readdirSync(corpus, { recursive: true })) {
  if (!/\.(?:msg|oft|tnef|dat|rtf)$/i.test(path)) continue;
  const bytes = readFileSync(join(corpus, path));
  if (bytes.length < 16) continue;
  for (const rtf of rtfOf(path, bytes)) {
    const kind = rtfKind(rtf);
    counts.bodies += 1;
    counts[kind] += 1;
    if (kind === 'rtf') continue;
    const ours = kind === 'html' ? htmlFromRtf(rtf) : textFromRtf(rtf);
    if (kind === 'html' && htmlFromRtf(rtfFromHtml(ours)) !== ours.replace(/\r\n?|\n/g, '\r\n')) {
      faults.push(`${path}: its HTML does not come back out of our RTF`);
    }
    if (theirs(rtf) === ours) counts.same += 1;
    else if (KNOWN.some((known) => known.test(path))) counts.known += 1;
    else faults.push(`${path}: other ${kind} than the peer's`);
  }
}
console.log(counts);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
