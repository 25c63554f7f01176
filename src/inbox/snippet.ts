const READ_CHARS = 65_536;
const SHOWN_CHARS = 180;
// Runs of blanks, and the invisible characters that newsletters pad their first line with. One alone
// stays: emoji and Persian are joined by them.
const PADDING = /(?:[\s\u00ad\u200b\u200c\u2060\ufeff]|\u200d|\u034f){2,}|\s/g;
const UNSHOWN = ['head', 'style', 'script', 'title'];

/** The first words of a body, for the list. */
export function snippetOf(text: string | undefined, html: string | undefined): string {
  const source = text?.trim()
    ? text.slice(0, READ_CHARS)
    : htmlWords((html ?? '').slice(0, READ_CHARS));
  const words = source.replace(PADDING, ' ').trim();
  return words.length > SHOWN_CHARS
    ? `${Array.from(words).slice(0, SHOWN_CHARS).join('')}…`
    : words;
}

/** What of an HTML text is read, roughly: good enough to search in and to recognise a message by. */
export function htmlWords(html: string): string {
  let rest = html;
  for (const name of UNSHOWN) rest = withoutElement(rest, name);
  return rest
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(nbsp|zwnj|shy|#160|#8203|#847);/gi, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function withoutElement(html: string, name: string): string {
  const lower = html.toLowerCase();
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = lower.indexOf(`<${name}`, from);
    if (start < 0) break;
    const end = lower.indexOf(`</${name}`, start);
    kept.push(html.slice(from, start));
    if (end < 0) return kept.join(' ');
    from = end;
  }
  kept.push(html.slice(from));
  return kept.join(' ');
}
