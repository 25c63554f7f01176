import { decompose, type ParsedEntity } from '../mime/index.ts';

// What of a message is its text, its HTML and its files: the same division that MailMessage makes.

/** The leaves of a message, each in one list (RFC 8621 section 4.1.4). */
export interface Division {
  readonly text: readonly ParsedEntity[];
  readonly html: readonly ParsedEntity[];
  /** All others, in order: what HTML refers to as well. */
  readonly files: readonly ParsedEntity[];
}

/** Divides the leaves of a message. */
export function divide(root: ParsedEntity): Division {
  const found = decompose(root);
  const text = found.text.filter(({ contentType }) => contentType.value === 'text/plain');
  const html = found.html.filter(({ contentType }) => contentType.value === 'text/html');
  const shown = new Set([...text, ...html]);
  return { text, html, files: [...root.leaves()].filter((leaf) => !shown.has(leaf)) };
}

/** The texts of these parts together; `undefined` when there is none. */
export function joinText(parts: readonly ParsedEntity[]): string | undefined {
  return parts.length === 0 ? undefined : parts.map((part) => part.text()).join('\n');
}
