// What was wrong with a message that was read: deviations in its MIME, and what the file around it did not hold.
import type { ProblemCode } from '../mime/index.ts';

/** Something wrong with a message that was read; it was read all the same. */
export interface MessageProblem {
  /** A stable string to switch on; see {@link ProblemCode} and {@link FileProblemCode}. */
  readonly code: ProblemCode | FileProblemCode;
  /** What is wrong and how it was read, for people. */
  readonly message: string;
  /** Where, in octets from the start of the input; `0` where no place can be named. */
  readonly offset: number;
  /** Where, as a line of the input counted from 1. */
  readonly line: number;
}

/** Every `code` of a problem with a file of another format than EML. Stable: a code is never reused for another problem. */
export type FileProblemCode =
  /** The file is damaged; what could be read was read. */
  | 'file-damaged'
  /** The file names an attachment and does not hold its content. */
  | 'attachment-missing'
  /** A page refers to a file that was not read: it is not there, or not beneath the page's folder. */
  | 'resource-missing';
