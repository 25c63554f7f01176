// Comments of structured fields (RFC 5322 section 3.2.2).

/** The text without its comments, nested ones too; quoted-strings are left alone. Linear in its length. */
export function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  let out = '';
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (depth === 0 && char === '"') isQuoted = !isQuoted;
    else if (char === '(' && !isQuoted) {
      if (depth === 0) out += `${text.slice(from, at)} `;
      depth++;
    } else if (char === ')' && depth > 0) {
      depth--;
      from = at + 1;
    }
  }
  return depth === 0 ? out + text.slice(from) : out;
}
