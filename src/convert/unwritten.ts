// Stands in for what is being built.
import { FormatError } from '../base/index.ts';
import type { FormatDriver } from './format-driver.ts';

/** A format whose code is not there yet. */
export function unwritten(format: string): FormatDriver {
  const refuse = (): never => {
    throw new FormatError(`${format} is not there yet`, format, 0);
  };
  return { read: async () => refuse(), write: refuse };
}
