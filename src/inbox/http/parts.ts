import { LimitError } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';

const MAX_EMBEDDED = 20;
const MAX_PARTS = 10_000;

/** A part in its place in the tree. */
export interface PlacedPart {
  readonly entity: ParsedEntity;
  readonly depth: number;
}

interface Waiting extends PlacedPart {
  readonly embedded: number;
}

/** Every part, parents first, with what lies in attached messages; its place is its number in the API. */
export function partsOf(root: ParsedEntity): PlacedPart[] {
  const found: PlacedPart[] = [];
  const waiting: Waiting[] = [{ entity: root, depth: 0, embedded: 0 }];
  for (let next = waiting.pop(); next && found.length < MAX_PARTS; next = waiting.pop()) {
    const { entity, depth, embedded } = next;
    found.push({ entity, depth });
    const message = embedded < MAX_EMBEDDED ? messageIn(entity) : undefined;
    if (message) waiting.push({ entity: message, depth: depth + 1, embedded: embedded + 1 });
    for (let index = entity.parts.length - 1; index >= 0; index -= 1) {
      const part = entity.parts[index];
      if (part) waiting.push({ entity: part, depth: depth + 1, embedded });
    }
  }
  return found;
}

function messageIn(entity: ParsedEntity): ParsedEntity | undefined {
  try {
    return entity.message();
  } catch (error) {
    // An attached message past a limit is shown as the file it is.
    if (error instanceof LimitError) return undefined;
    throw error;
  }
}
