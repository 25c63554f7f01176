// Header fields that Outlook knows nothing of, kept under their own names (PS_INTERNET_HEADERS, MS-OXCMAIL section
// 2.2.3.2.26).
import { type MapiProperties, PropertyType, propertySets } from '../../mapi/index.ts';
import type { ParsedHeaders } from '../../mime/index.ts';

const NAME = /^[!-9;-~]{1,255}$/;

// What the form of the body says, and what says how a message came: the transport header keeps that.
const NOT_KEPT =
  /^(?:content-(?!class$|language$)|mime-version$|received$|return-path$|delivered-to$|dkim-|arc-|domainkey-|authentication-results|received-spf|acceptlanguage$)/i;

/** The fields among the properties, as name and text, each name once. */
export function* internetHeaders(properties: MapiProperties): Generator<[string, string]> {
  for (const { key, value } of properties) {
    if (!('name' in key) || key.set.toUpperCase() !== propertySets.internetHeaders) continue;
    const text = Array.isArray(value) ? value[0] : value;
    if (typeof text !== 'string' || text === '') continue;
    if (NAME.test(key.name) && !NOT_KEPT.test(key.name)) yield [key.name, text];
  }
}

/**
 * Keeps the fields of a header for which there is no property. Of a name that is there more than once the first is kept;
 * gives the names of the others.
 */
export function keepInternetHeaders(
  properties: MapiProperties,
  headers: ParsedHeaders,
  isKnown: (name: string) => boolean,
): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name, value } of headers.fields) {
    const lower = name.toLowerCase();
    if (isKnown(lower) || NOT_KEPT.test(name) || !NAME.test(name)) continue;
    if (seen.has(lower)) repeated.add(name);
    else {
      seen.add(lower);
      const tag = { set: propertySets.internetHeaders, name, type: PropertyType.String };
      properties.set(tag, value);
    }
  }
  return [...repeated];
}
