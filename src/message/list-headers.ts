// Fields of mailing lists: List-Id (RFC 2919), the commands of RFC 2369, one-click unsubscribing (RFC 8058).
import {
  type HeaderField,
  type HeaderOptions,
  MailAddress,
  tokensField,
  unstructuredField,
} from '../mime/index.ts';
import { checkLine, fieldError, kindOf } from './field-checks.ts';
import { checkNames, type KnownNames } from './known-names.ts';

/** How a reader leaves the list; at least one of `url` and `mailto`. */
export interface Unsubscribe {
  /** A web page, `https:` or `http:`. */
  readonly url?: string | URL | undefined;
  /** An address or a `mailto:` URL, such as `'leave@example.com?subject=leave'`. */
  readonly mailto?: string | undefined;
  /** Whether a POST to `url` unsubscribes without a question (RFC 8058). Default: whether `url` is `https:`. */
  readonly oneClick?: boolean | undefined;
}

/** What a mailing list says of itself. Each command is a web page, an address or a `mailto:` URL. */
export interface ListInfo {
  /** The list's identifier (RFC 2919): `'news.example.com'` or `'Our news <news.example.com>'`. */
  readonly id?: string | undefined;
  /** Where help is. */
  readonly help?: string | undefined;
  /** How to join. */
  readonly subscribe?: string | undefined;
  /** Where to post; `'NO'` when nobody may. */
  readonly post?: string | undefined;
  /** Who answers for the list. */
  readonly owner?: string | undefined;
  /** Where its old messages are. */
  readonly archive?: string | undefined;
}

const known = (of: string, ...names: string[]): KnownNames => ({
  of,
  names: new Set(names),
  habits: new Map([['unsubscribe', "write the message's own unsubscribe: { url, mailto }"]]),
});
const unsubscribeNames = known('unsubscribe', 'url', 'mailto', 'oneClick');
const listNames = known('list', 'id', 'help', 'subscribe', 'post', 'owner', 'archive');

/** The value as it will be written: URLs in full, addresses as `mailto:` URLs. */
export function checkUnsubscribe(value: Unsubscribe): Unsubscribe {
  if (typeof value !== 'object' || value === null) {
    throw fieldError('unsubscribe', `must be { url, mailto }, got ${kindOf(value)}`);
  }
  checkNames(value, unsubscribeNames);
  const url = value.url === undefined ? undefined : webUrl(value.url, 'unsubscribe.url');
  const mailto =
    value.mailto === undefined ? undefined : mailtoUrl(value.mailto, 'unsubscribe.mailto');
  if (url === undefined && mailto === undefined) {
    throw fieldError('unsubscribe', 'names no way to leave; give url, mailto or both');
  }
  const canPost = url?.startsWith('https:') ?? false;
  if (value.oneClick === true && !canPost) {
    throw fieldError('unsubscribe.oneClick', 'needs an https: url (RFC 8058 section 3.1)');
  }
  return { url, mailto, oneClick: value.oneClick ?? canPost };
}

/** List-Unsubscribe and List-Unsubscribe-Post. */
export function unsubscribeFields({ url, mailto, oneClick }: Unsubscribe): HeaderField[] {
  const ways = [url, mailto].filter((way) => way !== undefined);
  const fields = [uriField('List-Unsubscribe', ways.map(String))];
  if (oneClick) fields.push({ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' });
  return fields;
}

/** Reads the fields back; `post` is the value of List-Unsubscribe-Post. */
export function readUnsubscribe(text: string, post: string | undefined): Unsubscribe | undefined {
  const ways = urisIn(text);
  const url = ways.find((way) => /^https?:/i.test(way));
  const mailto = ways.find((way) => /^mailto:/i.test(way));
  if (url === undefined && mailto === undefined) return undefined;
  return { url, mailto, oneClick: /One-Click/i.test(post ?? '') };
}

/** Header names of the list's commands, by property. */
export const listHeaders: readonly (readonly [keyof ListInfo, string])[] = [
  ['id', 'List-Id'],
  ['help', 'List-Help'],
  ['subscribe', 'List-Subscribe'],
  ['post', 'List-Post'],
  ['owner', 'List-Owner'],
  ['archive', 'List-Archive'],
];

/** The values as they will be written. */
export function checkListInfo(value: ListInfo): ListInfo {
  if (typeof value !== 'object' || value === null) {
    throw fieldError('list', `must be an object, got ${kindOf(value)}; write { id: '…' }`);
  }
  checkNames(value, listNames);
  const checked: { -readonly [Key in keyof ListInfo]: ListInfo[Key] } = {};
  for (const [key] of listHeaders) {
    const text = value[key];
    if (text === undefined) continue;
    checked[key] = key === 'id' ? listId(text) : command(text, `list.${key}`);
  }
  return checked;
}

/** The List-… fields of what the list says. */
export function listFields(list: ListInfo, o: HeaderOptions): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const [key, name] of listHeaders) {
    const value = list[key];
    if (value === undefined) continue;
    const isUri = key !== 'id' && value !== 'NO';
    fields.push(isUri ? uriField(name, [value]) : unstructuredField(name, value, o));
  }
  return fields;
}

/** What one List-… field says: its first URI, or its text. */
export function readListValue(key: keyof ListInfo, text: string): string {
  return key === 'id' ? text.trim() : (urisIn(text)[0] ?? text.trim());
}

const uriField = (name: string, uris: readonly string[]): HeaderField =>
  tokensField(
    name,
    uris.map((uri, index) => `<${uri}>${index < uris.length - 1 ? ',' : ''}`),
  );

const urisIn = (text: string): string[] =>
  Array.from(text.matchAll(/<\s*([^<>\s]+)\s*>/g), ([, uri = '']) => uri);

const LIST_ID = /^[!#-'*+\-./0-9=?A-Z^-~]+$/;

function listId(value: unknown): string {
  const text = checkLine(value, 'list.id').trim();
  const open = text.indexOf('<');
  const id = open < 0 ? text : text.slice(open + 1, -1);
  const phrase = text.slice(0, Math.max(0, open)).trim();
  const isClosed = open < 0 || text.endsWith('>');
  if (isClosed && LIST_ID.test(id)) return phrase === '' ? `<${id}>` : `${phrase} <${id}>`;
  throw fieldError(
    'list.id',
    `must be such as 'Our news <news.example.com>', got ${kindOf(value)}`,
  );
}

function command(value: unknown, property: string): string {
  const text = checkLine(value, property).trim();
  if (property === 'list.post' && /^no$/i.test(text)) return 'NO';
  return /^https?:/i.test(text) ? webUrl(text, property) : mailtoUrl(text, property);
}

function webUrl(value: unknown, property: string): string {
  const text = value instanceof URL ? value.href : checkLine(value, property).trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return escapeUri(url.href);
  throw fieldError(property, `must be an https: or http: URL, got ${kindOf(value)}`);
}

function mailtoUrl(value: unknown, property: string): string {
  const text = checkLine(value, property).trim();
  // Half a character has no octets, and so no percent-encoding.
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  const [address = '', ...query] = whole.replace(/^mailto:/i, '').split('?');
  const parsed = new MailAddress(decodePercent(address, property));
  if (parsed.needsUtf8) {
    throw fieldError(property, `must be an ASCII address, got ${kindOf(value)}`);
  }
  const local = encodeURIComponent(parsed.localPart);
  // What is percent-encoded already stays so.
  const rest = encodeURI(query.join('?')).replace(/%25(?=[0-9a-f]{2})/gi, '%');
  return escapeUri(`mailto:${local}@${parsed.domain}${rest === '' ? '' : `?${rest}`}`);
}

function decodePercent(text: string, property: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fieldError(property, `has a % that is not followed by two hexadecimal digits; write %25`);
  }
}

// RFC 2369 section 2: a URI stands between angle brackets.
const escapeUri = (uri: string): string => uri.replace(/[<>\s]/g, encodeURIComponent);
