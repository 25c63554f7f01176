// `npm run fuzz`: reads damaged mail for a long time and looks for what must not happen: an exception that is no FormatError
// or LimitError, a message that is read for more than a second, other events for other chunks, bytes that do not come back.
//
//   npm run fuzz -- --seconds 600 --seed 1
//
// The mail is that of the corpus beside the project (../shared/corpus, or POSTHORN_CORPUS) and test/, Outlook's files too,
// damaged at random. What fails is written to a folder that is printed, and the run ends with 1. --only outlook leaves out
// the other mail.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const HANG_MS = 20_000;
const MOST_FAULTS = 20;

/** The paths of the mail to damage. */
function sources() {
  const corpus = join(process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus'), 'mail');
  const outlook = join(corpus, '..', 'outlook');
  const binary = existsSync(outlook)
    ? readdirSync(outlook, { recursive: true })
        .filter((name) => /\.(?:msg|oft|tnef)$/i.test(name))
        .map((name) => join(outlook, name))
    : [];
  const examples = join(root, 'examples', 'messages');
  const own = [...binary, ...readdirSync(examples).map((name) => join(examples, name))];
  if (!existsSync(join(corpus, 'manifest.jsonl'))) return own;
  const entries = readFileSync(join(corpus, 'manifest.jsonl'), 'utf8').trim().split('\n');
  return entries
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'mime' || kind === 'mbox')
    .map(({ file }) => join(corpus, file))
    .concat(own);
}

ensureInstalled();
// Another build than that in dist/ may be named, by its absolute path.
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const files = sources().filter(
  (file) => values.only !== 'outlook' || /\.(?:msg|oft|tnef)$/i.test(file),
);
const folder = mkdtempSync(join(tmpdir(), 'posthorn-fuzz-'));
const end = Date.now() + Number(values.seconds) * 1000;
let seed = Number(values.seed);
let runs = 0;
let faults = 0;
let slowest = { ms: 0 };

/** Writes the mail that failed, so that the fault can be looked at. */
function keep(fault) {
  faults += 1;
  const path = join(folder, `${faults}${extname(fault.file ?? '') || '.eml'}`);
  writeFileSync(path, fault.bytes);
  console.log(`${fault.what}\n  from ${fault.file}, seed ${fault.seed}: ${path}`);
}

/** One worker, until the time is over or it hangs. */
function work() {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./fuzz/worker.mjs', import.meta.url), {
      workerData: { files, seed, end },
    });
    let current;
    let heard = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - heard < HANG_MS) return;
      keep({ ...current, what: `HANG for ${HANG_MS} ms` });
      seed = current.seed + 1;
      worker.terminate();
    }, 1000);
    worker.on('message', (message) => {
      heard = Date.now();
      if (message.type === 'start') current = message;
      else if (message.type === 'fault') keep(message);
      else {
        runs += message.runs;
        if (message.slowest.ms > slowest.ms) slowest = message.slowest;
      }
      if (faults >= MOST_FAULTS) worker.terminate();
    });
    worker.on('error', (error) => keep({ ...current, what: `CRASH ${error.stack}` }));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

console.log(`${files.length} files, ${values.seconds} s, seed ${seed}`);
while (Date.now() < end && faults < MOST_FAULTS) await work();
console.log(
  `${runs} damaged messages read, ${faults} faults; the slowest took ${slowest.ms.toFixed(0)} ms (${slowest.file}, seed ${slowest.seed})`,
);
process.exitCode = faults > 0 ? 1 : 0;
