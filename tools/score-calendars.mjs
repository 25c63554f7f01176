// `node tools/score-calendars.mjs`: reads the calendars of a corpus with our reader and with others, and compares. The corpus
// and its harness are looked for beside the project (../shared/corpus) or where POSTHORN_CORPUS says. The figures go into
// docs/meetings.md, unless --dry is given. What is not installed (Python's libraries) is left out of the table.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'harness', 'run.py'))) {
  console.log(
    'score-calendars: skipped, no corpus. Put it beside the project as shared/corpus, or name it: POSTHORN_CORPUS=folder',
  );
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();

// The harness writes beside itself: it works in a copy.
const harness = join(root, 'node_modules', '.cache', 'posthorn', 'score-calendars');
rmSync(harness, { recursive: true, force: true });
mkdirSync(join(harness, 'adapters'), { recursive: true });
for (const name of ['run.py', 'adapters/ics_js.mjs', 'adapters/ics_py.py']) {
  cpSync(join(corpus, 'harness', name), join(harness, name));
}
symlinkSync(join(root, 'node_modules'), join(harness, 'node_modules'), 'dir');

const adapter = join(root, 'tools', 'score', 'calendar-adapter.mjs');
const readers = [
  ['posthorn', `${process.execPath} ${adapter}`],
  ['ical.js', `${process.execPath} adapters/ics_js.mjs ical.js`],
  ['python icalendar', '/usr/bin/python3 adapters/ics_py.py icalendar', 'icalendar'],
  ['vobject', '/usr/bin/python3 adapters/ics_py.py vobject', 'vobject'],
];

/** Whether Debian's Python has a library. */
const hasPython = (library) =>
  spawnSync('/usr/bin/python3', ['-c', `import ${library}`]).status === 0;

function run([name, command]) {
  const id = name.replaceAll(' ', '-');
  const environment = { ...process.env, CORPUS: join(corpus, 'mail') };
  const done = spawnSync(
    'python3',
    ['run.py', '--name', id, '--adapter', command, '--kind', 'ics', '--timeout', '10'],
    { cwd: harness, env: environment, encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  const lines = readFileSync(join(harness, 'results', `${id}.ics.jsonl`), 'utf8');
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const summaries = (result) =>
  result.ok
    ? JSON.stringify(
        result.events
          .map(({ summary }) =>
            String(summary ?? '')
              .normalize('NFC')
              .replace(/\s+/g, ' ')
              .trim(),
          )
          .sort(),
      )
    : undefined;

/** What at least two readers agree on, and most; `undefined` when there is no such thing. */
function majority(values) {
  const counts = new Map();
  for (const value of values)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] >= 2 ? best[0] : undefined;
}

const present = readers.filter(([, , library]) => library === undefined || hasPython(library));
const results = present.map(run);
const files = results[0].map(({ file }) => file);
const agreed = files.map((_, index) => majority(results.map((each) => summaries(each[index]))));
const compared = agreed.filter((value) => value !== undefined).length;
const rows = present.map(([name], reader) => {
  const own = results[reader];
  const right = own.filter((each, index) => agreed[index] && summaries(each) === agreed[index]);
  const slow = own.filter(({ error }) => /^(?:TIMEOUT|CRASH)/.test(error ?? ''));
  return `| ${name} | ${own.filter(({ ok }) => ok).length} | ${slow.length} | ${right.length} |`;
});
const [ours] = results;
const figures = [
  `| reader | of ${files.length} files parsed without exception | time-outs, crashes | of ${compared} lists of appointments as the majority |`,
  '|---|---|---|---|',
  ...rows,
  '',
  `Written and read again, ${ours.filter(({ rewritten }) => rewritten).length} of ${files.length} files say the same.`,
].join('\n');
console.log(figures);
if (process.argv.includes('--list')) {
  for (const [index, each] of ours.entries()) {
    if (!each.ok || !each.rewritten) console.log(each.file, each.error ?? 'not the same again');
    else if (agreed[index] && summaries(each) !== agreed[index]) {
      console.log(each.file, summaries(each).slice(0, 200), agreed[index].slice(0, 200));
    }
  }
}
const BEGIN = '<!-- figures of tools/score-calendars.mjs -->';
const END = '<!-- end of the figures -->';
const page = join(root, 'docs', 'meetings.md');
if (!process.argv.includes('--dry')) {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(BEGIN) + BEGIN.length;
  writeFileSync(page, `${text.slice(0, start)}\n\n${figures}\n\n${text.slice(text.indexOf(END))}`);
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  spawnSync(process.execPath, [biome, 'format', '--write', page], { cwd: root });
}
