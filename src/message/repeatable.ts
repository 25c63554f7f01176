// Whether a message can be written more than once.
import type { AttachedPart } from './attached-part.ts';

/** What a message holds beside its text. */
interface Parts {
  readonly attachments: readonly AttachedPart[];
  readonly linkedResources: readonly AttachedPart[];
}

/** `false` when a part is a stream that can be read a single time. */
export function isRepeatable({ attachments, linkedResources }: Parts): boolean {
  return ![attachments, linkedResources].some((list) =>
    list.some(({ part }) => part.source.isOnce),
  );
}
