// What was lost between two formats, told instead of kept silent.

const LOSSES = {
  'attachment-missing': 'the file does not hold the content of an attachment',
} as const;

/** Every `code` a {@link Loss} can have. Stable: a code is never reused for another loss. */
export type LossCode = keyof typeof LOSSES;

/** Something that the source says and the target does not. */
export interface Loss {
  /** A stable string to switch on; see {@link LossCode}. */
  readonly code: LossCode;
  /** What was lost, for people. */
  readonly message: string;
}

/** Tells of a loss. */
export type Note = (code: LossCode, message: string) => void;
