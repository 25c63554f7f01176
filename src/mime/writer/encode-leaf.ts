// From the body of a part that has no parts to what stands under its header, and the encoding that the header names.
import { Buffer } from 'node:buffer';
import { utf8Bytes, viewOf } from '../../base/internal.ts';
import { encodeFlowed } from '../../codec/index.ts';
import { encodeBase64Lines } from '../../codec/internal.ts';
import type { HeaderField } from '../fields/header-field.ts';
import { BytesSegment, StreamSegment } from './base64-segments.ts';
import { encodeEmbedded } from './embedded.ts';
import type { EntityBody, MultipartBody, SegmentSource } from './entity.ts';
import { encodePlain, encodeText, type TransferEncoding } from './leaf-encoding.ts';
import { toCrlf, toCrlfBytes } from './line-ends.ts';

/** A body without parts. */
export type LeafBody = Exclude<EntityBody, MultipartBody>;

/** A leaf as it is written. */
export interface EncodedLeaf {
  readonly encoding: TransferEncoding;
  /** ASCII text, octets, or where they come from. */
  readonly content: string | Uint8Array | SegmentSource;
}

/** Octets from which a body in memory is encoded while it is read instead of at once. */
const LARGE = 262_144;

/** The body in the encoding that its content and the server allow; `fields` are those above it. */
export function encodeLeaf(
  body: LeafBody,
  fields: readonly HeaderField[],
  eightBit: boolean,
): EncodedLeaf {
  switch (body.kind) {
    case 'text':
      return encodeText(body.text, body.flowed ?? false, eightBit);
    case 'bytes':
      return (isInlineText(fields) && encodePlain(body.bytes, eightBit)) || inBase64(body.bytes);
    case 'stream':
      return { encoding: 'base64', content: new StreamSegment(body) };
    case 'message':
      return encodeEmbedded(body.bytes, eightBit);
    default:
      return body satisfies never;
  }
}

/**
 * The body in ASCII, to stand between boundaries that were there before it: in base64, which can't hold one, when its
 * content does.
 */
export function encodeBetween(
  body: LeafBody,
  fields: readonly HeaderField[],
  boundaries: readonly string[],
): EncodedLeaf {
  const leaf = encodeLeaf(body, fields, false);
  if (leaf.encoding === 'base64' || !holdsAny(leaf.content, boundaries)) return leaf;
  switch (body.kind) {
    case 'text': {
      const text = body.flowed ? encodeFlowed(body.text) : body.text;
      const lines = toCrlf(text, Buffer.byteLength(text));
      return inBase64(typeof lines === 'string' ? utf8Bytes(lines) : lines);
    }
    case 'message':
      return inBase64(toCrlfBytes(body.bytes));
    case 'bytes':
      return inBase64(body.bytes);
    case 'stream':
      return leaf;
    default:
      return body satisfies never;
  }
}

function inBase64(bytes: Uint8Array): EncodedLeaf {
  const content = bytes.length < LARGE ? encodeBase64Lines(bytes) : new BytesSegment(bytes);
  return { encoding: 'base64', content };
}

function holdsAny(content: EncodedLeaf['content'], boundaries: readonly string[]): boolean {
  if (typeof content === 'string') return boundaries.some((one) => content.includes(`--${one}`));
  if (!(content instanceof Uint8Array)) return false;
  const view = viewOf(content);
  return boundaries.some((one) => view.includes(`--${one}`, 0, 'latin1'));
}

/** Whether the fields say text/* and not that it is to be saved: such a part is read, not compared octet by octet. */
function isInlineText(fields: readonly HeaderField[]): boolean {
  let isText = false;
  for (const { name, value } of fields) {
    const lower = name.toLowerCase();
    if (lower === 'content-type') isText = /^text\//i.test(value);
    if (lower === 'content-disposition' && /^attachment\b/i.test(value)) return false;
  }
  return isText;
}
