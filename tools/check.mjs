// `npm run check`: everything that must hold before a commit lands. Each step prints its time; all run even if one fails.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
const require = createRequire(import.meta.url);

/** The script behind a package's command, run with this Node: no shell, no PATH. */
function bin(name, command = name) {
  const manifest = require.resolve(join(root, 'node_modules', name, 'package.json'));
  const { bin: entry } = require(manifest);
  return join(manifest, '..', typeof entry === 'string' ? entry : entry[command]);
}

// CI counts what passed. With POSTHORN_TEST_DIST=1 the tests run on what is shipped.
const { POSTHORN_TEST_REPORT: file } = process.env;
const report = file ? ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`] : [];

const steps = [
  ['lint', bin('@biomejs/biome', 'biome'), 'ci', '--colors=off', '--error-on-warnings', '.'],
  ['types', bin('typescript', 'tsc'), '-p', 'tsconfig.test.json'],
  ['house', 'tools/check-house.mjs'],
  ['docs', 'tools/check-docs.mjs'],
  ['exports', 'tools/check-exports.mjs'],
  ['tests', bin('vitest'), 'run', ...report],
  ['publint', bin('publint'), '--strict'],
  ['attw', bin('@arethetypeswrong/cli', 'attw'), '--pack', '--profile', 'esm-only'],
  ['knip', bin('knip')],
];
const only = process.argv.slice(2);
const results = [];
for (const [name, script, ...args] of steps) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  results.push([name, status === 0, ((performance.now() - started) / 1000).toFixed(1)]);
}
console.log('');
for (const [name, good, seconds] of results) {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name.padEnd(8)} ${seconds.padStart(6)} s`);
}
process.exitCode = results.every(([, good]) => good) ? 0 : 1;
