// Names of fields and options that a caller writes: a name that isn't known is an error with a hint, never ignored.
import { OptionError, printable } from '../base/index.ts';

/** What may be given, and what people write in its place. */
export interface KnownNames {
  /** What carries the names, as the error calls it: `'a message'`. */
  readonly of: string;
  /** Every name that is taken. */
  readonly names: ReadonlySet<string>;
  /** Names of other libraries, with what to write here. */
  readonly habits: ReadonlyMap<string, string>;
}

/** Throws an {@link OptionError} when `given` is no object, or at its first own name that is not known. */
export function checkNames(given: object, known: KnownNames): void {
  if (typeof given !== 'object' || given === null) {
    throw new OptionError(
      'options',
      `The options of ${known.of} must be an object, got ${printable(String(given), 80)}`,
    );
  }
  for (const name of Object.keys(given)) {
    if (!known.names.has(name)) throw unknownName(name, known);
  }
}

function unknownName(name: string, known: KnownNames): OptionError {
  const cure = known.habits.get(name) ?? nearest(name, known.names);
  const hint = cure === undefined ? `known are ${[...known.names].join(', ')}` : cure;
  const shown = printable(name, 80);
  return new OptionError(shown, `'${shown}' is not an option of ${known.of}; ${hint}`);
}

function nearest(name: string, names: ReadonlySet<string>): string | undefined {
  const wanted = name.slice(0, 40).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of names) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best === undefined ? undefined : `did you mean '${best}'?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
