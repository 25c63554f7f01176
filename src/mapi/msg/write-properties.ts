// The properties of a message, recipient or attachment: the list, and a stream for each long value. [MS-OXMSG] section 2.4.
import { Buffer } from 'node:buffer';
import { printable } from '../../base/index.ts';
import type { NewStream } from '../cfb/new-storage.ts';
import type { MapiProperty } from '../property/mapi-property.ts';
import { describeKey } from '../property/property-tag.ts';
import { PropertyType, type PropertyValue } from '../property/property-type.ts';
import { ENTRY_BYTES, FIRST_NAMED, hex8, PROPERTIES, valueName } from './names.ts';
import { elementBytes, isInline, isStreamed, writeElements, writeFixed } from './value-codec.ts';
import type { WriteContext } from './write-context.ts';

// PROPATTR_READABLE and PROPATTR_WRITABLE: what nine of ten properties of real files have.
const FLAGS = 0x0000_0006;
/** The size an object says. */
const NO_SIZE = 0xffff_ffff;

/** What kind of object an attachment's storage is, as its entry says. */
export const ObjectKind = { message: 1, storage: 4 } as const;

/** A list of properties that is written, and the streams of its values. */
export class PropertyWriter {
  /** The streams, the list among them when it is finished. */
  readonly streams: NewStream[] = [];
  readonly #context: WriteContext;
  readonly #list: Buffer;
  #at: number;

  /** @param most How many properties there will be at most. */
  constructor(head: Buffer, most: number, context: WriteContext) {
    this.#context = context;
    this.#list = Buffer.alloc(head.length + most * ENTRY_BYTES);
    head.copy(this.#list);
    this.#at = head.length;
  }

  /** Writes a property. */
  add(property: MapiProperty): void {
    const type = this.#context.typeOf(property.type);
    const id = this.#idOf(property);
    if (id === undefined) return;
    if (type === PropertyType.Object) {
      // Attachments have their objects as what they are.
      const shown = printable(describeKey(property.key));
      this.#context.tell('TYPE_UNKNOWN', `Property ${shown} is an object; it was left out`);
      return;
    }
    if (isInline(type)) {
      this.#entry(id, type);
      writeFixed(this.#list, this.#at + 8, type, property.value);
      this.#at += ENTRY_BYTES;
      return;
    }
    if (isStreamed(type) && elementBytes(type) === undefined && isArray(property.value)) {
      this.#elements(id, type, property.value, property);
      return;
    }
    if (!isStreamed(type)) {
      this.#unknown(id, type, property);
      return;
    }
    this.#long(
      id,
      type,
      this.#contentOf(property, type),
      type === PropertyType.String || type === PropertyType.String8,
    );
  }

  /** Octets of a type that is not known here: eight stood in the list, others had a stream. */
  #unknown(id: number, type: number, { key, value }: MapiProperty): void {
    if (!(value instanceof Uint8Array)) {
      const shown = printable(describeKey(key));
      this.#context.tell(
        'TYPE_UNKNOWN',
        `Property ${shown} is of an unknown type; it was left out`,
      );
    } else if (value.length === 8) {
      this.#entry(id, type);
      this.#list.set(value, this.#at + 8);
      this.#at += ENTRY_BYTES;
    } else this.#long(id, type, value, false);
  }

  /** Writes the entry of an attachment's storage. */
  addObject(kind: number): void {
    this.#entry(0x3701, PropertyType.Object);
    this.#list.writeUInt32LE(NO_SIZE, this.#at + 8);
    this.#list.writeUInt32LE(kind, this.#at + 12);
    this.#at += ENTRY_BYTES;
  }

  /** All streams, when every property is written. */
  finish(): NewStream[] {
    this.streams.push({ name: PROPERTIES, content: this.#list.subarray(0, this.#at) });
    return this.streams;
  }

  #idOf({ key }: MapiProperty): number | undefined {
    if ('id' in key && key.id < FIRST_NAMED) return key.id;
    const id = 'id' in key ? undefined : this.#context.names.idOf(key);
    if (id === undefined) {
      const shown = printable(describeKey(key));
      this.#context.tell(
        'NAME_UNKNOWN',
        `Property ${shown} has no name that a file can hold; it was left out`,
      );
    }
    return id;
  }

  #entry(id: number, type: number): void {
    this.#list.writeUInt16LE(type, this.#at);
    this.#list.writeUInt16LE(id, this.#at + 2);
    this.#list.writeUInt32LE(FLAGS, this.#at + 4);
  }

  #contentOf(property: MapiProperty, type: number): NewStream['content'] {
    if (type === PropertyType.Binary) {
      const { source } = property;
      if (source) return source.bytes ?? source;
    }
    const { value } = property;
    if (isArray(value)) return writeElements(type, value);
    if (typeof value === 'string' && type !== PropertyType.Guid) {
      return this.#context.text(value, property.key);
    }
    return value instanceof Uint8Array ? value : writeElements(type, [value]);
  }

  #long(id: number, type: number, content: NewStream['content'], isText: boolean): void {
    const size = content instanceof Uint8Array ? content.length : content.size;
    this.#entry(id, type);
    this.#list.writeUInt32LE(size + (isText ? this.#context.nulBytes : 0), this.#at + 8);
    this.#at += ENTRY_BYTES;
    this.streams.push({ name: valueName(id * 0x1_0000 + type), content });
  }

  /** Strings and binaries, many: a stream of lengths and one for each value (MS-OXMSG section 2.1.4). */
  #elements(
    id: number,
    type: number,
    values: readonly PropertyValue[],
    property: MapiProperty,
  ): void {
    const tag = id * 0x1_0000 + type;
    const isBinary = type === PropertyType.MultipleBinary;
    const lengths = Buffer.alloc(values.length * (isBinary ? 8 : 4));
    values.forEach((value, index) => {
      const content =
        typeof value === 'string'
          ? this.#context.text(`${value}\0`, property.key)
          : (value as Uint8Array);
      lengths.writeUInt32LE(content.length, index * (isBinary ? 8 : 4));
      this.streams.push({ name: `${valueName(tag)}-${hex8(index)}`, content });
    });
    this.#long(id, type, lengths, false);
  }
}

function isArray(value: PropertyValue): value is Extract<PropertyValue, readonly unknown[]> {
  return Array.isArray(value);
}
