// SASLprep (RFC 4013): user names and passwords in one form, whatever keyboard they were typed on.
import { OptionError } from '../../base/index.ts';
import { codePointSet } from './code-points.ts';
import {
  leftToRight,
  mappedToNothing,
  nonAsciiSpace,
  prohibited,
  rightToLeft,
  unassigned,
} from './tables.ts';

const spaces = codePointSet(nonAsciiSpace);
const nothing = codePointSet(mappedToNothing);
const forbidden = codePointSet(prohibited);
const unknown = codePointSet(unassigned);
const rightward = codePointSet(leftToRight);
const leftward = codePointSet(rightToLeft);

/**
 * The prepared form of a user name or password: `option` is what errors call it. Throws `OptionError` for
 * characters that SASLprep forbids (controls, private use, characters newer than Unicode 3.2, mixed
 * directions); the text itself is never in the error.
 */
export function saslprep(text: string, option: string): string {
  // Most secrets are printable ASCII, which every step leaves as it is.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const prepared = mapped(text, option).normalize('NFKC');
  for (const char of prepared) {
    if (forbidden.has(codePointOf(char))) throw refused(option, 'a character that');
  }
  checkDirections(prepared, option);
  return prepared;
}

// RFC 4013 section 2.1, with RFC 3454 section 7 for stored strings: RFC 5802 section 2.2 asks for them.
function mapped(text: string, option: string): string {
  let result = '';
  for (const char of text) {
    const codePoint = codePointOf(char);
    if (unknown.has(codePoint)) throw refused(option, 'a character newer than Unicode 3.2, which');
    if (spaces.has(codePoint)) result += ' ';
    else if (!nothing.has(codePoint)) result += char;
  }
  return result;
}

// RFC 3454 section 6.
function checkDirections(text: string, option: string): void {
  const points = Array.from(text, codePointOf);
  if (!points.some((point) => leftward.has(point))) return;
  const [first = 0] = points;
  const isWhole = leftward.has(first) && leftward.has(points.at(-1) ?? 0);
  if (!isWhole || points.some((point) => rightward.has(point))) {
    throw refused(option, 'a mixture of writing directions, which');
  }
}

function codePointOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function refused(option: string, what: string): OptionError {
  return new OptionError(
    option,
    `Option '${option}' holds ${what} this mechanism can't carry (RFC 4013)`,
  );
}
