// Documentation coverage: every name a public entry exports, and every member of it, has a doc comment.
// Reads the emitted declarations, in which each declaration and member starts a line of its own.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap((target) => (target.types ? [target.types] : []));
const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(interface|class|function|const|type|let)\s+([A-Za-z_$][\w$]*)/;
// What needs no comment of its own: the class's or interface's comment covers it, or its one value says all.
const EXEMPT =
  /^(?:#private;|constructor\(|private |protected |static \{|toString\(\)|toJSON\(\)|\[Symbol\.|override readonly name\b|readonly (?:kind|type): '[^']*';)/;

const modules = new Map();
const faults = [];
let names = 0;
let members = 0;

/** The declarations of a file, with their doc comments and members; and its re-exports. */
function read(path) {
  const known = modules.get(path);
  if (known) return known;
  const module = { declared: new Map(), named: new Map(), all: [] };
  modules.set(path, module);
  const text = readFileSync(path, 'utf8');
  for (const [, list, from] of text.matchAll(/export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/g)) {
    for (const item of list.split(',').map((part) => part.trim().replace(/^type /, ''))) {
      if (!item) continue;
      const [inner, outer = inner] = item.split(/\s+as\s+/);
      module.named.set(outer, { name: inner, from: from && resolve(path, from) });
    }
  }
  for (const [, from] of text.matchAll(/export \* from '([^']+)'/g))
    module.all.push(resolve(path, from));
  collect(text.split('\n'), module);
  return module;
}

function resolve(path, from) {
  return posix.join(posix.dirname(path), from).replace(/\.(?:ts|js)$/, '.d.ts');
}

function collect(lines, module) {
  let documented = false;
  let current;
  let depth = 0;
  let inComment = false;
  let memberOpen = false;
  const seenMembers = new Map();
  for (const line of lines) {
    const text = line.trim();
    if (inComment || text.startsWith('/**')) {
      inComment = !text.endsWith('*/');
      documented = true;
      continue;
    }
    if (text === '') continue;
    if (depth === 0) {
      const match = DECLARATION.exec(text);
      if (match) {
        const [, kind, name] = match;
        const before = module.declared.get(name);
        current = {
          kind,
          documented: documented || before?.documented === true,
          // What a class implements is described at its interface.
          implements: / implements /.test(text),
          members: [],
        };
        module.declared.set(name, current);
        seenMembers.clear();
      }
    } else if (depth === 1 && !memberOpen && current && /^(interface|class)$/.test(current.kind)) {
      const name = text.replace(
        /^(?:static |readonly |get |set |override |abstract |declare )*/,
        '',
      );
      const key = /^[\w$]+|^\[[^\]]*\]|^'[^']*'/.exec(name)?.[0];
      if (key && text !== '}' && !EXEMPT.test(text) && !current.implements) {
        const isDocumented = documented || seenMembers.get(key) === true;
        seenMembers.set(key, isDocumented);
        current.members.push([key, isDocumented]);
      }
    }
    const structural = text.replace(/'[^']*'|"[^"]*"/g, '');
    for (const char of structural) {
      if (char === '{') depth += 1;
      else if (char === '}') depth -= 1;
    }
    memberOpen =
      depth > 1 ||
      (depth === 1 && memberOpen && !text.endsWith(';')) ||
      (depth === 1 && !/[;{}]$/.test(text));
    documented = false;
  }
}

function check(path, name, outer, entry, done) {
  const id = `${path}#${name}`;
  if (done.has(id)) return;
  done.add(id);
  const module = read(path);
  const declaration = module.declared.get(name);
  if (!declaration) {
    const via = module.named.get(name);
    if (via?.from) check(via.from, via.name, outer, entry, done);
    else for (const from of module.all) check(from, name, outer, entry, done);
    return;
  }
  names += 1;
  if (!declaration.documented) faults.push(`${path}: ${name} has no doc comment`);
  for (const [member, documented] of declaration.members) {
    members += 1;
    if (!documented) faults.push(`${path}: ${name}.${member} has no doc comment`);
  }
}

const done = new Set();
function walk(path, entry) {
  const module = read(path);
  for (const [outer, { name, from }] of module.named) check(from ?? path, name, outer, entry, done);
  for (const from of module.all) walk(from, entry);
  for (const name of module.declared.keys()) check(path, name, name, entry, done);
}
for (const entry of entries) {
  const path = posix.normalize(entry);
  const module = read(path);
  for (const [outer, { name, from }] of module.named) check(from ?? path, name, outer, path, done);
  for (const from of module.all) walk(from, path);
}

if (names < 20) faults.push(`only ${names} public names found: is the reader still right?`);
for (const fault of [...new Set(faults)]) console.error(fault);
console.log(
  `docs: ${names} public names, ${members} members, ${faults.length} without a doc comment`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
