// Builds dist/: one bundle for each public entry with shared chunks (fewer files load faster), and the types file by file.
// Everything is made beside dist/ and moved into place at the end, so that dist/ is whole at every moment.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './ensure.mjs';

const require = createRequire(import.meta.url);
process.chdir(root);
const out = mkdtempSync('dist-');

await build({
  entryPoints: {
    index: 'src/index.ts',
    mime: 'src/mime/index.ts',
    smtp: 'src/smtp.ts',
    auth: 'src/auth/index.ts',
    inbox: 'src/inbox/index.ts',
    bin: 'src/bin.ts',
  },
  outdir: out,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  // Loading is mostly compiling: fewer characters load faster. Names stay, and there are source maps.
  minifyWhitespace: true,
  minifySyntax: true,
  // What Node prints of an uncaught error: its class by name, and the line it comes from, which must fit a screen.
  keepNames: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
});
chmodSync(out, 0o755);
chmodSync(join(out, 'bin.js'), 0o755);

// The inbox serves its page from a folder beside the bundles.
cpSync('src/inbox/page', join(out, 'page'), {
  recursive: true,
  filter: (path) => !path.endsWith('tsconfig.json'),
});
cpSync(
  join(dirname(require.resolve('dompurify')), 'purify.min.js'),
  join(out, 'page', 'purify.min.js'),
);

const tsc = spawnSync(
  process.execPath,
  [
    require.resolve('typescript/package.json').replace('package.json', 'bin/tsc'),
    ...['-p', 'tsconfig.json', '--outDir', join(out, 'types')],
  ],
  { stdio: 'inherit' },
);
if (tsc.status === 0) {
  rmSync('dist', { recursive: true, force: true });
  renameSync(out, 'dist');
} else {
  rmSync(out, { recursive: true, force: true });
  process.exitCode = 1;
}
