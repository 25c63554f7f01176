// What a message says and what comes with it: the division of RFC 8621 with every leaf in one list only.
import { decompose } from './decompose.ts';
import type { ParsedEntity } from './parsed-entity.ts';

/** The leaves of a message, each in one list, in the order of the message. */
export interface MessageBodies {
  /** The text/plain parts to show. */
  readonly text: readonly ParsedEntity[];
  /** The text/html parts to show. */
  readonly html: readonly ParsedEntity[];
  /** Every other leaf: files, pictures, messages, other views of the text. */
  readonly attachments: readonly ParsedEntity[];
}

/** Divides the leaves of a message into what is shown as text and all else (RFC 8621 section 4.1.4). */
export function messageBodies(root: ParsedEntity): MessageBodies {
  const found = decompose(root);
  const text = found.text.filter(({ contentType }) => contentType.value === 'text/plain');
  const html = found.html.filter(({ contentType }) => contentType.value === 'text/html');
  const shown = new Set([...text, ...html]);
  const attachments = [...root.leaves()].filter((leaf) => !shown.has(leaf));
  return { text, html, attachments };
}

/** The text of parts together, one after another; `undefined` when there is none. */
export function joinTexts(parts: readonly ParsedEntity[]): string | undefined {
  return parts.length === 0 ? undefined : parts.map((part) => part.text()).join('\n');
}
