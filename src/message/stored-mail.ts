// A message that was read: its bytes and the tree over them. Written back byte for byte but for the fields that changed.
import { OptionError } from '../base/index.ts';
import { type ByteSource, utf8Bytes } from '../base/internal.ts';
import {
  type HeaderField,
  type HeaderOptions,
  type ParsedEntity,
  type ParseOptions,
  parseEntity,
  type Rendered,
  readEntity,
} from '../mime/index.ts';
import { refuseOtherFormats, refuseOtherFormatsIn } from './detect-format.ts';
import { kindOf } from './field-checks.ts';
import { storedChanges } from './head-fields.ts';
import type { HeadValues } from './head-values.ts';
import type { HeaderEntry } from './message-headers.ts';
import type { Part } from './part.ts';
import { type RawPiece, RawRendering, SourceRange } from './raw-rendering.ts';
import { currentFields, type HeaderChanges, writeStored } from './stored-header.ts';
import { type StoredBodies, storedBodies, storedPart } from './stored-parts.ts';
import { SourceFacts } from './wire-facts.ts';

// What is read with the header of a message on disk: enough to see how its lines end.
const READ_BEYOND_HEADER = 4096;

/** A message where it is stored, and what was read from it. */
export class StoredMail {
  readonly root: ParsedEntity;
  readonly #source: ByteSource;
  readonly #facts: SourceFacts;
  #bodies: StoredBodies | undefined;

  constructor(root: ParsedEntity) {
    this.root = root;
    this.#source = root.source;
    this.#facts = new SourceFacts(root.source);
  }

  /** Reads a message that is not in memory, by its ranges. @throws {@link FormatError} It is of another format. */
  static async read(source: ByteSource, options?: ParseOptions): Promise<StoredMail> {
    await refuseOtherFormatsIn(source);
    return new StoredMail(await readEntity(source, options));
  }

  /** @throws {@link FormatError} The bytes are a file of another format. */
  static parse(source: Uint8Array | string, options?: ParseOptions): StoredMail {
    if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
      throw new OptionError(
        'source',
        `A message is parsed from bytes or text, not ${kindOf(source)}; use MailMessage.load(…) for streams and files`,
      );
    }
    const bytes = typeof source === 'string' ? utf8Bytes(source) : source;
    refuseOtherFormats(bytes);
    return new StoredMail(parseEntity(bytes, options));
  }

  /** Makes ready what `render` needs, when that takes reading a file. */
  measure(): Promise<void> | undefined {
    return this.#source.bytes ? undefined : this.#facts.measure();
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
    const { bytes, size } = this.#source;
    const { start, headerEnd } = this.root.range;
    const head = bytes ?? this.#source.read(0, Math.min(size, headerEnd + READ_BEYOND_HEADER));
    const pieces: RawPiece[] = writeStored(head, this.root, written);
    if (head.length < size) {
      pieces.push(new SourceRange(this.#source, this.#facts, head.length, size));
    }
    return new RawRendering(pieces, head.subarray(start, headerEnd), o.utf8);
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
    return inner && new StoredMail(inner);
  }
}
