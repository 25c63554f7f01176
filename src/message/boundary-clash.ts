// Whether a boundary occurs in content: only asked for boundaries that are not random.
import { viewOf } from '../base/internal.ts';
import type { Entity } from '../mime/index.ts';

/** Whether the entity's content or a multipart inside it holds `boundary`. Streams are not looked into. */
export function holdsBoundary(entity: Entity, boundary: string): boolean {
  const { body } = entity;
  switch (body.kind) {
    case 'text':
      return body.text.includes(boundary);
    case 'bytes':
    case 'message':
      return viewOf(body.bytes).includes(boundary);
    case 'multipart':
      return body.boundary === boundary || body.parts.some((part) => holdsBoundary(part, boundary));
    case 'stream':
      return false;
    default:
      return body satisfies never;
  }
}
