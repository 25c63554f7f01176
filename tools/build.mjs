// Builds dist/: one bundle for each public entry with shared chunks (fewer files load faster), and the types file by file.
// Everything is made beside dist/ and moved into place at the end, so that dist/ is whole at every moment.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './ensure.mjs';
import { onFirstUse } from './on-first-use.mjs';

const require = createRequire(import.meta.url);
process.chdir(root);
const out = mkdtempSync('dist-');

// What composing and configuring need is one file: a file less to open is worth more than a character less to compile.
const CORE =
  /^\0first-use|\/src\/(?:base|codec|mime|message)\/|\/src\/client\/(?!sync-worker)|\/src\/auth\/(?:account|mechanism-table|oauth\/token-provider)\.ts|\/src\/smtp\/(?:url|open-connection|client-name|option-table|settings|options|dsn|wishes|progress)\.ts|\/src\/net\/(?:address|proxy-options|tls-options)\.ts/;

// What is compiled only when it is first called, so that importing the root stays cheap.
const GROUPS = {
  reading:
    /\/src\/(?:mime\/reader\/|codec\/(?:charset|charset-encoder|charset-label|charset-label\.data|encoded-word-reader|parameter-reader|parameter-scanner|plain-parameters|quoted-printable-reader|quoted-printable-kernel.*|base64|base64-decode.*|base64-letters|stream-decoder|uuencode|iso-2022|utf-16-32)\.ts)/,
  stored:
    /\/src\/message\/(?:edit\/|(?:stored-(?:form|body|file|header|parts)|raw-rendering|wire-facts|new-segment|detect-format|files)\.ts)/,
  writing:
    /\/src\/(?:mime\/writer\/|codec\/(?:base64-lines|base64-kernel|base64-kernel\.data|quoted-printable|flowed|encoded-word|parameter)\.ts|message\/(?:compose|structure|part|ready-parts|data-urls|media-types|media-types\.data|boundary-clash|head-fields|content-source|message-format)\.ts)/,
  replies: /\/src\/message\/(?:(?:reply|html)\/|text-from-html)/,
  sending:
    /\/src\/client\/(?!smtp-client|memory-transport|failures|index|internal|send\.ts|sync-worker)|\/src\/smtp\/(?:url|client-name|option-table|settings|dsn|wishes|courier\/manners)\.ts|\/src\/net\/(?:proxy-options|tls-options)\.ts|\/src\/auth\/account\.ts/,
  bounces: /\/src\/message\/bounce\//,
  providers: /\/src\/smtp\/discover\/provider(?:s\.data)?\.ts/,
  encryption:
    /\/src\/net\/(?:tls-upgrade|tls-context|tls-error|certificate|certificate-complaint|channel-binding|signature-hash)\.ts/,
  login:
    /\/src\/auth\/(?:sasl|stringprep)\/|\/src\/auth\/(?:hints|refusals|select|mechanisms)\.ts|\/src\/smtp\/(?:login|auth-exchange)\.ts/,
  finding:
    /\/src\/smtp\/(?:discover\/(?!discovered-server)|inspect\/)|\/src\/net\/(?:http-|dns-records)/,
  wire: /\/src\/net\/(?!address\.|deadline|timeout-message|dial-http-proxy|dial-socks|proxy-options|tls-options|index|internal)|\/src\/smtp\/(?:handshake|discovery|discovery-story|other-mode|race|candidates|transport|wire|dialogue)\.ts/,
};

const entries = {
  index: 'src/index.ts',
  mime: 'src/mime/index.ts',
  smtp: 'src/smtp.ts',
  auth: 'src/auth/index.ts',
  calendar: 'src/calendar/index.ts',
  template: 'src/template/index.ts',
  outlook: 'src/mapi/index.ts',
  convert: 'src/convert/index.ts',
  delivery: 'src/delivery/index.ts',
  inbox: 'src/inbox/index.ts',
};

// Several builds may end at the same time, when tests find that dist/ is old: the last one stays.
function putInPlace() {
  for (let tries = 5; ; tries -= 1) {
    try {
      rmSync('dist', { recursive: true, force: true, maxRetries: 5 });
      renameSync(out, 'dist');
      return;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}

async function bundle(dir, input, plugins, groups) {
  const made = await rolldown({
    input,
    plugins,
    // Every import that is no path is a package or a builtin, and stays an import.
    external: /^[^./\0]/,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    treeshake: { moduleSideEffects: false },
  });
  await made.write({
    dir,
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Each file goes where it is sent, not where its first importer is.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [...groups, { name: 'core', test: CORE }],
    },
    // The types hold the documentation; the map leads to the source.
    comments: { annotation: true, jsdoc: false, legal: true },
    sourcemap: true,
  });
  await made.close();
}

const sources = readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => resolve('src', name));
const late = onFirstUse(GROUPS, sources);
await bundle(
  out,
  { ...entries, bin: 'src/bin.ts', 'sync-worker': 'src/client/sync-worker.ts', ...late.input },
  [late.plugin],
  Object.entries(GROUPS).map(([name, files]) => ({
    name,
    test: (id) => !id.startsWith('\0') && files.test(id),
    priority: 1,
  })),
);
// A file of the core that needs a class or table of a late group would load that group, and break in a circle.
const core = readdirSync(join(out, 'chunks')).find((name) => /^core-.*\.js$/.test(name));
for (const [, names, from] of readFileSync(join(out, 'chunks', core), 'utf8').matchAll(
  /^import \{([^}]*)\} from "\.\/(\w+)-[^"]*";/gm,
)) {
  if (!(from in GROUPS)) continue;
  console.error(
    `The core imports ${names.trim()} from '${from}': put the importing file into a group`,
  );
  process.exitCode = 1;
}
// Bundlers don't follow what is required on first use: they ask for `module` and get everything imported.
await bundle(join(out, 'bundler'), entries, [], []);
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
// A file of the core that needs a table of a late group before it is there would break every entry.
const names = Object.keys(entries).map((name) => `import ${JSON.stringify(`./${name}.js`)};`);
const imported = spawnSync(process.execPath, ['--input-type=module', '-'], {
  cwd: out,
  input: names.join('\n'),
  stdio: ['pipe', 'inherit', 'inherit'],
});
if (tsc.status === 0 && imported.status === 0) {
  putInPlace();
} else {
  rmSync(out, { recursive: true, force: true });
  process.exitCode = 1;
}
