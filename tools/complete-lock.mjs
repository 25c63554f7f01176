// Completes the lock files after a change of dependencies: npm leaves out the optional packages of platforms that it could
// not look up, and `npm ci` then refuses the file. Each is added with its exact version and the platform its name tells.
//   node tools/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const OS = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ');
const CPU = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x x64 wasm32'.split(' ');

/** What a platform package's name says: `@scope/tool-linux-arm64-musl`, `@scope/linux-x64`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => OS.includes(word));
  const cpu = words
    .map((word) => word.replace('ppc64le', 'ppc64'))
    .filter((word) => CPU.includes(word));
  if (cpu.length !== 1) return undefined;
  const last = words.at(-1);
  return {
    ...(os.includes('linux') && /musl/.test(last) && { libc: ['musl'] }),
    ...(os.includes('linux') && /gnu/.test(last) && { libc: ['glibc'] }),
    cpu,
    ...(os.length > 0 && { os }),
  };
}

for (const file of ['package-lock.json', 'bench/package-lock.json', '.ci/package-lock.json']) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = [];
  for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (lock.packages[`node_modules/${name}`]) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) {
        console.error(`${file}: can't tell the platform of ${name}@${version}`);
        continue;
      }
      const { libc, cpu, os } = platform;
      lock.packages[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      };
      missing.push(name);
    }
  }
  const byPath = ([a], [b]) => (a < b ? -1 : 1);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${file}: ${missing.length} added`);
}
