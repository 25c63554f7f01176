// The error for a compound file that can't be read.
import { FormatError } from '../../base/index.ts';

/** A {@link FormatError} of a compound file, with what to do about it. */
export function compoundFault(what: string, offset: number): FormatError {
  return new FormatError(
    `The compound file is damaged at octet ${offset}: ${what}; get the file again, or save it anew where it comes from`,
    'cfb',
    offset,
  );
}
