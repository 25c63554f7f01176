// From bodies and parts to a MIME tree with only the levels that are needed:
// mixed > related > alternative (RFC 2046 section 5.1, RFC 2387).
import { utf8Bytes } from '../base/internal.ts';
import {
  type Entity,
  type EntityBody,
  type HeaderField,
  type HeaderOptions,
  parameterField,
  rawField,
  unstructuredField,
} from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import { holdsBoundary } from './boundary-clash.ts';
import type { Identity } from './identity.ts';
import type { Disposition, Part } from './part.ts';

/** A part whose content is ready to be written. */
export interface ReadyPart {
  readonly part: Part;
  readonly body: EntityBody;
}

/** The forms of a message's text. */
export interface Bodies {
  readonly text: string | undefined;
  readonly flowed: boolean;
  readonly html: string | undefined;
  readonly views: readonly AlternateView[];
}

/** The entity under the message's own header fields. */
export function buildTree(
  bodies: Bodies,
  linked: readonly ReadyPart[],
  attached: readonly ReadyPart[],
  identity: Identity,
): Entity {
  const alternatives = alternativesOf(bodies);
  const core = multipart('alternative', alternatives, identity);
  if (linked.length === 0 && attached.length === 0) return core ?? textEntity('', false);
  const shown = core === undefined ? [] : [core];
  const resources = linked.map((resource) => partEntity(resource, 'inline'));
  // Without HTML nothing can refer to a resource: it is shown beside the text.
  if (bodies.html === undefined || linked.length === 0) shown.push(...resources);
  else {
    const rootType = alternatives.length > 1 ? 'multipart/alternative' : 'text/html';
    const related = multipart('related', [...shown, ...resources], identity, rootType);
    if (related !== undefined) shown.splice(0, 1, related);
  }
  const files = attached.map((attachment) => partEntity(attachment, 'attachment'));
  const parts = [...shown, ...files];
  // A message whose whole body is another message would look like that one: an empty text comes before it.
  if (parts.length === 1 && files[0]?.body.kind === 'message') parts.unshift(textEntity('', false));
  return multipart('mixed', parts, identity) ?? textEntity('', false);
}

/**
 * The forms of the text by growing faithfulness (RFC 2046 section 5.1.4): text, other views in order,
 * HTML; calendars last, since Outlook shows a meeting request only there.
 */
function alternativesOf({ text, flowed, html, views }: Bodies): Entity[] {
  const out: Entity[] = [];
  if (text !== undefined) out.push(textEntity(text, flowed));
  for (const view of views) if (view.contentType !== 'text/calendar') out.push(viewEntity(view));
  if (html !== undefined) out.push({ fields: htmlFields, body: { kind: 'text', text: html } });
  for (const view of views) if (view.contentType === 'text/calendar') out.push(viewEntity(view));
  return out;
}

// Written out: they are the same in every message.
const plainFields = contentType('text/plain; charset=utf-8');
const flowedFields = contentType('text/plain; charset=utf-8; format=flowed');
const htmlFields = contentType('text/html; charset=utf-8');

function contentType(value: string): Entity['fields'] {
  const fields: readonly HeaderField[] = [{ name: 'Content-Type', value }];
  return () => fields;
}

function textEntity(text: string, flowed: boolean): Entity {
  const fields = flowed ? flowedFields : plainFields;
  return { fields, body: { kind: 'text', text, flowed } };
}

function viewEntity(view: AlternateView): Entity {
  const { content, contentType, contentTypeParameters } = view;
  return {
    fields: (o) => [parameterField('Content-Type', contentType, contentTypeParameters, o)],
    body:
      typeof content === 'string' && contentType.startsWith('text/')
        ? { kind: 'text', text: content }
        : { kind: 'bytes', bytes: typeof content === 'string' ? utf8Bytes(content) : content },
  };
}

/** The parts under one multipart; the part itself when there is only one, nothing when there is none. */
function multipart(
  subtype: 'mixed' | 'related' | 'alternative',
  parts: readonly Entity[],
  identity: Identity,
  rootType?: 'text/html' | 'multipart/alternative',
): Entity | undefined {
  if (parts.length < 2) return parts[0];
  const boundary = identity.boundary(subtype, (candidate) =>
    parts.some((part) => holdsBoundary(part, candidate)),
  );
  // RFC 2387 section 3.1: type is that of the root part.
  const type = rootType === undefined ? '' : ` type="${rootType}";\r\n`;
  const fields = contentType(`multipart/${subtype};${type} boundary="${boundary}"`);
  return { fields, body: { kind: 'multipart', parts, boundary } };
}

function partEntity({ part, body }: ReadyPart, fallback: Disposition): Entity {
  return { fields: (o) => partFields(part, part.disposition ?? fallback, o), body };
}

// Readers disagree on which name they look at, so the file name goes out twice: as RFC 2231 filename
// and as RFC 2047 name.
function partFields(part: Part, disposition: Disposition, o: HeaderOptions): HeaderField[] {
  const { filename, cid, description, type } = part;
  const names: [string, string][] = filename === undefined ? [] : [['name', filename]];
  const files: [string, string][] = filename === undefined ? [] : [['filename', filename]];
  const written = [...type.parameters].filter(
    ([name]) => name !== 'name' || filename === undefined,
  );
  const fields = [
    parameterField('Content-Type', type.type, [...written, ...names], o),
    parameterField('Content-Disposition', disposition, files, o),
  ];
  if (cid !== undefined) fields.push(rawField('Content-ID', `<${cid}>`));
  if (description !== undefined)
    fields.push(unstructuredField('Content-Description', description, o));
  return fields;
}
