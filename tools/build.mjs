// Builds dist/: one bundle for each public entry with shared chunks (fewer files load faster), and the types file by file.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './ensure.mjs';

const require = createRequire(import.meta.url);
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: {
    index: 'src/index.ts',
    mime: 'src/mime/index.ts',
    smtp: 'src/smtp.ts',
    auth: 'src/auth/index.ts',
    inbox: 'src/inbox/index.ts',
    bin: 'src/bin.ts',
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});
chmodSync('dist/bin.js', 0o755);

// The inbox serves its page from a folder beside the bundles.
mkdirSync('dist/page', { recursive: true });
if (existsSync('src/inbox/page')) cpSync('src/inbox/page', 'dist/page', { recursive: true });
cpSync(join(dirname(require.resolve('dompurify')), 'purify.min.js'), 'dist/page/purify.min.js');

const tsc = spawnSync(
  process.execPath,
  [
    require.resolve('typescript/package.json').replace('package.json', 'bin/tsc'),
    '-p',
    'tsconfig.json',
  ],
  { stdio: 'inherit' },
);
process.exitCode = tsc.status ?? 1;
