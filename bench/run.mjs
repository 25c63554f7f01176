// Runs every benchmark against the peers, interleaved, each sample in a fresh process; prints medians and ratios.
//   npm run bench [-- --only compose|parse|msg|rtf|tnef|send|pool|forward|merge|queue|import|million] [--rounds N] [--seconds S] [--write]
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { composePeers } from './compose-peers.mjs';
import { forwardHead, forwardRows } from './forward-rows.mjs';
import { mergeHead, mergeRows } from './merge-rows.mjs';
import { millionHead, millionRows } from './million-rows.mjs';
import { msgReadHead, msgReadRows, msgWriteHead, msgWriteRows } from './outlook-msg-rows.mjs';
import { rtfHead, rtfRows } from './outlook-rtf-rows.mjs';
import { tnefHead, tnefRows } from './outlook-tnef-rows.mjs';
import { parseHead, parseRows } from './parse-rows.mjs';
import { poolHead, poolRows } from './pool-rows.mjs';
import { queueHead, queueRows } from './queue-rows.mjs';
import { composeWorkloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.6' },
    messages: { type: 'string', default: '1000000' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const sections = [];
const runs = (name) => options.only === undefined || options.only === name;

function child(file, ...args) {
  const done = spawnSync(process.execPath, [here(file), ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

function table(title, head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  sections.push(`## ${title}\n\n${lines.join('\n')}\n`);
  console.log(`\n${sections.at(-1)}`);
}

if (runs('compose')) {
  const peers = Object.keys(composePeers);
  const rows = [];
  for (const [name, workload] of Object.entries(composeWorkloads)) {
    const samples = new Map(peers.map((peer) => [peer, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const peer of peers)
        samples.get(peer).push(child('compose-child.mjs', name, peer, options.seconds));
      process.stderr.write('.');
    }
    const of = (peer, key) => {
      const list = samples.get(peer).filter((sample) => !sample.skipped);
      return list.length > 0 ? median(list.map((sample) => sample[key])) : undefined;
    };
    const ours = of('posthorn', 'cpuUs');
    rows.push([
      workload.row,
      workload.title,
      ...peers.map((peer) => {
        const cpu = of(peer, 'cpuUs');
        if (cpu === undefined) return '–';
        const ratio = peer === 'posthorn' ? '' : ` (${(cpu / ours).toFixed(1)}×)`;
        return `${cpu.toFixed(1)}${ratio}`;
      }),
      `${of('posthorn', 'peakMb').toFixed(0)} / ${of('nodemailer', 'peakMb').toFixed(0)}`,
    ]);
  }
  table(
    'Composing a message, CPU µs (times Posthorn)',
    ['row', 'message', ...peers, 'peak MB posthorn / nodemailer'],
    rows,
  );
}

for (const [mode, title] of [
  ['plain', 'Sending 1 KB text, a fresh plain connection for each message, µs'],
  ['tls', 'Sending 1 KB text, a fresh TLS connection for each message, µs (row S7)'],
]) {
  if (!runs('send')) break;
  const sink = fork(here('pool-sink.mjs'), [mode]);
  const { port } = await new Promise((resolve) => sink.once('message', resolve));
  const peers = ['posthorn', 'nodemailer'];
  const samples = new Map(peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of peers)
      samples.get(peer).push(child('send-child.mjs', peer, String(port), '1200', mode));
  }
  sink.disconnect();
  const of = (peer, key) => median(samples.get(peer).map((sample) => sample[key]));
  table(
    title,
    ['', 'posthorn', 'nodemailer', 'ratio'],
    ['cpuUs', 'wallUs'].map((key) => [
      key === 'cpuUs' ? 'CPU' : 'wall',
      of('posthorn', key).toFixed(0),
      of('nodemailer', key).toFixed(0),
      `${(of('nodemailer', key) / of('posthorn', key)).toFixed(1)}×`,
    ]),
  );
}

if (runs('pool')) {
  const title =
    'Sending over a pool of connections to a sink on this machine, each message composed anew';
  table(title, poolHead, await poolRows(rounds));
}

if (runs('parse')) {
  const { title, cpu, memory } = await parseRows({ rounds, child, median });
  table(title, parseHead, cpu);
  table('Reading the same, peak MB of the process', parseHead, memory);
}

if (runs('msg')) {
  const rows = await msgReadRows({ rounds, child, median });
  table('Reading an Outlook message (MSG), CPU (times Posthorn)', msgReadHead, rows);
  const written = msgWriteRows({ rounds, child, median });
  table('Writing an Outlook message (MSG), CPU (times Posthorn)', msgWriteHead, written);
}

if (runs('rtf')) {
  const rows = rtfRows({ rounds, child, median });
  table('RTF of Outlook, MB of RTF a second of CPU', rtfHead, rows);
}

if (runs('tnef')) {
  const { cpu, memory } = await tnefRows({ rounds, child, median });
  table('Reading a winmail.dat (TNEF), CPU (times Posthorn)', tnefHead, cpu);
  table('Reading the same, peak MB of the process', tnefHead, memory);
}

if (runs('forward')) {
  const rows = await forwardRows({ rounds, child, median });
  table('Forwarding a stored message of 205 MB (row F1)', forwardHead, rows);
}

if (runs('merge')) {
  const rows = await mergeRows({ rounds, child, median });
  table('Mail merge: text and HTML with seven fields and a condition', mergeHead, rows);
}

if (runs('queue')) {
  const title = 'Queues on disk, messages of 1 KB a second';
  table(title, queueHead, queueRows({ rounds, child, median }));
}

if (runs('import')) {
  const cases = {
    'bare node': '0',
    'node:net, node:tls, node:crypto':
      "await import('node:net'); await import('node:tls'); await import('node:crypto')",
    posthorn: `await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})`,
    'posthorn/smtp': `await import(${JSON.stringify(new URL('../dist/smtp.js', import.meta.url).href)})`,
    nodemailer: `await import(${JSON.stringify(import.meta.resolve('nodemailer'))})`,
    emailjs: `await import(${JSON.stringify(import.meta.resolve('emailjs'))})`,
  };
  const times = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds * 4; round += 1) {
    for (const [name, code] of Object.entries(cases)) {
      const started = performance.now();
      execFileSync(process.execPath, ['--input-type=module', '-e', code]);
      times.get(name).push(performance.now() - started);
    }
  }
  const bare = median(times.get('bare node'));
  table(
    'Importing what sends, ms of wall time (row C1)',
    ['', 'total', 'over bare node'],
    [...times].map(([name, list]) => [
      name,
      median(list).toFixed(1),
      `+${(median(list) - bare).toFixed(1)}`,
    ]),
  );
}

if (runs('once')) {
  const sink = fork(here('pool-sink.mjs'), ['plain']);
  const { port } = await new Promise((resolve) => sink.once('message', resolve));
  const cases = {
    'bare node': ['-e', '0'],
    'posthorn send': [
      here('../dist/bin.js'),
      ...['send', '--server', `smtp://127.0.0.1:${port}?security=none`],
      ...[
        '--from',
        'ann@example.com',
        '--to',
        'bob@example.org',
        '--subject',
        'Hi',
        '--text',
        'Hi',
      ],
    ],
    'a program with posthorn': [here('once-child.mjs'), 'posthorn', String(port)],
    'a program with nodemailer': [here('once-child.mjs'), 'nodemailer', String(port)],
  };
  const times = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds * 4; round += 1) {
    for (const [name, args] of Object.entries(cases)) {
      const started = performance.now();
      // The sink is a process of its own: it answers while this one waits.
      execFileSync(process.execPath, args);
      times.get(name).push(performance.now() - started);
    }
  }
  sink.disconnect();
  const bare = median(times.get('bare node'));
  table(
    'Sending one message, the whole process, ms of wall time (row C2)',
    ['', 'total', 'over bare node'],
    [...times].map(([name, list]) => [
      name,
      median(list).toFixed(1),
      `+${(median(list) - bare).toFixed(1)}`,
    ]),
  );
}

// Minutes: only when asked for.
if (options.only === 'million') {
  const rows = await millionRows(Number(options.messages));
  table('Many messages through bulkSend, 1 KB, 5 connections', millionHead, rows);
}

if (options.write) {
  const version = (name) =>
    JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), 'utf8')).version;
  const peers = [
    'nodemailer',
    'emailjs',
    'mimetext',
    'mailparser',
    'postal-mime',
    'letterparser',
    '@kenjiuno/msgreader',
    '@tutao/oxmsg',
    'node-tnef',
  ]
    .map((name) => `${name} ${version(name)}`)
    .join(', ');
  const page = [
    '# Performance',
    '',
    'Made by `npm run bench -- --write`. Every sample is a fresh process, peers interleaved, medians of',
    `${rounds} rounds. Shared machines are noisy: only the ratios carry over. The streamed row reads through`,
    '`Rendered.pass()`, which the others have no equal of; rows are those of our own table of aims. Mail that is read',
    'comes out of an mbox file, after a warm-up of 2000 messages; reading and cutting the file counts for everybody.',
    '',
    `Node ${process.version}, ${cpus()[0].model.trim()}, ${cpus().length} cores; ${peers}.`,
    '',
    ...sections,
  ].join('\n');
  writeFileSync(here('../docs/performance.md'), page);
  console.log('written to docs/performance.md');
}
