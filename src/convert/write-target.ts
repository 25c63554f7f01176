// The file that a conversion writes: whole or not at all, and over nothing that is not to be lost.
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptionError, printable } from '../base/index.ts';
import { writeFileWhole } from '../message/internal.ts';

/** Writes the file; its folder is made when it is not there. @throws {@link OptionError} It is there already. */
export async function writeTarget(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  overwrite: boolean,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (overwrite) {
    await writeFileWhole(path, chunks);
    return;
  }
  // The empty file keeps the place: nobody else can take it between the look and the writing.
  await reserve(path);
  try {
    await writeFileWhole(path, chunks);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Takes a place that nobody has. @throws {@link OptionError} Somebody has it. */
export async function reserve(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx');
    await file.close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new OptionError(
      'overwrite',
      `The file '${printable(path, 200)}' is there already; give another place, or allow it to be replaced (overwrite)`,
    );
  }
}
