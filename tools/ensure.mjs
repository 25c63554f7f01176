// Makes a fresh clone ready: installs from the lock file and builds, each only when something is missing or changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** Runs a program in the project's folder with our terminal; ends the process when it fails. */
export function runOrExit(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** Whether node_modules holds what the lock file says; optional packages of other platforms may be missing. */
function isInstalled() {
  if (!existsSync(at('node_modules', '.package-lock.json'))) return false;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(
    readFileSync(at('node_modules', '.package-lock.json'), 'utf8'),
  ).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional && !present[path]),
  );
}

/** Installs from the lock file unless that is what is there already. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing what package-lock.json names (once) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) runOrExit(process.execPath, [npm, ...args]);
  else runOrExit(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** A digest of everything that the build reads. */
function sourceDigest() {
  const hash = createHash('sha256');
  const files = readdirSync(at('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  for (const file of [
    ...files,
    at('package.json'),
    at('tsconfig.json'),
    at('tools', 'build.mjs'),
  ]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Builds dist/ unless it was built from these very sources. */
export function ensureBuilt() {
  const stamp = at('node_modules', '.cache', 'posthorn', 'built');
  const digest = sourceDigest();
  if (existsSync(at('dist', 'index.js')) && existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === digest) return;
  }
  console.log('Building …');
  runOrExit(process.execPath, [at('tools', 'build.mjs')]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}
