// Proves that package.json's exports, the build and what README and docs import agree.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const faults = [];

for (const [subpath, target] of Object.entries(exports)) {
  for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
    if (!existsSync(file))
      faults.push(`package.json: ${subpath} names ${file}, which the build did not make`);
  }
  if (typeof target !== 'string' && Object.keys(target)[0] !== 'types') {
    faults.push(`package.json: ${subpath} must name its types first`);
  }
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
];
let imports = 0;
for (const page of pages.filter((name) => name.endsWith('.md') && existsSync(name))) {
  for (const [, wanted] of readFileSync(page, 'utf8').matchAll(/from '(posthorn(?:\/[^']+)?)'/g)) {
    imports += 1;
    if (!exports[`.${wanted.slice('posthorn'.length)}`])
      faults.push(`${page}: ${wanted} is not exported`);
  }
}
if (imports === 0) faults.push('no page imports posthorn: is the pattern still right?');

for (const fault of faults) console.error(fault);
console.log(
  `exports: ${Object.keys(exports).length} subpaths, ${imports} imports in pages, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
