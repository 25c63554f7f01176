// A message that was read: its bytes and the tree over them. Written back byte for byte but for the fields that changed.
import { OptionError } from '../base/index.ts';
import { utf8Bytes } from '../base/internal.ts';
import {
  type HeaderField,
  type HeaderOptions,
  type ParsedEntity,
  parseEntity,
  type Rendered,
} from '../mime/index.ts';
import { refuseOtherFormats } from './detect-format.ts';
import { kindOf } from './field-checks.ts';
import { storedChanges } from './head-fields.ts';
import type { HeadValues } from './head-values.ts';
import type { HeaderEntry } from './message-headers.ts';
import type { Part } from './part.ts';
import { RawRendering } from './raw-rendering.ts';
import { currentFields, type HeaderChanges, writeStored } from './stored-header.ts';
import { type StoredBodies, storedBodies, storedPart } from './stored-parts.ts';

/** The bytes of a message and what was read from them. */
export class StoredMail {
  readonly root: ParsedEntity;
  readonly #bytes: Uint8Array;
  #bodies: StoredBodies | undefined;

  constructor(bytes: Uint8Array, root: ParsedEntity) {
    this.#bytes = bytes;
    this.root = root;
  }

  /** @throws {@link FormatError} The bytes are a file of another format. */
  static parse(source: Uint8Array | string): StoredMail {
    if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
      throw new OptionError(
        'source',
        `A message is parsed from bytes or text, not ${kindOf(source)}; use MailMessage.load(…) for streams and files`,
      );
    }
    const bytes = typeof source === 'string' ? utf8Bytes(source) : source;
    refuseOtherFormats(bytes);
    return new StoredMail(bytes, parseEntity(bytes));
  }

  /** The text parts and all others. */
  get bodies(): StoredBodies {
    this.#bodies ??= storedBodies(this.root);
    return this.#bodies;
  }

  /** The fields as they came, for `MessageHeaders`. */
  entries(): HeaderEntry[] {
    return this.root.headers.fields.map(({ name }, index) => ({ name, index }));
  }

  /** The message with what changed. `forWire` leaves the hidden recipients out. */
  render(
    values: HeadValues,
    entries: readonly HeaderEntry[],
    o: HeaderOptions,
    forWire: boolean,
  ): Rendered {
    const changes = storedChanges(values, this.root.headers, entries, o);
    const written = forWire ? withoutHidden(changes) : changes;
    const pieces = writeStored(this.#bytes, this.root, written);
    const { start, headerEnd } = this.root.range;
    return new RawRendering(pieces, this.#bytes.subarray(start, headerEnd), o.utf8);
  }

  /** Every field with its decoded value, changes included. */
  *current(
    values: HeadValues,
    entries: readonly HeaderEntry[],
  ): Generator<[name: string, value: string]> {
    const { headers } = this.root;
    const decoded = headers.fields.map(({ name, value }): [string, string] => [name, value]);
    const changes = storedChanges(values, headers, entries, { utf8: true });
    for (const item of currentFields(headers.fields, changes)) {
      const field = 'field' in item ? unfolded(item.field) : decoded[item.index];
      if (field !== undefined) yield field;
    }
  }
}

/** A written field as name and text. */
export function unfolded({ name, value }: HeaderField): [name: string, value: string] {
  return [name, value.replaceAll('\r\n', '')];
}

// RFC 5322 section 3.6.3: hidden recipients are in the envelope only.
function withoutHidden(changes: HeaderChanges): HeaderChanges {
  const properties = new Map(changes.properties);
  properties.set('bcc', undefined).set('resent-bcc', undefined);
  return { ...changes, properties };
}

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
    return inner && new StoredMail(this.#entity.content(), inner);
  }
}
