// Damages mail and reads it; tells the main thread what it is at, so that a hang is seen.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { damage, damageOctets, randomOf } from './damage.mjs';

const build = process.env.POSTHORN_DIST ?? '../../dist';
const { MailMessage } = await import(`${build}/index.js`);
const { decompose, MimeScanner, parseEntity, readDate } = await import(`${build}/mime.js`);

const { decompressRtf, htmlFromRtf, PidTag, readMsg, readTnef, writeMsg } = await import(
  `${build}/outlook.js`
);

const SLOW_MS = 1000;
const MOST_BYTES = 300_000;
const ALLOWED = new Set(['LimitError', 'FormatError']);

/** Time of the processor, which does not count what others do on a busy machine. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whether what was thrown may be thrown. */
function mayBeThrown(error) {
  return ALLOWED.has(error?.name);
}

/** Asks a message for everything that it can be asked for. */
function readAll(bytes, options) {
  const queue = [parseEntity(bytes, options)];
  for (let part = queue.shift(); part; part = queue.shift()) {
    queue.push(...part.parts);
    const inner = part.message();
    if (inner) queue.push(inner);
    part.text();
    part.text({ maxChars: 100 });
    void [part.filename, part.cid, part.disposition, part.preamble, part.epilogue];
    for (const field of part.headers.fields) {
      void field.value;
      if (/^(?:from|to|cc|reply-to|list-.*)$/i.test(field.name)) field.addresses();
      if (/date$/i.test(field.name)) readDate(field.raw);
    }
    for (const { line, offset } of part.problems) {
      if (!(line > 0 && offset >= 0))
        throw new Error(`A problem stands at ${offset}, line ${line}`);
    }
  }
  decompose(parseEntity(bytes, options));
}

/** The events of a scanner, or the limit that ended them. */
function eventsOf(chunks) {
  const scanner = new MimeScanner();
  const events = [];
  const plain = (event) =>
    event.type === 'header' ? { ...event, raw: Buffer.from(event.raw).toString('latin1') } : event;
  try {
    for (const chunk of chunks) events.push(...scanner.push(chunk).map(plain));
    return [...events, ...scanner.end().map(plain)];
  } catch (error) {
    if (!mayBeThrown(error)) throw error;
    return [error.limit];
  }
}

function checkChunks(bytes, random) {
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(3) === 0 ? 5 : bytes.length);
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  if (!isDeepStrictEqual(eventsOf(chunks), eventsOf([bytes]))) {
    throw new Error('Other chunks give other events');
  }
}

async function checkUnchanged(bytes) {
  const message = MailMessage.parse(bytes);
  void [message.subject, message.from, message.to, message.date, message.text, message.html];
  const back = await message.toBytes('eml');
  if (!Buffer.from(back).equals(bytes)) throw new Error('The bytes do not come back');
}

/** Asks one of Outlook's items for everything, and writes it as a file that has to be read again without a problem. */
function readItem(bytes, read) {
  const message = read(bytes);
  const walk = ({ properties, recipients, attachments }) => {
    const bags = [properties, ...[...recipients, ...attachments].map((each) => each.properties)];
    for (const bag of bags) for (const property of bag) void property.value;
    const rtf = properties.get(PidTag.RtfCompressed);
    if (rtf) htmlFromRtf(decompressRtf(rtf));
    for (const { message: inner } of attachments) if (inner) walk(inner);
  };
  walk(message);
  void [message.subject, message.text, message.html, message.date];
  // Properties of unknown types are kept and told again, as are attachments that say they hold what they do not.
  const kept = /^(?:TYPE_UNKNOWN|ATTACHMENT_DAMAGED)$/;
  const problem = readMsg(writeMsg(message)).problems.find(({ code }) => !kept.test(code));
  if (problem) throw new Error(`Written, it has a problem: ${problem.message}`);
}

const isOutlook = (file) => /\.(?:msg|oft|tnef)$/i.test(file);

/** What must not happen with one of Outlook's files, if it does. */
async function outlookFault(file, bytes) {
  const read = /\.tnef$/i.test(file) ? readTnef : readMsg;
  return await faultOf(() => readItem(bytes, read));
}

/** What happens, if it must not. */
async function faultOf(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return mayBeThrown(error) ? undefined : (error?.stack ?? String(error));
  }
}

let runs = 0;
let slowest = { ms: 0 };
for (let seed = workerData.seed; Date.now() < workerData.end; seed++) {
  const random = randomOf(seed);
  const file = workerData.files[random(workerData.files.length)];
  const original = readFileSync(file);
  const start = original.length > MOST_BYTES ? random(original.length - MOST_BYTES) : 0;
  const bytes = isOutlook(file)
    ? damageOctets(original.subarray(0, 4 * MOST_BYTES), random)
    : damage(original.subarray(start, start + MOST_BYTES), random);
  const job = { file, seed, bytes };
  parentPort.postMessage({ type: 'start', ...job });
  const started = cpuMs();
  const what = isOutlook(file)
    ? await outlookFault(file, bytes)
    : ((await faultOf(() => readAll(bytes, { utf7: random(2) === 0 }))) ??
      (await faultOf(() => checkUnchanged(bytes))));
  const ms = cpuMs() - started;
  if (ms > slowest.ms) slowest = { ms, file, seed };
  const fault =
    what ??
    (ms > SLOW_MS ? `SLOW: ${ms.toFixed(0)} ms for ${bytes.length} octets` : undefined) ??
    (isOutlook(file) ? undefined : await faultOf(() => checkChunks(bytes, random)));
  if (fault !== undefined) parentPort.postMessage({ type: 'fault', what: fault, ...job });
  runs += 1;
}
parentPort.postMessage({ type: 'end', runs, slowest });
