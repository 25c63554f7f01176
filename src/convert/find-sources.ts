// Which files a conversion of many means: those that are named, and those in folders that are, however deep.
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A file to convert. */
export interface SourceFile {
  /** Where it is. */
  readonly path: string;
  /** Where it stands below what was named: `''` for a file that was named itself. */
  readonly folder: string;
  /** Whether it was named itself: then it has to be mail. */
  readonly isNamed: boolean;
}

// 2.eml comes before 10.eml.
const { compare: byName } = new Intl.Collator('en', { numeric: true });

/** Every file in the order of the names. Links to folders are not followed. @throws Node's error for one that is not there. */
export async function findSources(given: Iterable<string>): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for (const path of given) {
    if (!(await stat(path)).isDirectory()) {
      found.push({ path, folder: '', isNamed: true });
      continue;
    }
    for (const file of await filesIn(path)) {
      found.push({ path: file, folder: relative(path, dirname(file)), isNamed: false });
    }
  }
  return found;
}

/** The files in a folder, without hidden ones. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (entry.isFile() || (await isFile(path))) files.push(path);
  }
  return files;
}

/** Whether a link leads to a file. */
async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
