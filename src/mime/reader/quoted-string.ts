// Quoted-strings (RFC 5322 section 3.2.4) of any length: a pattern with a group for each character would need a stack.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the quoted-string that opens at `start` closes; -1 when it does not. */
export function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return -1;
}
