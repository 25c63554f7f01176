// The bodies and parts of a message as a MIME tree with only the levels that are needed, and the tree as pieces of a
// source (RFC 2046 section 5.1, RFC 2387).
import type { ByteSource } from '../../base/internal.ts';
import {
  type Entity,
  type EntityBody,
  type HeaderField,
  makeBoundary,
  render,
  type Segment,
  type StreamBody,
} from '../../mime/index.ts';
import type { SourcePiece } from './pieces-source.ts';

/** What a message is made of, each part as it is to be written. */
export interface MailContent {
  /** The forms of the text, the plainest first. */
  readonly texts: readonly Entity[];
  /** Whether one of the texts is HTML: without it nothing can refer to a resource, which is one more attachment then. */
  readonly hasHtml: boolean;
  /** Parts that the HTML refers to. */
  readonly linked: readonly Entity[];
  /** All other parts. */
  readonly attached: readonly Entity[];
}

/** The entity under the message's own header. */
export function mailTree({ texts, hasHtml, linked, attached }: MailContent): Entity {
  const shown = shownPart({ texts, hasHtml, linked });
  const parts = [...(shown ? [shown] : []), ...(hasHtml ? [] : linked), ...attached];
  const [only] = parts;
  // A message whose whole body is another message would look like that one.
  const mustWrap = parts.length === 1 && only?.body.kind === 'message';
  const tree = mustWrap ? wrapped('multipart/mixed', parts) : multipart('multipart/mixed', parts);
  return tree ?? textEntity('text/plain', '');
}

/** The texts with what their HTML shows; nothing when there is no text. */
export function shownPart({
  texts,
  hasHtml,
  linked,
}: Omit<MailContent, 'attached'>): Entity | undefined {
  const core = multipart('multipart/alternative', texts);
  if (!core || !hasHtml) return core;
  const type = texts.length > 1 ? 'multipart/alternative' : 'text/html';
  return multipart('multipart/related', [core, ...linked], `type="${type}"`);
}

/** A text in UTF-8. */
export function textEntity(type: 'text/plain' | 'text/html', text: string): Entity {
  const fields = [{ name: 'Content-Type', value: `${type}; charset=utf-8` }];
  return { fields: () => fields, body: { kind: 'text', text } };
}

/** The parts under one multipart; the part itself when there is only one, nothing when there is none. */
function multipart(type: string, parts: readonly Entity[], parameter?: string): Entity | undefined {
  return parts.length < 2 ? parts[0] : wrapped(type, parts, parameter);
}

/** The parts under one multipart, however many they are. */
export function wrapped(type: string, parts: readonly Entity[], parameter?: string): Entity {
  const boundary = makeBoundary();
  const more = parameter === undefined ? '' : `\r\n ${parameter};`;
  const fields: readonly HeaderField[] = [
    { name: 'Content-Type', value: `${type};${more}\r\n boundary="${boundary}"` },
  ];
  return { fields: () => fields, body: { kind: 'multipart', parts, boundary } };
}

const sources = new WeakMap<StreamBody, ByteSource>();

/** Octets that stay where they are until they are read. */
export function sourceBody(source: ByteSource): EntityBody {
  if (source.bytes) return { kind: 'bytes', bytes: source.bytes };
  const body: StreamBody = {
    kind: 'stream',
    size: source.size,
    open: () => source.pass(0, source.size),
  };
  sources.set(body, source);
  return body;
}

/** The entity, written; what is a source in it is one still. */
export function entityPieces(entity: Entity): SourcePiece[] {
  const inOrder = sourcesIn(entity);
  return segmentsOf(entity).map((segment) => {
    if (segment instanceof Uint8Array) return segment;
    if (segment.bytes) return segment.bytes();
    const next = inOrder.next();
    if (next.done) throw new TypeError('Every stream of this tree has a source');
    return next.value;
  });
}

/** The written entity, without the line end that the writer puts under a text that has none. */
function segmentsOf(entity: Entity): readonly Segment[] {
  const { segments } = render(entity);
  const last = segments.at(-1);
  const isAdded = isTextWithoutEnd(entity.body) && last instanceof Uint8Array;
  return isAdded ? [...segments.slice(0, -1), last.subarray(0, -2)] : segments;
}

function isTextWithoutEnd(body: EntityBody): boolean {
  return body.kind === 'text' && body.text !== '' && !/[\r\n]$/.test(body.text);
}

function* sourcesIn({ body }: Entity): Generator<ByteSource> {
  if (body.kind === 'multipart') for (const part of body.parts) yield* sourcesIn(part);
  const source = body.kind === 'stream' ? sources.get(body) : undefined;
  if (source) yield source;
}
