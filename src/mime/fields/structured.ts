// Fields whose value is made of tokens: parameters (RFC 2045 section 5.1), lists of tokens, raw values.
import { encodeParameter } from '../../codec/index.ts';
import { encodeLegacyName } from '../../codec/internal.ts';
import { FoldedValue } from './fold.ts';
import {
  checkFieldName,
  checkFieldText,
  type HeaderField,
  type HeaderOptions,
  headerError,
  writeHeaderLines,
} from './header-field.ts';

const TOKEN = "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]+";
const PARAMETER_NAME = new RegExp(`^${TOKEN}$`);
const VALUE = new RegExp(`^${TOKEN}(?:/${TOKEN})?$`);
const VISIBLE_ASCII = /^[!-~]+$/;

/**
 * A value with parameters: Content-Type, Content-Disposition. Parameters that are not short ASCII are
 * written as RFC 2231 says; `name` of Content-Type as encoded words in quotes, which is what
 * Outlook and Gmail read.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: the value is not `token` or
 * `type/subtype`, a parameter's name is not a token, or CR, LF or NUL in a parameter.
 */
export function parameterField(
  name: string,
  value: string,
  parameters: Iterable<readonly [string, string]>,
  _o: HeaderOptions,
): HeaderField {
  if (!VALUE.test(value))
    throw headerError(name, `has the value "${value}"; write a token or type/subtype`);
  const folded = new FoldedValue(name);
  folded.add(value, 1);
  for (const [parameter, text] of parameters) {
    if (!PARAMETER_NAME.test(parameter)) {
      throw headerError(
        name,
        `has a parameter named "${parameter}"; use ASCII letters, digits and hyphens`,
      );
    }
    checkFieldText(`${name}, parameter ${parameter},`, text);
    const isLegacy = parameter === 'name' && /^content-type$/i.test(name);
    for (const piece of isLegacy ? [encodeLegacyName(text)] : encodeParameter(parameter, text)) {
      folded.append(';');
      folded.add(piece, 1);
    }
  }
  return { name, value: folded.toString() };
}

/**
 * ASCII tokens with a blank between them, folded there: References, In-Reply-To, List-Unsubscribe.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: a token is empty or holds a blank, a
 * control or a character that is not ASCII.
 */
export function tokensField(name: string, tokens: Iterable<string>): HeaderField {
  const value = new FoldedValue(name);
  for (const token of tokens) {
    checkFieldText(name, token);
    if (!VISIBLE_ASCII.test(token))
      throw headerError(name, `holds "${token}"; use ASCII without blanks`);
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
  checkFieldName(name);
  const field = { name, value };
  writeHeaderLines([field], { utf8: true });
  return field;
}
