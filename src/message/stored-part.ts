// A part of a message that was read, as an attachment is made from it.
import type { ParsedEntity } from '../mime/index.ts';
import type { Part } from './part.ts';
import { StoredMail } from './stored-mail.ts';
import { storedPart } from './stored-parts.ts';

/** A part of a message that was read. */
export class StoredPart {
  readonly part: Part;
  readonly #entity: ParsedEntity;

  constructor(entity: ParsedEntity) {
    this.#entity = entity;
    this.part = storedPart(entity);
  }

  /** The message inside, when there is one. */
  message(): StoredMail | undefined {
    const inner = this.#entity.message();
    return inner && new StoredMail(inner);
  }
}
