// The property list of an EMLX file: one dictionary of numbers, strings and dates.

/** A value of the list; what is neither number nor text is left to the raw list. */
export type ListValue = number | string;

const ENTRY = /<key>([^<]{0,200})<\/key>\s*<(integer|real|string|date)>([^<]{0,65536})<\/\2>/g;

/** The entries of a property list, by name. */
export function readPropertyList(text: string): Map<string, ListValue> {
  const entries = new Map<string, ListValue>();
  for (const [, key = '', type, value = ''] of text.matchAll(ENTRY)) {
    const number = Number(value);
    const isNumber = (type === 'integer' || type === 'real') && Number.isFinite(number);
    entries.set(unescaped(key), isNumber ? number : unescaped(value));
  }
  return entries;
}

/** A property list as Apple Mail writes it. */
export function writePropertyList(entries: ReadonlyMap<string, ListValue>): string {
  const lines = [...entries].map(([key, value]) => {
    const type = typeof value === 'number' ? 'integer' : 'string';
    return `\t<key>${escaped(key)}</key>\n\t<${type}>${escaped(String(value))}</${type}>\n`;
  });
  return `${HEAD}${lines.join('')}${FOOT}`;
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
`;
const FOOT = '</dict>\n</plist>\n';

// What XML 1.0 section 2.2 has no way to write is left out.
const escaped = (text: string): string =>
  text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
