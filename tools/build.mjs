// Builds dist/: one bundle for each public entry with shared chunks (fewer files load faster), and the types file by file.
// Everything is made beside dist/ and moved into place at the end, so that dist/ is whole at every moment.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './ensure.mjs';

const require = createRequire(import.meta.url);
process.chdir(root);
const out = mkdtempSync('dist-');

// What composing and configuring need is one file: a file less to open is worth more than a character less to compile.
const CORE =
  /\/src\/(?:base|codec|mime|message|client|auth)\/|\/src\/smtp\/(?:url|open-connection|option-table|settings|options)\.ts|\/src\/net\/address\.ts/;

const bundle = await rolldown({
  input: {
    index: 'src/index.ts',
    mime: 'src/mime/index.ts',
    smtp: 'src/smtp.ts',
    auth: 'src/auth/index.ts',
    inbox: 'src/inbox/index.ts',
    bin: 'src/bin.ts',
  },
  // Every import that is no path is a package or a builtin, and stays an import.
  external: /^[^./]/,
  platform: 'node',
  treeshake: { moduleSideEffects: false },
});
await bundle.write({
  dir: out,
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: { groups: [{ name: 'core', test: CORE }] },
  sourcemap: true,
});
await bundle.close();
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
