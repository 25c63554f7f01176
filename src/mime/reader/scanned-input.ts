// What all parts of one parsed input share.
import type { LineIndex } from './line-index.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import type { ScanProblem } from './scan-tree.ts';

/** One input after the scan. */
export interface ScannedInput {
  /** All of its octets. */
  readonly bytes: Uint8Array;
  /** How it is read. */
  readonly rules: ReadingRules;
  /** Its lines. */
  readonly lines: LineIndex;
  /** What the scanner found wrong. */
  readonly structure: readonly ScanProblem[];
  /** Reads the octets of a message inside this input, one level deeper. */
  readonly parseNested: (bytes: Uint8Array) => ParsedEntity;
}
