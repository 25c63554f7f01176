// Which files `posthorn send` means: the arguments, and what is in those that are folders.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '../../../base/index.ts';

/** Whether the arguments are more than one message: several, or a folder. */
export async function areMany(given: readonly string[]): Promise<boolean> {
  const [first, ...others] = given;
  if (first === undefined || others.length > 0) return others.length > 0;
  return first !== '-' && (await isFolder(first));
}

/** Every file, in the order of the arguments; those of a folder by name. Throws Node's error for one that is not there. */
export async function storedFiles(given: readonly string[]): Promise<string[]> {
  if (given.includes('-')) {
    throw new OptionError('FILE', '- (standard input) is one message; it goes alone');
  }
  const files: string[] = [];
  for (const path of given) {
    const found = (await isFolder(path)) ? await inFolder(path) : [path];
    for (const file of found) files.push(file);
  }
  if (files.length > 0) return files;
  throw new OptionError(
    'FILE',
    'there is no message in the folder: no .eml, .emlx, .msg, .oft or .mht file, and no file in cur or new (Maildir)',
  );
}

const MESSAGE = /\.(?:eml|emlx|msg|oft|mht|mhtml)$/i;

// A Maildir keeps its messages in cur and new, under names of its own.
async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && MESSAGE.test(entry.name))
    .map(({ name }) => join(folder, name));
  for (const entry of entries) {
    if (!entry.isDirectory() || (entry.name !== 'cur' && entry.name !== 'new')) continue;
    const inside = join(folder, entry.name);
    for (const name of await readdir(inside)) {
      if (!name.startsWith('.')) files.push(join(inside, name));
    }
  }
  return files.sort(byName);
}

// 2.eml comes before 10.eml.
const { compare: byName } = new Intl.Collator('en', { numeric: true });

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
