// What may be asked about a delivery beside reports, checked before a server is known.
import { OptionError } from '../base/index.ts';

/** What a caller may ask; see {@link DeliveryOptions}. */
export interface Wishes {
  readonly requireTls?: boolean | undefined;
  readonly deliverBySeconds?: number | undefined;
  readonly holdForSeconds?: number | undefined;
  readonly mtPriority?: number | undefined;
}

/** Throws an `OptionError` for a value that no server could take. */
export function checkWishes(wishes: Wishes): void {
  const { requireTls, deliverBySeconds, holdForSeconds, mtPriority } = wishes;
  if (requireTls !== undefined && typeof requireTls !== 'boolean') {
    throw wrong('requireTls', 'true or false');
  }
  // RFC 2852 section 4 and RFC 4865 section 5 allow nine digits.
  for (const [name, value] of Object.entries({ deliverBySeconds, holdForSeconds })) {
    if (value !== undefined && !isWithin(value, 1, 999_999_999)) {
      throw wrong(name, 'a whole number of seconds above 0');
    }
  }
  // RFC 6710 section 4.1.
  if (mtPriority !== undefined && !isWithin(mtPriority, -9, 9)) {
    throw wrong('mtPriority', 'an integer from -9 to 9');
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function wrong(option: string, expected: string): OptionError {
  return new OptionError(option, `Option '${option}' must be ${expected}`);
}
