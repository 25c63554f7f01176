// Being built.
import type { FormatDriver } from '../format-driver.ts';
import { unwritten } from '../unwritten.ts';

/** mht files. */
export const mht: FormatDriver = unwritten('mht');
