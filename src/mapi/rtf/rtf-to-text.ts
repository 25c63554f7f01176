// RTF as plain text: a line for each paragraph, cells with tabs between them, the addresses of links behind their text.
import { type RtfRun, renderRtf } from './render-rtf.ts';

/** The text of RTF, lines ended with CRLF. */
export function renderText(rtf: Uint8Array): string {
  const lines: string[] = [];
  renderRtf(rtf, {
    paragraph: (runs) => lines.push(textOf(runs)),
    row: (cells) => lines.push(cells.map((runs) => textOf(runs).trim()).join('\t')),
  });
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
}

function textOf(runs: readonly RtfRun[]): string {
  let text = '';
  let shown = '';
  for (const [index, run] of runs.entries()) {
    text += run.text;
    if (run.link === '') continue;
    shown += run.text;
    // A link may be several runs; its address stands behind the last one.
    if (runs[index + 1]?.link === run.link) continue;
    const address = run.link.replace(/^mailto:/i, '');
    if (shown.trim() !== address && shown.trim() !== run.link) text += ` <${run.link}>`;
    shown = '';
  }
  return text.replaceAll('\n', '\r\n');
}
