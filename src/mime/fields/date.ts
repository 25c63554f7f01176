// Date-times as RFC 5322 section 3.3 writes them. Reading them is in reader/.
import { InvalidMessageError } from '../../base/index.ts';

let lastSecond = Number.NaN;
let lastText = '';

/**
 * `'Fri, 20 Nov 2026 09:33:37 +0000'`; always UTC.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: the date is invalid or outside the
 * years 1900 to 9999 (RFC 5322 section 3.3).
 */
export function formatDate(date: Date): string {
  const second = Math.floor(date.getTime() / 1000);
  if (second === lastSecond) return lastText;
  const year = date.getUTCFullYear();
  if (!(year >= 1900 && year <= 9999)) {
    throw new InvalidMessageError(
      'MESSAGE_FIELD_INVALID',
      `The date ${Number.isNaN(year) ? 'is invalid' : `of year ${year} cannot be written`}; give a Date between 1900 and 9999`,
    );
  }
  lastText = date.toUTCString().replace('GMT', '+0000');
  lastSecond = second;
  return lastText;
}
