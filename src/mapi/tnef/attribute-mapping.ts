// How one attribute and its properties become each other. A property that is there counts; an attribute fills what is
// missing (MS-OXTNEF section 2.3.3).
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';
import { dateToFileTime, fileTimeToDate } from '../property/file-time.ts';
import type { MapiProperties } from '../property/mapi-properties.ts';
import type { PropertyTag } from '../property/property-tag.ts';
import type { PropertyType } from '../property/property-type.ts';
import type { TextReader, TextWriter } from './attribute-text.ts';
import { decodeDateTime, encodeDateTime } from './date-time.ts';

type Tag<Name extends keyof typeof PropertyType> = PropertyTag<(typeof PropertyType)[Name]>;

/** One attribute, both ways. */
export interface AttributeMapping {
  /** Its number. */
  readonly id: number;
  /** Sets what is missing. */
  read(octets: Uint8Array, properties: MapiProperties, text: TextReader): void;
  /** The attribute's data; `undefined` when the properties have nothing for it. */
  write(properties: MapiProperties, text: TextWriter): Uint8Array | undefined;
}

/** A string. */
export function textAttribute(id: number, tag: Tag<'String'>): AttributeMapping {
  return {
    id,
    read: (octets, properties, text) => {
      if (!properties.has(tag)) properties.set(tag, text.attribute(octets));
    },
    write: (properties, text) => {
      const value = properties.get(tag);
      return value === undefined ? undefined : text.attribute(value);
    },
  };
}

/** A time. */
export function timeAttribute(id: number, tag: Tag<'Time'>): AttributeMapping {
  return {
    id,
    read: (octets, properties) => {
      const date = decodeDateTime(octets);
      if (date && !properties.has(tag)) properties.set(tag, dateToFileTime(date));
    },
    write: (properties) => {
      const value = properties.get(tag);
      return value === undefined ? undefined : encodeDateTime(fileTimeToDate(value));
    },
  };
}

/** A key of octets, as upper-case hexadecimal digits and a NUL. */
export function keyAttribute(id: number, tag: Tag<'Binary'>): AttributeMapping {
  return {
    id,
    read: (octets, properties, text) => {
      const digits = text.attribute(octets);
      const isKey = digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits);
      if (isKey && !properties.has(tag)) properties.set(tag, Buffer.from(digits, 'hex'));
    },
    write: (properties, text) => {
      const value = properties.get(tag);
      return value && text.attribute(viewOf(value).toString('hex').toUpperCase());
    },
  };
}

/** Octets as they are. */
export function binaryAttribute(id: number, tag: Tag<'Binary'>): AttributeMapping {
  return {
    id,
    read: (octets, properties) => {
      if (!properties.has(tag)) properties.set(tag, octets);
    },
    write: (properties) => properties.get(tag),
  };
}

/** An integer of four octets. */
export function longAttribute(id: number, tag: Tag<'Integer32'>): AttributeMapping {
  return {
    id,
    read: (octets, properties) => {
      if (octets.length >= 4 && !properties.has(tag)) {
        properties.set(tag, viewOf(octets).readInt32LE(0));
      }
    },
    write: (properties) => {
      const value = properties.get(tag);
      if (value === undefined) return undefined;
      const octets = Buffer.alloc(4);
      octets.writeUInt32LE(value >>> 0, 0);
      return octets;
    },
  };
}

/** Yes or no in two octets. */
export function flagAttribute(id: number, tag: Tag<'Boolean'>): AttributeMapping {
  return {
    id,
    read: (octets, properties) => {
      if (octets.length >= 2 && !properties.has(tag)) {
        properties.set(tag, viewOf(octets).readUInt16LE(0) !== 0);
      }
    },
    write: (properties) => {
      const value = properties.get(tag);
      return value === undefined ? undefined : Uint8Array.of(value ? 1 : 0, 0);
    },
  };
}
