// Web archives (MHT, RFC 2557), read and written.
import type { FormatDriver } from '../format-driver.ts';
import { readArchive } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

/** MHT files. */
export const mht: FormatDriver = { read: readArchive, write: writeArchive };
