// What all parts of one parsed input share.
import type { ByteSource } from '../../base/internal.ts';
import type { LineIndex } from './line-index.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import type { ScanProblem } from './scan-tree.ts';

/** One input after the scan. */
export interface ScannedInput {
  /** Its octets. */
  readonly source: ByteSource;
  /** The octet that ends a line in it. */
  readonly lineEnd: number;
  /** How it is read. */
  readonly rules: ReadingRules;
  /** Its lines. */
  readonly lines: LineIndex;
  /** What the scanner found wrong. */
  readonly structure: readonly ScanProblem[];
  /** Reads the octets of a message inside this input, one level deeper. */
  readonly parseNested: (source: ByteSource) => ParsedEntity;
}
