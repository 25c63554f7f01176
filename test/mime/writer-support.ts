// Trees to write and checks that hold for everything that is written.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect } from 'vitest';
import { collectBytes } from '../../src/base/internal.ts';
import {
  type Entity,
  type EntityBody,
  type HeaderField,
  makeBoundary,
  parameterField,
  type Rendered,
  rawField,
} from '../../src/mime/index.ts';

/** A leaf with a content type and, for a file, a name. */
export function leaf(type: string, body: EntityBody, filename?: string): Entity {
  const names: [string, string][] = filename === undefined ? [] : [['name', filename]];
  const charset: [string, string][] = body.kind === 'text' ? [['charset', 'utf-8']] : [];
  return {
    fields: (o) => [
      parameterField('Content-Type', type, [...charset, ...names], o),
      ...(filename === undefined
        ? []
        : [parameterField('Content-Disposition', 'attachment', [['filename', filename]], o)]),
    ],
    body,
  };
}

export function text(content: string, type = 'text/plain'): Entity {
  return leaf(type, { kind: 'text', text: content });
}

export function multipart(subtype: string, ...parts: Entity[]): Entity {
  const boundary = makeBoundary();
  return {
    fields: (o) => [
      parameterField('Content-Type', `multipart/${subtype}`, [['boundary', boundary]], o),
    ],
    body: { kind: 'multipart', parts, boundary },
  };
}

/** The entity with more fields in front. */
export function withFields(entity: Entity, ...fields: HeaderField[]): Entity {
  return { ...entity, fields: (o) => [...fields, ...entity.fields(o)] };
}

export function message(entity: Entity): Entity {
  return withFields(entity, rawField('MIME-Version', '1.0'));
}

/** A stream body that gives `bytes` in pieces of `step` octets. */
export function streamOf(bytes: Uint8Array, step: number, size?: number): EntityBody {
  return {
    kind: 'stream',
    size,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
}

/** Every octet, with what holds for each message checked: lines, NUL, size, flags. */
export async function written(rendered: Rendered): Promise<Buffer> {
  const bytes = Buffer.from(await collectBytes(rendered.chunks()));
  const lines = bytes.toString('latin1').split('\r\n');
  expect(lines.at(-1)).toBe('');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(lines.join('')).not.toMatch(/[\0\r\n]/);
  if (rendered.size !== undefined) expect(bytes.length).toBe(rendered.size);
  expect(rendered.eightBit).toBe(/[\u0080-\u00ff]/.test(lines.join('')));
  if (rendered.segments.every((segment) => segment instanceof Uint8Array)) {
    expect(Buffer.from(rendered.bytes()).equals(bytes)).toBe(true);
  }
  return bytes;
}

/** Text of every kind, with every line end. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '\n',
        '\r\n',
        '\r',
        '.',
        '\n.\n',
        'From me\n',
        '--',
        ' \n',
        '\t\r\n',
        '=',
        '日本語',
        'é',
        'a'.repeat(990),
        '€'.repeat(400),
        '\0',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  anyText.map((value) => Buffer.from(value, 'utf8')),
);
