// Runs in a process of its own, in a user's folder: imports each module that is named in the arguments, one
// after the other, and prints what went wrong as JSON: [[module, failure], …].
import { pathToFileURL } from 'node:url';

const failures = [];
let current = '';
// What the blocks print is theirs; the last line is ours.
console.log = () => {};
process.on('unhandledRejection', (error) =>
  failures.push([current, `left behind: ${error?.stack}`]),
);

for (const module of process.argv.slice(2)) {
  current = module;
  const slow = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('did not end within 10 s')), 10_000).unref();
  });
  try {
    await Promise.race([import(pathToFileURL(module).href), slow]);
    // Time for what a block left behind to show itself.
    await new Promise(setImmediate);
  } catch (error) {
    failures.push([module, error?.stack ?? String(error)]);
  }
}
process.stdout.write(JSON.stringify(failures), () => process.exit(0));
