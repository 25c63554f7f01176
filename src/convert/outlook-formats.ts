// Being built.
import type { FormatDriver } from './format-driver.ts';
import { unwritten } from './unwritten.ts';

/** MSG files. */
export const msg: FormatDriver = unwritten('msg');
/** OFT files. */
export const oft: FormatDriver = unwritten('oft');
/** TNEF files. */
export const tnef: FormatDriver = unwritten('tnef');
