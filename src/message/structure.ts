// From bodies and parts to a MIME tree with only the levels that are needed:
// mixed > related > alternative (RFC 2046 section 5.1, RFC 2387).
import { utf8Bytes } from '../base/internal.ts';
import { type Entity, type HeaderField, parameterField } from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import { holdsToken } from './boundary-clash.ts';
import type { Identity } from './identity.ts';
import type { Disposition } from './part.ts';
import { partFields } from './part-fields.ts';
import type { Bodies, ReadyPart } from './structure-input.ts';

/** The multiparts that we make. */
export type Subtype = 'mixed' | 'related' | 'alternative';

/** The entity under the message's own header fields. */
export function buildTree(
  bodies: Bodies,
  linked: readonly ReadyPart[],
  attached: readonly ReadyPart[],
  identity: Identity,
): Entity {
  const alternatives = alternativesOf(bodies);
  let token: string | undefined;
  const boundaryOf = (subtype: Subtype): string => {
    token ??= identity.boundaryToken((candidate) =>
      holdsToken(bodies, [...linked, ...attached], candidate),
    );
    // `=_` occurs in neither quoted-printable nor base64. Short, so that Content-Type stays on one line.
    return `=_${subtype.slice(0, 3)}_${token}`;
  };
  const core = multipart('alternative', alternatives, boundaryOf);
  if (linked.length === 0 && attached.length === 0) return core ?? textEntity('', false);
  const shown = core === undefined ? [] : [core];
  const resources = linked.map((resource) => partEntity(resource, 'inline'));
  // Without HTML nothing can refer to a resource: it is shown beside the text.
  if (bodies.html === undefined || linked.length === 0) shown.push(...resources);
  else {
    const rootType = alternatives.length > 1 ? 'multipart/alternative' : 'text/html';
    const related = multipart('related', [...shown, ...resources], boundaryOf, rootType);
    if (related !== undefined) shown.splice(0, 1, related);
  }
  const files = attached.map((attachment) => partEntity(attachment, 'attachment'));
  const parts = [...shown, ...files];
  // A message whose whole body is another message would look like that one: an empty text comes before it.
  if (parts.length === 1 && files[0]?.body.kind === 'message') parts.unshift(textEntity('', false));
  return multipart('mixed', parts, boundaryOf) ?? textEntity('', false);
}

/**
 * The forms of the text by growing faithfulness (RFC 2046 section 5.1.4): text, other views in order,
 * HTML; calendars last, since Outlook shows a meeting request only there.
 */
function alternativesOf({ text, flowed, html, views }: Bodies): Entity[] {
  const out: Entity[] = [];
  if (text !== undefined) out.push(textEntity(text, flowed));
  for (const view of views) if (view.contentType !== 'text/calendar') out.push(viewEntity(view));
  if (html !== undefined) out.push(htmlEntity(html));
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

/** A text/plain part. */
export function textEntity(text: string, flowed: boolean): Entity {
  const fields = flowed ? flowedFields : plainFields;
  return { fields, body: { kind: 'text', text, flowed } };
}

/** A text/html part. */
export function htmlEntity(text: string): Entity {
  return { fields: htmlFields, body: { kind: 'text', text } };
}

/** Another form of the text. */
export function viewEntity(view: AlternateView): Entity {
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
  subtype: Subtype,
  parts: readonly Entity[],
  boundaryOf: (subtype: Subtype) => string,
  rootType?: 'text/html' | 'multipart/alternative',
): Entity | undefined {
  if (parts.length < 2) return parts[0];
  const boundary = boundaryOf(subtype);
  const fields = contentType(multipartType(subtype, boundary, rootType));
  return { fields, body: { kind: 'multipart', parts, boundary } };
}

/** What Content-Type says of a multipart; `rootType` is the type of the first part of a multipart/related. */
export function multipartType(subtype: Subtype, boundary: string, rootType?: string): string {
  // RFC 2387 section 3.1: type is that of the root part.
  const type = rootType === undefined ? '' : ` type="${rootType}";\r\n`;
  return `multipart/${subtype};${type} boundary="${boundary}"`;
}

/** A file or a resource; `fallback` is how it is shown when it does not say so itself. */
export function partEntity({ part, body }: ReadyPart, fallback: Disposition): Entity {
  return { fields: (o) => partFields(part, part.disposition ?? fallback, o), body };
}
