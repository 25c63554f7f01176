// The properties of a message, recipient or attachment: the list, and the streams of long values. [MS-OXMSG] section 2.4.
import { printable } from '../../base/index.ts';
import { type ByteSource, viewOf } from '../../base/internal.ts';
import type { CompoundStream } from '../cfb/compound-file.ts';
import { ansiPage } from '../property/code-page.ts';
import { MapiProperties } from '../property/mapi-properties.ts';
import { MapiProperty } from '../property/mapi-property.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import { describeKey, type MapiKey } from '../property/property-tag.ts';
import { MULTIPLE, PropertyType, type StoredValue } from '../property/property-type.ts';
import { ENTRY_BYTES, FIRST_NAMED, HEAD_BYTES, hex8, PROPERTIES, VALUE } from './names.ts';
import type { ReadContext } from './read-context.ts';
import {
  elementBytes,
  isInline,
  isStreamed,
  isWide,
  readFixed,
  readStreamed,
} from './value-codec.ts';

// Values in a file are left there when they are larger than this.
const LARGE_BYTES = 65_536;
const CODE_PAGE_IDS: ReadonlySet<number> = new Set([
  PidTag.MessageCodepage.id,
  PidTag.InternetCodepage.id,
  PidTag.MessageLocaleId.id,
]);
const ELEMENT_NAME = /^__substg1\.0_[0-9A-Fa-f]{8}-[0-9A-Fa-f]{8}$/;

/** Reads the properties in the streams of a storage, and gives the octets before the list. */
export function readProperties(
  streams: readonly CompoundStream[],
  headBytes: number,
  into: MapiProperties,
  context: ReadContext,
  path: string,
): Buffer {
  return new PropertyReader(streams, into, context, path).read(headBytes);
}

class PropertyReader {
  readonly #values: Map<number, CompoundStream> = new Map();
  readonly #elements: Map<string, CompoundStream> = new Map();
  readonly #list: CompoundStream | undefined;
  readonly #into: MapiProperties;
  readonly #context: ReadContext;
  readonly #path: string;

  constructor(
    streams: readonly CompoundStream[],
    into: MapiProperties,
    context: ReadContext,
    path: string,
  ) {
    this.#into = into;
    this.#context = context;
    this.#path = path;
    let list: CompoundStream | undefined;
    for (const stream of streams) {
      const { name } = stream;
      const tag = tagOf(name);
      if (tag !== undefined) this.#values.set(tag, stream);
      else if (name === PROPERTIES) list = stream;
      else if (ELEMENT_NAME.test(name)) this.#elements.set(name.toUpperCase(), stream);
      else
        this.#tell(
          'STRUCTURE_DAMAGED',
          `The stream '${printable(name)}' is no part of a message; it was left out`,
        );
    }
    this.#list = list;
  }

  read(headBytes: number): Buffer {
    const list = this.#list && this.#open(this.#list);
    const octets = viewOf(list?.read(0, list.size) ?? new Uint8Array(0));
    if (list === undefined) this.#tell('STRUCTURE_DAMAGED', 'The list of properties is missing');
    else if (octets.length < headBytes) {
      this.#tell('STRUCTURE_DAMAGED', 'The list of properties ends within its head');
    }
    let at = headBytes;
    if (headBytes > HEAD_BYTES.part) this.#findCodePage(octets, at);
    for (; at + ENTRY_BYTES <= octets.length; at += ENTRY_BYTES) this.#entry(octets, at);
    this.#checkEnd(octets, at);
    // A value without an entry: its type and id are in its name.
    for (const tag of this.#values.keys()) {
      this.#tell('STRUCTURE_DAMAGED', `The value ${hex8(tag)} is in no list of properties`);
      this.#streamed(tag >>> 16, tag & 0xffff, undefined);
    }
    for (const name of this.#elements.keys()) {
      this.#tell('STRUCTURE_DAMAGED', `The value '${printable(name)}' belongs to no property`);
    }
    return octets.subarray(0, headBytes);
  }

  /** The code page of the text, which may stand before what says which it is. */
  #findCodePage(octets: Buffer, start: number): void {
    const found = new MapiProperties();
    for (let at = start; at + ENTRY_BYTES <= octets.length; at += ENTRY_BYTES) {
      const type = octets.readUInt16LE(at);
      const id = octets.readUInt16LE(at + 2);
      if (type !== PropertyType.Integer32 || !CODE_PAGE_IDS.has(id)) continue;
      found.add(new MapiProperty({ id }, type, octets.readInt32LE(at + 8)));
    }
    this.#context.ansi = ansiPage(found) ?? this.#context.ansi;
  }

  #checkEnd(octets: Buffer, at: number): void {
    // Some makers of files write four zeros after the last entry.
    const rest = octets.subarray(at);
    if (!rest.every((octet) => octet === 0)) {
      this.#tell('STRUCTURE_DAMAGED', 'The list of properties ends within an entry');
    }
  }

  #entry(octets: Buffer, at: number): void {
    const type = octets.readUInt16LE(at);
    const id = octets.readUInt16LE(at + 2);
    if (type === PropertyType.Object) return;
    if (isInline(type)) this.#put(id, type, readFixed(octets, at + 8, type));
    else if (isStreamed(type)) this.#streamed(id, type, octets.readUInt32LE(at + 8));
    else this.#unknown(octets, at, id, type);
  }

  /** Of a type that is not known the octets are kept: those of its stream, else those in the list. */
  #unknown(octets: Buffer, at: number, id: number, type: number): void {
    // Rows of zeros fill up the lists of some files.
    if (type === 0 && id === 0) return;
    this.#tell('TYPE_UNKNOWN', `Property ${hex8(id * 0x1_0000 + type)} is of an unknown type`);
    if (this.#values.has(id * 0x1_0000 + type)) this.#streamed(id, type, undefined);
    else this.#put(id, type, octets.subarray(at + 8, at + ENTRY_BYTES));
  }

  #streamed(id: number, type: number, said: number | undefined): void {
    const tag = id * 0x1_0000 + type;
    const stream = this.#values.get(tag);
    this.#values.delete(tag);
    if (stream === undefined) {
      // Empty values have no stream in some files.
      if (said !== undefined && said <= 2) this.#put(id, type, emptyValue(type));
      else this.#tell('VALUE_MISSING', `The value of property ${hex8(tag)} is not in the file`);
      return;
    }
    const source = this.#open(stream);
    if (source === undefined) return;
    if (hasElements(type)) this.#put(id, type, this.#readElements(source, tag));
    else {
      this.#checkSize(tag, source.size, said);
      this.#value(id, type, source);
    }
  }

  #value(id: number, type: number, source: ByteSource): void {
    if (type === PropertyType.Binary && source.size > LARGE_BYTES && source.bytes === undefined) {
      this.#put(id, type, source);
      return;
    }
    const octets = source.read(0, source.size);
    if (type === PropertyType.String8 && isWide(octets)) {
      this.#tell('VALUE_DAMAGED', `The 8-bit text ${hex8(id * 0x1_0000 + type)} is UTF-16`);
    }
    // Binaries, and what is not known, are what they are; the others are decoded when somebody asks.
    this.#put(id, type, octets, isStreamed(type) && type !== PropertyType.Binary);
  }

  /** Many strings or binaries: a stream of lengths, and a stream for each. */
  #readElements(lengths: ByteSource, tag: number): StoredValue {
    const single = tag & 0xffff & ~MULTIPLE;
    const step = single === PropertyType.Binary ? 8 : 4;
    const values: (string | Uint8Array)[] = [];
    for (let index = 0; index < Math.floor(lengths.size / step); index++) {
      const name = `${VALUE}${hex8(tag)}-${hex8(index)}`.toUpperCase();
      const stream = this.#elements.get(name);
      this.#elements.delete(name);
      this.#context.countValue();
      const source = stream && this.#open(stream);
      if (source === undefined) {
        if (stream) continue;
        this.#tell('VALUE_MISSING', `Value ${index} of property ${hex8(tag)} is not in the file`);
        // As many as are said to be missing may be said only: the first is enough.
        break;
      }
      const octets = source.read(0, source.size);
      values.push(readStreamed(single, octets, this.#context.ansi) as string | Uint8Array);
    }
    return values as StoredValue;
  }

  // [MS-OXMSG] section 2.4.2.2: strings count their NUL, which is in the stream of some files.
  #checkSize(tag: number, size: number, said: number | undefined): void {
    const type = tag & 0xffff;
    const nul = type === PropertyType.String ? 2 : type === PropertyType.String8 ? 1 : 0;
    if (said === undefined || said === size || said === size + nul) return;
    this.#tell(
      'VALUE_DAMAGED',
      `Property ${hex8(tag)} says ${said} octets, its stream has ${size}; the stream was taken`,
    );
  }

  #put(id: number, type: number, value: StoredValue, isCoded = false): void {
    this.#context.countValue();
    const key: MapiKey | undefined = id < FIRST_NAMED ? { id } : this.#context.names.keyOf(id);
    if (key === undefined) {
      const shown = id.toString(16).toUpperCase();
      this.#tell('NAME_UNKNOWN', `Property ${shown} has no name in the file; it was left out`);
      return;
    }
    const property = isCoded
      ? new MapiProperty(key, type, value, this.#context.decode)
      : new MapiProperty(key, type, value);
    if (!this.#into.add(property)) {
      const shown = printable(describeKey(key));
      this.#tell('PROPERTY_REPEATED', `Property ${shown} is there again; the first counts`);
    }
  }

  #open(stream: CompoundStream): ByteSource | undefined {
    return this.#context.attempt('VALUE_DAMAGED', this.#path, () => stream.source());
  }

  #tell(code: Parameters<ReadContext['tell']>[0], message: string): void {
    this.#context.tell(code, message, this.#path);
  }
}

/** Whether each of many values has a stream of its own. */
function hasElements(type: number): boolean {
  return (type & MULTIPLE) !== 0 && isStreamed(type) && elementBytes(type) === undefined;
}

function emptyValue(type: number): StoredValue {
  if ((type & MULTIPLE) !== 0) return [];
  return type === PropertyType.String || type === PropertyType.String8 ? '' : new Uint8Array(0);
}

/** The property tag in the name of a value's stream. */
function tagOf(name: string): number | undefined {
  if (name.length !== VALUE.length + 8 || !name.startsWith(VALUE)) return undefined;
  const tag = Number(`0x${name.slice(VALUE.length)}`);
  return Number.isNaN(tag) ? undefined : tag;
}
