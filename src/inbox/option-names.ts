// Names of options and criteria are checked: one that nobody reads would let a test pass that should not.
import { OptionError, printable } from '../base/index.ts';

/** Throws an {@link OptionError} when `given` is no object, or has a name that is not `known`. */
export function checkNames(given: unknown, known: readonly string[], of: string): void {
  if (typeof given !== 'object' || given === null || given instanceof RegExp) {
    throw new OptionError(of, `The ${of} must be an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const shown = printable(unknown, 80);
  const meant = known.find((name) => name.toLowerCase() === unknown.toLowerCase());
  throw new OptionError(
    shown,
    `'${shown}' is not among the ${of}; ${meant === undefined ? `known are ${known.join(', ')}` : `write '${meant}'`}`,
  );
}
