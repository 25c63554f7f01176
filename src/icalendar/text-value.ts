// Values of type TEXT (RFC 5545 section 3.3.11): escaped on writing, unescaped on reading.

/** Text as the value of a property: in one line whatever it holds. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '');
}

const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', N: '\n' };

/** The text of a value; a backslash before anything else than `\;,nN` is kept. */
export function unescapeText(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([\\;,:"nN])/g, (_pair, char: string) => UNESCAPED[char] ?? char);
}

/** The texts of a list, which commas separate. */
export function splitTexts(value: string): string[] {
  const items = value.match(/(?:\\[\s\S]|[^,\\]|\\$)+/g) ?? [];
  return items.map((item) => unescapeText(item).trim()).filter((item) => item !== '');
}
