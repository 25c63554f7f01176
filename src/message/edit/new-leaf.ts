// A part that is put into a message that was read: a text, another view of it, or a file.
import type { Entity } from '../../mime/index.ts';
import type { AlternateView } from '../alternate-view.ts';
import type { Disposition, Part } from '../part.ts';
import { htmlEntity, partEntity, textEntity, viewEntity } from '../structure.ts';
import type { ReadyPart } from '../structure-input.ts';

/** A new part; a `part` is made ready before it is written. */
export type NewLeaf =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'html'; readonly text: string }
  | { readonly kind: 'view'; readonly view: AlternateView }
  | { readonly kind: 'part'; readonly part: Part; readonly disposition: Disposition };

/** The entity of a new part. */
export function entityOf(leaf: NewLeaf, ready: ReadonlyMap<Part, ReadyPart>): Entity | undefined {
  switch (leaf.kind) {
    case 'text':
      return textEntity(leaf.text, false);
    case 'html':
      return htmlEntity(leaf.text);
    case 'view':
      return viewEntity(leaf.view);
    default: {
      const found = ready.get(leaf.part);
      return found && partEntity(found, leaf.disposition);
    }
  }
}
