// Fields whose value is made of tokens: parameters (RFC 2045 section 5.1), lists of tokens, raw values.
import { encodeParameter } from '../../codec/index.ts';
import { encodeLegacyName } from '../../codec/internal.ts';
import { FoldedValue } from './fold.ts';
import {
  checkField,
  checkFieldText,
  type HeaderField,
  type HeaderOptions,
  headerError,
} from './header-field.ts';

const TOKEN = "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]+";
// RFC 2231 gives `*` in a name a meaning of its own.
const PARAMETER_NAME = /^[!#$&+\-.0-9A-Z^_`a-z{|}~]+$/;
const VALUE = new RegExp(`^${TOKEN}(?:/${TOKEN})?$`);
const VISIBLE_ASCII = /^[!-~]+$/;
const RAW_OPTIONS: HeaderOptions = { utf8: true };

/**
 * A value with parameters: Content-Type, Content-Disposition. A parameter that is not short ASCII is
 * written as RFC 2231 says, whatever the options; `name` of Content-Type as encoded words in quotes,
 * for that is what Outlook and Gmail read.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: the value is not `token` or
 * `type/subtype`, a parameter's name is not a token, or CR, LF or NUL in a parameter.
 */
export function parameterField(
  name: string,
  value: string,
  parameters: Iterable<readonly [string, string]>,
  _o?: HeaderOptions,
): HeaderField {
  if (!VALUE.test(value)) {
    checkFieldText(name, value);
    throw headerError(name, `has the value "${value}"; write a token or type/subtype`);
  }
  const pieces = [value];
  for (const [parameter, text] of parameters) {
    if (!PARAMETER_NAME.test(parameter)) {
      checkFieldText(name, parameter);
      throw headerError(
        name,
        `has a parameter named "${parameter}"; use ASCII letters, digits, hyphens`,
      );
    }
    checkFieldText(`${name} (${parameter})`, text);
    pieces.push(...writeParameter(name, parameter, text));
  }
  const folded = new FoldedValue(name);
  const last = pieces.length - 1;
  pieces.forEach((piece, index) => {
    folded.add(index < last ? `${piece};` : piece);
  });
  return { name, value: folded.toString() };
}

function writeParameter(field: string, parameter: string, text: string): readonly string[] {
  const isLegacy = parameter === 'name' && field.toLowerCase() === 'content-type';
  return isLegacy ? [encodeLegacyName(text)] : encodeParameter(parameter, text);
}

/**
 * ASCII tokens with a blank between them, folded there: References, In-Reply-To, List-Unsubscribe.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: a token is empty, or holds a blank, a
 * control or a character that is not ASCII.
 */
export function tokensField(name: string, tokens: Iterable<string>): HeaderField {
  const value = new FoldedValue(name);
  for (const token of tokens) {
    if (!VISIBLE_ASCII.test(token)) {
      checkFieldText(name, token);
      throw headerError(name, `holds "${token}"; use ASCII without blanks`);
    }
    value.add(token);
  }
  return { name, value: value.toString() };
}

/**
 * A value that is written as it is.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: the name is not ftext (RFC 5322
 * section 3.6.8), or the value holds CR, LF or NUL other than as proper folding, or a line over
 * `limits.writtenLineBytes`.
 */
export function rawField(name: string, value: string): HeaderField {
  checkField(name, value, RAW_OPTIONS);
  return { name, value };
}
