// RTF as simple HTML: paragraphs, tables, styles and links; no fonts, colours or pictures.
import { type RtfRun, renderRtf, Style } from './render-rtf.ts';

/** The HTML of RTF. */
export function renderHtml(rtf: Uint8Array): string {
  const lines: string[] = [];
  let isTable = false;
  const table = (isOpen: boolean): void => {
    if (isOpen !== isTable) lines.push(isOpen ? '<table border="1">' : '</table>');
    isTable = isOpen;
  };
  renderRtf(rtf, {
    paragraph: (runs) => {
      table(false);
      lines.push(`<p>${htmlOf(runs) || '&nbsp;'}</p>`);
    },
    row: (cells) => {
      table(true);
      lines.push(`<tr>${cells.map((runs) => `<td>${htmlOf(runs)}</td>`).join('')}</tr>`);
    },
  });
  table(false);
  const head = '<!DOCTYPE html>\r\n<html><head><meta charset="utf-8"></head><body>\r\n';
  return `${head}${lines.map((line) => `${line}\r\n`).join('')}</body></html>\r\n`;
}

const TAGS: readonly (readonly [bit: number, tag: string])[] = [
  [Style.bold, 'b'],
  [Style.italic, 'i'],
  [Style.underline, 'u'],
  [Style.strike, 's'],
  [Style.superscript, 'sup'],
  [Style.subscript, 'sub'],
];

function htmlOf(runs: readonly RtfRun[]): string {
  let html = '';
  for (const { text, style, link } of runs) {
    let piece = escapeHtml(text).replaceAll('\n', '<br>\r\n').replaceAll('\t', '&emsp;');
    // Spaces beside each other would be one.
    piece = piece.replace(/ {2,}/g, (spaces) => ` ${'&nbsp;'.repeat(spaces.length - 1)}`);
    for (const [bit, tag] of TAGS) if ((style & bit) !== 0) piece = `<${tag}>${piece}</${tag}>`;
    html += link === '' ? piece : `<a href="${escapeHtml(link)}">${piece}</a>`;
  }
  return html;
}

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => MARKUP[char] ?? char);
