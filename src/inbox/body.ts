import type { Decomposition, ParsedEntity } from '../mime/index.ts';

/** The plain text of a message; `undefined` when it has no such part. */
export function textOf(bodies: Decomposition): string | undefined {
  const plain = bodies.text.filter(isPlain);
  return plain.length === 0 ? undefined : plain.map((part) => part.text()).join('\n');
}

/**
 * The HTML of a message; `undefined` when it has no such part. Plain text that stands between HTML
 * parts, such as the footer a mailing list adds, becomes HTML here.
 */
export function htmlOf(bodies: Decomposition): string | undefined {
  if (!bodies.html.some(isHtml)) return undefined;
  return bodies.html
    .filter((part) => isHtml(part) || isPlain(part))
    .map((part) => (isHtml(part) ? part.text() : `<pre>${escapeHtml(part.text())}</pre>`))
    .join('\n');
}

/** The files of a message in their order: its attachments, and the pictures shown between its texts. */
export function filesOf(root: ParsedEntity, bodies: Decomposition): ParsedEntity[] {
  const media = [...bodies.text, ...bodies.html].filter((part) => part.contentType.type !== 'text');
  const files = new Set([...bodies.attachments, ...media]);
  return [...root.leaves()].filter((part) => files.has(part));
}

/** Text as HTML that shows it. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function isHtml(part: ParsedEntity): boolean {
  return part.contentType.value === 'text/html';
}

function isPlain(part: ParsedEntity): boolean {
  return part.contentType.value === 'text/plain';
}
