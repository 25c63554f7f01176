// Being built.
import type { FormatDriver } from './format-driver.ts';
import { unwritten } from './unwritten.ts';

/** json files. */
export const json: FormatDriver = unwritten('json');
