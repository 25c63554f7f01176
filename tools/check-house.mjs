// Checks every import under src/ against house.json: floors, doors, builtins, packages, loops, file length and names.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { doorsFor, house } from './house.mjs';

const IMPORT =
  /(?:^|[;}\s])(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
const MAX_LINES = 500;
const MAX_MEDIAN = 150;

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const roomOf = (path) => /^src\/([^/]+)\//.exec(path)?.[1];
const packageOf = (wanted) => wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/');

const faults = [];
const edges = new Map();
const files = readdirSync('src', { recursive: true })
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts'));
const lengths = [];

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.data.ts')) {
    const lines = text.split('\n').length - 1;
    lengths.push(lines);
    if (lines > MAX_LINES) faults.push(`${file}: ${lines} lines, at most ${MAX_LINES}`);
  }
  const name = roomOf(file);
  const room = house.rooms[name];
  if (!room) {
    if (!house.roof.includes(file)) faults.push(`${file}: not in a room of the plan`);
    continue;
  }
  for (const [statement, from, other] of withoutComments(text).matchAll(IMPORT)) {
    if (/\bimport\s*\(/.test(statement) && isOnFirstUse(file, name, other)) continue;
    const complaint = judge(file, name, room, from ?? other);
    if (complaint) faults.push(`${file}: ${complaint}`);
  }
}

/** A door that a room may open upwards, at run time only: what one asks for, the other does not load before. */
function isOnFirstUse(file, name, wanted) {
  const [used, door] = posix.join(posix.dirname(file), wanted).split('/').slice(1);
  return (house.onFirstUse[name] ?? []).includes(used) && house.doors.includes(door);
}

function judge(file, name, room, wanted) {
  if (!wanted.startsWith('.')) {
    const module = wanted.replace(/^node:/, '').split('/')[0];
    if (builtinModules.includes(module)) {
      if (!wanted.startsWith('node:')) return `write node:${wanted}`;
      return room.node.includes(module) ? undefined : `${name} may not use ${wanted}`;
    }
    return (house.npm[name] ?? []).includes(packageOf(wanted))
      ? undefined
      : `${name} may not use package ${wanted}`;
  }
  const target = posix.join(posix.dirname(file), wanted);
  edges.set(file, [...(edges.get(file) ?? []), target]);
  const used = roomOf(target);
  if (used === undefined) return `${target} is outside every room`;
  if (used === name) {
    const isDoor = house.doors.some((door) => target === `src/${name}/${door}`);
    const atDoor = house.doors.some((door) => file === `src/${name}/${door}`);
    return isDoor && !atDoor ? 'imports its own door' : undefined;
  }
  if (!room.uses.includes(used)) return `${name} (floor ${room.floor}) may not use ${used}`;
  return doorsFor(room).includes(target.slice(`src/${used}/`.length))
    ? undefined
    : `reaches past the door of ${used}`;
}

// Floors rule out loops between rooms; this finds the ones inside a room.
const done = new Set();
const trail = [];
function walk(file) {
  if (trail.includes(file)) {
    faults.push(`loop: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
    return;
  }
  if (done.has(file)) return;
  trail.push(file);
  for (const next of edges.get(file) ?? []) walk(next);
  trail.pop();
  done.add(file);
}
for (const file of edges.keys()) walk(file);

lengths.sort((a, b) => a - b);
const median = lengths[lengths.length >> 1] ?? 0;
if (median > MAX_MEDIAN) faults.push(`the median file has ${median} lines, at most ${MAX_MEDIAN}`);

for (const fault of faults) console.error(fault);
console.log(
  `house: ${files.length} files, ${Object.keys(house.rooms).length} rooms, median ${median} lines, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
