// Being built.
import type { FormatDriver } from './format-driver.ts';
import { unwritten } from './unwritten.ts';

/** vcf files. */
export const vcf: FormatDriver = unwritten('vcf');
