// Being built.
import type { FormatDriver } from '../format-driver.ts';
import { unwritten } from '../unwritten.ts';

/** emlx files. */
export const emlx: FormatDriver = unwritten('emlx');
