// Being built.
import type { FormatDriver } from './format-driver.ts';
import { unwritten } from './unwritten.ts';

/** ics files. */
export const ics: FormatDriver = unwritten('ics');
