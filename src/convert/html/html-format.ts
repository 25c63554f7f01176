// Being built.
import type { FormatDriver } from '../format-driver.ts';
import { unwritten } from '../unwritten.ts';

/** html files. */
export const html: FormatDriver = unwritten('html');
