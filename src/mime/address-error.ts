// The one place that words the errors of the strict address parser.
import { InvalidAddressError, printable } from '../base/index.ts';

const AROUND = 40;

/** A piece of the input in quotes, safe to print, cut when long. */
export function shown(text: string): string {
  return `'${printable(text, 2 * AROUND)}'`;
}

/**
 * The error for `input` refused at `position` (UTF-16 units from 0); says what was expected there
 * and, when known, the cure. `field` names the header field or option the input was given for.
 */
export function addressError(
  input: string,
  position: number,
  problem: string,
  cure: string | undefined,
  field: string | undefined,
): InvalidAddressError {
  const where = field === undefined ? '' : `${field}: `;
  const what = `"${around(input, position)}" is not an address: ${problem}`;
  const message = `${where}${what} (character ${position + 1})${cure ? `; ${cure}` : ''}`;
  return new InvalidAddressError('ADDRESS_INVALID', message, input, position);
}

function around(input: string, position: number): string {
  if (input.length <= 2 * AROUND) return printable(input);
  const start = Math.max(0, position - AROUND);
  const end = Math.min(input.length, position + AROUND);
  const text = printable(input.slice(start, end));
  return `${start > 0 ? '…' : ''}${text}${end < input.length ? '…' : ''}`;
}
