import type { ReceivedMail } from '../received-mail.ts';
import type { MailStore } from '../store.ts';
import type { CountsJson, InfoJson, MessageListJson, RecipientsJson } from './api-types.ts';
import { downloadAs } from './content-disposition.ts';
import { htmlDocument, inlineImageTypes } from './html-document.ts';
import { partsOf } from './parts.ts';
import { badRequest, json, notFound, type Reply, refuse } from './reply.ts';
import { parseQuery } from './search.ts';
import { detailOf, summaryOf } from './views.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;
const MAX_QUERY_CHARS = 1_000;
const MAX_RECIPIENTS = 50;
// Of one message: a newsletter to thousands would push everybody else out of the list.
const MAX_COUNTED = 20;

/** What the API speaks about. */
export interface ApiContext {
  readonly store: MailStore;
  readonly info: Omit<InfoJson, keyof CountsJson>;
}

/** A request whose Host and origin are found good. */
export interface ApiRequest {
  readonly method: string;
  /** What follows `/api/v1/`, split at its slashes. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Host as the client gave it. */
  readonly host: string;
  /** The body read as JSON; `undefined` when there is none or it is not JSON. */
  readonly body: unknown;
}

type Handler = (request: ApiRequest, context: ApiContext, ...names: string[]) => Reply;

const ROUTES: readonly (readonly [method: string, pattern: string, handler: Handler])[] = [
  ['GET', 'info', getInfo],
  ['GET', 'recipients', getRecipients],
  ['GET', 'messages', listMessages],
  ['PATCH', 'messages', markAll],
  ['DELETE', 'messages', removeAll],
  ['GET', 'messages/*', withMail(getMessage)],
  ['PATCH', 'messages/*', withMail(markOne)],
  ['DELETE', 'messages/*', withMail(removeOne)],
  ['GET', 'messages/*/raw', withMail(getRaw)],
  ['GET', 'messages/*/html', withMail(getHtml)],
  ['GET', 'messages/*/parts/*', withMail(getPart)],
];

/** Serves a request under `/api/v1/` but for the event stream. */
export function serveApi(request: ApiRequest, context: ApiContext): Reply {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const allowed: string[] = [];
  for (const [verb, pattern, handler] of ROUTES) {
    const names = match(pattern.split('/'), request.path);
    if (!names) continue;
    if (verb === method) return handler(request, context, ...names);
    allowed.push(verb);
  }
  if (allowed.length === 0) return notFound('such path');
  const Allow = allowed.join(', ');
  const message = `This path takes ${Allow}.`;
  const refused = refuse({ status: 405, code: 'METHOD_NOT_ALLOWED', message });
  return { ...refused, headers: { ...refused.headers, Allow } };
}

function match(pattern: readonly string[], path: readonly string[]): string[] | undefined {
  if (pattern.length !== path.length) return undefined;
  const names: string[] = [];
  for (const [place, wanted] of pattern.entries()) {
    const given = path[place] ?? '';
    if (wanted === '*') names.push(given);
    else if (wanted !== given) return undefined;
  }
  return names;
}

/** `latest` stands for the newest message. */
function withMail(
  handler: (mail: ReceivedMail, request: ApiRequest, context: ApiContext, name: string) => Reply,
): Handler {
  return (request, context, id = '', name = '') => {
    const mail = id === 'latest' ? context.store.all().at(-1) : context.store.get(id);
    return mail ? handler(mail, request, context, name) : notFound('such message');
  };
}

/** How many messages there are now. */
export function countsOf(store: MailStore): CountsJson {
  return { total: store.size, unread: store.unread };
}

function getInfo(_request: ApiRequest, { store, info }: ApiContext): Reply {
  return json({ ...info, ...countsOf(store) } satisfies InfoJson);
}

function getRecipients(_request: ApiRequest, { store }: ApiContext): Reply {
  const found = new Map<string, { address: string; count: number }>();
  for (const { envelope } of store.all().reverse()) {
    for (const address of envelope.to.slice(0, MAX_COUNTED)) {
      const key = address.toLowerCase();
      const known = found.get(key);
      if (known) known.count += 1;
      else found.set(key, { address, count: 1 });
    }
  }
  const recipients = [...found.values()].slice(0, MAX_RECIPIENTS);
  return json({ recipients } satisfies RecipientsJson);
}

function listMessages({ query }: ApiRequest, { store }: ApiContext): Reply {
  const offset = wholeIn(query.get('offset'), 0, Number.MAX_SAFE_INTEGER, 0);
  const limit = wholeIn(query.get('limit'), 1, MAX_PAGE, DEFAULT_PAGE);
  if (offset === undefined || limit === undefined) {
    return badRequest(`'offset' is 0 or more, 'limit' is from 1 to ${MAX_PAGE}.`);
  }
  const found = matching(query, store);
  return json({
    ...countsOf(store),
    matched: found.length,
    messages: found
      .reverse()
      .slice(offset, offset + limit)
      .map(summaryOf),
  } satisfies MessageListJson);
}

function markAll({ body, query }: ApiRequest, { store }: ApiContext): Reply {
  const read = readFlag(body);
  if (read === undefined) return badRequest('The body must be {"read": true} or {"read": false}.');
  const ids = matching(query, store).map(({ id }) => id);
  return json({ marked: store.mark(ids, read), ...countsOf(store) });
}

function removeAll({ query }: ApiRequest, { store }: ApiContext): Reply {
  const ids = matching(query, store).map(({ id }) => id);
  return json({ removed: store.remove(ids), ...countsOf(store) });
}

function getMessage(mail: ReceivedMail): Reply {
  return json(detailOf(mail));
}

function markOne(mail: ReceivedMail, { body }: ApiRequest, { store }: ApiContext): Reply {
  const read = readFlag(body);
  if (read === undefined) return badRequest('The body must be {"read": true} or {"read": false}.');
  return json({ marked: store.mark([mail.id], read), ...countsOf(store) });
}

function removeOne(mail: ReceivedMail, _request: ApiRequest, { store }: ApiContext): Reply {
  return json({ removed: store.remove([mail.id]), ...countsOf(store) });
}

function getRaw(mail: ReceivedMail): Reply {
  return download(mail.raw, 'message/rfc822', `${mail.subject || 'message'}.eml`);
}

function getHtml(mail: ReceivedMail, { host }: ApiRequest): Reply {
  const { html } = mail;
  return html === undefined ? notFound('HTML body') : htmlDocument(mail, html, host);
}

function getPart(
  mail: ReceivedMail,
  { query, path }: ApiRequest,
  _context: ApiContext,
  place: string,
): Reply {
  const index = wholeIn(place, 0, Number.MAX_SAFE_INTEGER, undefined);
  const entity = index === undefined ? undefined : partsOf(mail.root)[index]?.entity;
  if (!entity) return notFound('such part');
  const type = entity.contentType.value;
  if (query.has('inline') && inlineImageTypes.has(type) && path[1] === mail.id) {
    // A document in a sandbox has nobody's origin, so its images count as foreign to it. Any other page
    // could show them too, but would have to know the id: that is why `latest` is not enough here.
    const headers = { 'Content-Type': type, 'Cross-Origin-Resource-Policy': 'cross-origin' };
    return { status: 200, headers, body: entity.content() };
  }
  return download(entity.content(), type, entity.filename ?? defaultName(type, place));
}

function download(body: Uint8Array, type: string, name: string): Reply {
  return {
    status: 200,
    headers: {
      'Content-Type': /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream',
      'Content-Disposition': downloadAs(name),
    },
    body,
  };
}

function defaultName(type: string, place: string): string {
  const endings: Record<string, string> = {
    'message/rfc822': 'eml',
    'text/calendar': 'ics',
    'text/html': 'html',
    'text/plain': 'txt',
  };
  return `part-${place}.${endings[type] ?? type.split('/')[1] ?? 'bin'}`;
}

function matching(query: URLSearchParams, store: MailStore): ReceivedMail[] {
  const words = (query.get('q') ?? '').slice(0, MAX_QUERY_CHARS).trim();
  return words === '' ? store.all() : store.all().filter(parseQuery(words));
}

function readFlag(body: unknown): boolean | undefined {
  const read = typeof body === 'object' && body !== null && 'read' in body ? body.read : undefined;
  return typeof read === 'boolean' ? read : undefined;
}

function wholeIn<D extends number | undefined>(
  text: string | null,
  min: number,
  max: number,
  absent: D,
): number | D | undefined {
  if (text === null) return absent;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : undefined;
}
