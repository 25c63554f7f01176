// Being built.
import type { FormatDriver } from './format-driver.ts';
import { unwritten } from './unwritten.ts';

/** text files. */
export const text: FormatDriver = unwritten('text');
