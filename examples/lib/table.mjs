// A table for the terminal: columns by display width, colours on a terminal only.
import { styleText } from 'node:util';

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff00-\uff60]/u;
const zeroWidth = /[\p{Mark}\u200b-\u200f]/u;
const coloured = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Text with a look (`'bold'`, `'green'`, …) where colours are wanted. */
export const look = (format, text) =>
  coloured ? styleText(format, text, { validateStream: false }) : text;

/** The columns a text takes in a terminal. */
function columnsOf(text) {
  let columns = 0;
  for (const char of text) columns += zeroWidth.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return columns;
}

/** The text cut to so many columns, with an ellipsis where something was cut. */
export function cut(text, max) {
  if (columnsOf(text) <= max) return text;
  let kept = '';
  for (const char of text) {
    if (columnsOf(kept + char) >= max) break;
    kept += char;
  }
  return `${kept}…`;
}

/** One line of a table: cells padded to their columns; a negative width sets the text to the right. */
export function row(cells, widths) {
  return cells
    .map((cell, at) => {
      const width = widths[at];
      const space = ' '.repeat(Math.max(0, Math.abs(width) - columnsOf(cell)));
      return width < 0 ? space + cell : cell + space;
    })
    .join('  ')
    .trimEnd();
}

/** A count of octets as people read it. */
export function sizeOf(octets) {
  if (octets < 1000) return `${octets} B`;
  return octets < 999_500 ? `${(octets / 1000).toFixed(1)} KB` : `${(octets / 1e6).toFixed(1)} MB`;
}
