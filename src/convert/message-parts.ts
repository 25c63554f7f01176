// The parts of a message by what they are for.
import type { AlternateView, Attachment, MailMessage } from '../message/index.ts';

/** The parts of a message beside its text and HTML, each in one list. */
export interface MessageParts {
  /** What the HTML refers to. */
  readonly linked: readonly Attachment[];
  /** What is attached. */
  readonly files: readonly Attachment[];
  /** Other forms of the text. */
  readonly views: readonly AlternateView[];
}

/** Divides the parts: in a message that was read, one may stand in several lists. */
export function partsOf(message: MailMessage): MessageParts {
  const linked = message.linkedResources;
  const views = message.alternateViews;
  const types = new Set(views.map(({ contentType }) => contentType));
  const files = message.attachments.filter(
    (file) => !linked.includes(file) && !isView(file, types),
  );
  return { linked, files, views };
}

const isView = (
  { contentType, disposition, filename }: Attachment,
  types: ReadonlySet<string>,
): boolean => disposition === undefined && filename === undefined && types.has(contentType);
