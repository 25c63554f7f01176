// Text as RTF writes it: ASCII only, whatever it holds.

const SPECIAL = /[\\{}\0-\x1f\x7f-\uffff]/;
const EACH = /\r\n?|[\\{}\0-\x1f\x7f-\uffff]/g;

/** The text, escaped; line ends are `\par`. Characters are written as `\uN?` behind `\uc1`. */
export function escapeRtf(text: string): string {
  return SPECIAL.test(text) ? text.replace(EACH, escaped) : text;
}

function escaped(char: string): string {
  switch (char) {
    case '\\':
    case '{':
    case '}':
      return `\\${char}`;
    case '\r\n':
    case '\r':
    case '\n':
      return '\\par ';
    case '\t':
      return '\\tab ';
    case '\u00a0':
      return "\\'a0";
  }
  const code = char.charCodeAt(0);
  if (code < 0x80) return `\\'${code.toString(16).padStart(2, '0')}`;
  return `\\u${code < 0x8000 ? code : code - 65_536}?`;
}

const FONTS =
  '{\\fonttbl\r\n{\\f0\\fswiss\\fcharset0 Arial;}\r\n{\\f1\\fmodern\\fcharset0 Courier New;}\r\n{\\f2\\fnil\\fcharset2 Symbol;}}\r\n';
const COLORS = '{\\colortbl\\red0\\green0\\blue0;\\red0\\green0\\blue255;}\r\n';

/** The beginning of RTF that is the coat of HTML or text (MS-OXRTFEX section 2.1.3.1). */
export function rtfHead(from: '\\fromhtml1' | '\\fromtext'): string {
  return `{\\rtf1\\ansi\\ansicpg1252${from} \\fbidis \\deff0${FONTS}${COLORS}\\uc1\\pard\\plain\\deftab360 \\f0\\fs24 \r\n`;
}
