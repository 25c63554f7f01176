// What readers found wrong and went on, and what writers could not put down as it was.
import { limits } from '../base/index.ts';

/** What kind of thing was wrong; see {@link MapiProblem}. */
export type MapiProblemCode =
  /** A part of the file is not what its checksum was made of. */
  | 'CHECKSUM_WRONG'
  /** Something that belongs to nothing stands after the end. */
  | 'TRAILING_OCTETS'
  /** A property's value is not where it should be. */
  | 'VALUE_MISSING'
  /** A property's value is shorter, longer or otherwise not as it says. */
  | 'VALUE_DAMAGED'
  /** A list of properties, recipients or attachments has other parts than it says. */
  | 'STRUCTURE_DAMAGED'
  /** The same property is there more than once; the first counts. */
  | 'PROPERTY_REPEATED'
  /** A named property's name can't be found; it is left out. */
  | 'NAME_UNKNOWN'
  /** A type of property that is not known here; its octets are kept. */
  | 'TYPE_UNKNOWN'
  /** An attached message or object can't be read. */
  | 'ATTACHMENT_DAMAGED'
  /** Text has characters that the code page asked for does not have. */
  | 'TEXT_LOSSY'
  /** More recipients or attachments than the format foresees: they are written, and other programs may stop before the last. */
  | 'TOO_MANY'
  /** A code page that is not known here; Windows-1252 was taken. */
  | 'CODE_PAGE_UNKNOWN';

/** One thing that was wrong, and how it was taken. */
export interface MapiProblem {
  /** What kind of thing, to switch on. */
  readonly code: MapiProblemCode;
  /** What was wrong, in words; safe to print. */
  readonly message: string;
  /** Where: `''` for the message itself, else such as `recipient 1` or `attachment 0/attachment 2`. */
  readonly path: string;
}

/** Adds a problem to a list, as long as the limit `problems` allows. */
export function addProblem(problems: MapiProblem[], problem: MapiProblem): void {
  if (problems.length < limits.problems) problems.push(problem);
}
