// What the build promises: the root imports little, the rest loads on first use, and a bundler still gets everything.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'posthorn-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file that importing `entry` loads, by its static imports. */
function loaded(entry: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  const source = readFileSync(entry, 'utf8');
  for (const [, path] of source.matchAll(/^(?:import|export)\b[^;]*?"(\.[^"]+)";/gm)) {
    loaded(join(dirname(entry), path ?? ''), found);
  }
  return found;
}

const program = `
  import { MailMessage } from 'posthorn';
  const message = MailMessage.parse('Subject: =?utf-8?q?caf=C3=A9?=\\r\\n\\r\\nbody');
  console.log(message.subject, message.text);
`;

test('importing the root loads neither reader nor writer nor wire', () => {
  const files = [...loaded(join(root, 'dist/index.js'))];
  expect(existsSync(join(root, 'dist/first-use/reading.js'))).toBe(true);
  expect(files.length).toBeGreaterThan(1);
  const late =
    /reading|stored|writing|replies|sending|bounces|providers|wire|login|encryption|finding|first-use/;
  expect(files.filter((path) => late.test(path.slice(root.length)))).toEqual([]);
});

test('nor does importing posthorn/smtp load what dials, encrypts and logs in', () => {
  const files = [...loaded(join(root, 'dist/smtp.js'))];
  expect(existsSync(join(root, 'dist/first-use/wire.js'))).toBe(true);
  const builtins = /from "node:(?:tls|net|crypto|dns|http)"/;
  expect(files.filter((path) => builtins.test(readFileSync(path, 'utf8')))).toEqual([]);
});

test('the reader loads when a message is parsed, without a warning', () => {
  mkdirSync(join(folder, 'plain/node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'plain/node_modules/posthorn'));
  writeFileSync(join(folder, 'plain/program.mjs'), program);
  const output = execFileSync(process.execPath, [join(folder, 'plain/program.mjs')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(output).toBe('café body\n');
});

test('a program bundled into one file needs no file of the package', async () => {
  mkdirSync(join(folder, 'bundled/node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'bundled/node_modules/posthorn'));
  writeFileSync(join(folder, 'bundled/program.mjs'), program);
  await build({
    entryPoints: [join(folder, 'bundled/program.mjs')],
    outfile: join(folder, 'alone/program.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'bundle',
    external: ['commander', 'smtp-server'],
    logLevel: 'error',
    splitting: false,
  });
  const output = execFileSync(process.execPath, [join(folder, 'alone/program.mjs')], {
    encoding: 'utf8',
  });
  expect(output).toBe('café body\n');
});
