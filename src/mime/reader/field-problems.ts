// What is wrong with one field of a header that was read.
import { isUtf8 } from 'node:buffer';
import { LimitError } from '../../base/index.ts';
import { latin1Bytes } from '../../base/internal.ts';
import { hidesLineEnds } from '../../codec/index.ts';
import type { MailAddress } from '../address.ts';
import { mailboxesOf } from '../address-list.ts';
import { withoutComments } from './comments.ts';
import { readBoundary, readContentType } from './content-type.ts';
import { unfold } from './header-value.ts';
import type { ReadingRules } from './parse-options.ts';
import { type ParsedField, readingOf } from './parsed-headers.ts';
import type { ProblemCode } from './problem.ts';
import { closingQuote } from './quoted-string.ts';
import { readDate } from './read-date.ts';

const ADDRESS_FIELD = /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)$/;
const DATE_FIELD = /^(?:resent-)?date$/;
const IDENTIFIER = /^(?:message-id|content-id|resent-message-id)$/;
const PARAMETERS = /^content-(?:type|disposition)$/;
// A CR or LF that is not part of a fold, and what else no text field holds.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n?[ \t])|\n(?![ \t])/;
const EIGHT_BIT = /[\x80-\xff]/;
const WORD = /=\?[^?\s]+\?[bq]\?/i;
// The marks that embed, override or isolate a direction (Unicode UAX 9).
const BIDI = /[\u202a-\u202e\u2066-\u2069]/;

type Report = (code: ProblemCode) => void;

/** Reports every kind of deviation in a field once. */
export function findFieldProblems(field: ParsedField, rules: ReadingRules, report: Report): void {
  const { raw } = field;
  const name = field.name.toLowerCase();
  if (CONTROL.test(raw)) report('field-control');
  if (EIGHT_BIT.test(raw) && !isUtf8(latin1Bytes(raw))) report('field-not-utf8');
  if (ADDRESS_FIELD.test(name)) checkAddresses(field, rules, report);
  else if (DATE_FIELD.test(name)) {
    if (readDate(raw) === undefined) report('date-invalid');
  } else if (IDENTIFIER.test(name)) {
    if (!/^<[^<>\s]+>$/.test(unfold(raw))) report('identifier-invalid');
  } else if (PARAMETERS.test(name)) checkParameters(name, raw, report);
  if (raw.includes('=?') || EIGHT_BIT.test(raw)) checkText(field, report);
}

function checkText(field: ParsedField, report: Report): void {
  const { value } = field;
  if (WORD.test(value)) report('encoded-word-invalid');
  if (hidesLineEnds(unfold(field.raw))) report('encoded-word-control');
  if (BIDI.test(value)) report('bidi-control');
}

function checkAddresses(field: ParsedField, rules: ReadingRules, report: Report): void {
  try {
    const { addresses, problems } = readingOf(field, rules);
    for (const code of new Set(problems.map((problem) => problem.code))) report(code);
    if (mailboxesOf(addresses).some(hasMisleadingName)) report('name-is-address');
  } catch (error) {
    // Too many addresses: whoever reads the field is told.
    if (!(error instanceof LimitError)) throw error;
  }
}

function hasMisleadingName({ name, address }: MailAddress): boolean {
  if (!name.includes('@')) return false;
  const words = name.toLowerCase().split(/[\s<>()"',;]+/);
  return words.some((word) => /^[^@]+@[^@]+\.[^@]+$/.test(word) && word !== address.toLowerCase());
}

// The beginning of a parameter (RFC 2045 section 5.1), without comments: its name, and its value if that is no quoted-string.
// The last semicolon of a value is often one too many.
const PARAMETER =
  /;[\t-\r ]*(?:([\w!#$&+\-.^`{|}~*%']+)[\t-\r ]*=[\t-\r ]*("|[^\0-\x20\x7f()<>@,;:\\"/[\]?=]+))?/y;
const BLANKS = /[\t-\r ]*/y;

function checkParameters(name: string, raw: string, report: Report): void {
  const text = withoutComments(unfold(raw));
  const names = new Set<string>();
  const flaws = new Set<ProblemCode>();
  let at = text.indexOf(';');
  while (at !== -1 && at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match) break;
    const [, parameter = '', value = ''] = match;
    const end =
      value === '"' ? closingQuote(text, PARAMETER.lastIndex - 1) : PARAMETER.lastIndex - 1;
    if (end === -1) break;
    const isEncoded = value === '"' && WORD.test(text.slice(at, end));
    // Everybody writes `name` so for old readers; beside it `filename` has the right form.
    if (isEncoded && parameter !== 'name') flaws.add('parameter-encoded-word');
    BLANKS.lastIndex = end + 1;
    BLANKS.test(text);
    at = BLANKS.lastIndex;
    if (parameter === '') {
      if (at < text.length) flaws.add('parameter-invalid');
      continue;
    }
    const lower = parameter.toLowerCase();
    if (names.has(lower)) flaws.add('parameter-repeated');
    names.add(lower);
  }
  if ((at !== -1 && at < text.length) || hasGap(names)) flaws.add('parameter-invalid');
  for (const flaw of flaws) report(flaw);
  if (name === 'content-type') checkContentType(raw, report);
}

/** Whether a piece of a continued parameter (RFC 2231 section 3) is missing. */
function hasGap(names: ReadonlySet<string>): boolean {
  for (const name of names) {
    const [, base = '', number = ''] = /^([^*]+)\*([1-9]\d{0,3})\*?$/.exec(name) ?? [];
    const before = `${base}*${Number(number) - 1}`;
    if (base !== '' && !names.has(before) && !names.has(`${before}*`)) return true;
  }
  return false;
}

// RFC 2046 section 5.1.1.
const BOUNDARY = /^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/;

function checkContentType(raw: string, report: Report): void {
  const contentType = readContentType(raw);
  if (contentType === undefined) report('content-type-invalid');
  else if (contentType.type === 'multipart') {
    const boundary = readBoundary(raw, contentType.parameters);
    if (boundary !== undefined && !BOUNDARY.test(boundary)) report('boundary-invalid');
  }
}
