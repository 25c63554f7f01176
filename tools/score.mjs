// `npm run score`: reads a corpus of real mail with our reader and with the peers, and compares what they found with what is
// expected. The corpus and its harness are no part of the project: they are looked for beside it (../shared/corpus) or where
// POSTHORN_CORPUS says. The figures go into docs/reading.md, unless --dry is given.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';
import { figuresOf, writeFigures } from './score/figures.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'harness', 'run.py'))) {
  console.log(
    'score: skipped, no corpus. Put it beside the project as shared/corpus, or name it: POSTHORN_CORPUS=folder npm run score',
  );
  process.exit(0);
}

// The harness writes beside itself: it works in a copy.
const harness = join(root, 'node_modules', '.cache', 'posthorn', 'score');
const results = join(harness, 'results');
// A copy of the build too: it may be built anew meanwhile. Another build may be named, by its absolute path.
const build = process.env.POSTHORN_DIST ?? join(harness, 'build-of-ours');
const environment = { ...process.env, CORPUS: join(corpus, 'mail'), POSTHORN_DIST: build };
const adapter = (name) => `${process.execPath} ${join(root, 'tools', 'score', name)}`;

/** Runs a script of the harness; what it printed. */
function python(...args) {
  const done = spawnSync('python3', args, { cwd: harness, env: environment, encoding: 'utf8' });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    console.error(done.stderr);
    process.exit(1);
  }
  return done.stdout;
}

/** The paths of all that is in a folder; none of a file. */
function everythingIn(path) {
  if (!statSync(path).isDirectory()) return [];
  return readdirSync(path, { recursive: true }).map((name) => join(path, name));
}

function prepare() {
  mkdirSync(results, { recursive: true });
  for (const name of readdirSync(join(corpus, 'harness'))) {
    const target = join(harness, name);
    if (name === 'results' || name === 'node_modules') continue;
    rmSync(target, { recursive: true, force: true });
    cpSync(join(corpus, 'harness', name), target, { recursive: true });
    // What is copied may be read-only, folders too, and could then not be replaced the next time.
    for (const path of [target, ...everythingIn(target)]) chmodSync(path, 0o755);
  }
  const modules = join(harness, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of ['mailparser', 'postal-mime']) {
    if (!existsSync(join(modules, name))) {
      symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
    }
  }
}

/** Has a reader read the corpus; what the peers found is kept from one run to the next. */
function read(name, command) {
  if (name !== 'posthorn' && existsSync(join(results, `${name}.mime.jsonl`))) return;
  console.log(python('run.py', '--name', name, '--adapter', command).trim());
}

/** How many messages of the corpus are written as they came, octet for octet, of how many. */
async function countUnchanged() {
  const { MailMessage } = await import(join(build, 'index.js'));
  const entries = readFileSync(join(environment.CORPUS, 'manifest.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const files = entries.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'mime');
  let same = 0;
  for (const { file } of files) {
    const bytes = readFileSync(join(environment.CORPUS, file));
    const back = await MailMessage.parse(bytes).toBytes('eml');
    if (bytes.equals(back)) same += 1;
    else console.log(`Not as it came: ${file}`);
  }
  return { same, all: files.length };
}

ensureInstalled();
prepare();
if (process.env.POSTHORN_DIST === undefined) {
  ensureBuilt();
  rmSync(build, { recursive: true, force: true });
  cpSync(join(root, 'dist'), build, { recursive: true });
}
read('posthorn', adapter('mime-adapter.mjs'));
read('mailparser', 'node adapters/mailparser.mjs');
read('postal-mime', 'node adapters/postal-mime.mjs');
read('python', 'python3 adapters/python_email.py');
read('gmime', 'adapters/gmime_ref.sh');

const scores = python('score.py', '--names', 'posthorn,mailparser,postal-mime,python,gmime');
const addresses = python(
  'addr_run.py',
  `posthorn=${adapter('address-adapter.mjs')}`,
  `mailparser=${adapter('mailparser-addresses.mjs')}`,
  'postal-mime=node adapters/addr_js.mjs postal-mime',
  'python=python3 adapters/addr_py.py getaddresses',
);
// What is made to cost time: a megabyte of each, in a process of its own.
const hostile = join(harness, 'hostile');
python('build/gen_dos.py', hostile, '1');
const times = python('dos_run.py', hostile, `posthorn=${adapter('mime-adapter.mjs')}`);
writeFileSync(join(results, 'scores.md'), `${scores}\n${addresses}\n${times}`);
const figures = figuresOf({ scores, addresses, times, unchanged: await countUnchanged() });
console.log(`${figures}\n`);
console.log(`What failed: ${join(results, 'fail.posthorn.all.tsv')}`);
if (!process.argv.includes('--dry')) {
  const page = join(root, 'docs', 'reading.md');
  writeFileSync(page, writeFigures(readFileSync(page, 'utf8'), figures));
  console.log('The figures are in docs/reading.md.');
}
