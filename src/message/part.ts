// One part of a message as its maker describes it: what an attachment, a linked resource and an
// alternate view have in common. Checks everything that becomes a header field.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError } from '../base/index.ts';
import {
  type ContentInput,
  type ContentSource,
  contentSource,
  fileSource,
} from './content-source.ts';
import { asUtf8, type ContentType, readContentType } from './content-type.ts';
import { checkChoice, checkLine, fieldError, kindOf } from './field-checks.ts';
import { checkNames, type KnownNames } from './known-names.ts';
import { mediaTypeOf, octetStream } from './media-types.ts';

/** How a reader is asked to show a part (RFC 2183): as a file, or in its place in the text. */
export type Disposition = 'attachment' | 'inline';

/** What an attachment or linked resource is made of. One of `path` and `content` is needed. */
export interface AttachmentOptions {
  /** A file, as path or `file:` URL; read while the message is sent, never held in memory. */
  readonly path?: string | URL | undefined;
  /** The content itself; a string is written as UTF-8. Bytes are not copied: leave them alone until sent. */
  readonly content?: ContentInput | undefined;
  /** The name the reader sees. Default: the last part of `path`, else none. */
  readonly filename?: string | undefined;
  /** The media type, parameters allowed. Default: by the file name's extension, else `application/octet-stream`. */
  readonly contentType?: string | undefined;
  /** Default: `'attachment'`; `'inline'` in `linkedResources`. */
  readonly disposition?: Disposition | undefined;
  /** The Content-ID, by which HTML refers to the part as `cid:…` (RFC 2392); without angle brackets. */
  readonly cid?: string | undefined;
  /** What the part is, in words (Content-Description, RFC 2045 section 8). */
  readonly description?: string | undefined;
  /** Octets of a stream, when known beforehand, so that the message's size is known too. */
  readonly size?: number | undefined;
}

/** A part, checked and ready to be written. */
export interface Part {
  readonly type: ContentType;
  readonly filename: string | undefined;
  readonly disposition: Disposition | undefined;
  readonly cid: string | undefined;
  readonly description: string | undefined;
  readonly source: ContentSource;
}

const known: KnownNames = {
  of: 'an attachment',
  names: new Set<keyof AttachmentOptions>([
    'path',
    'content',
    'filename',
    'contentType',
    'disposition',
    'cid',
    'description',
    'size',
  ]),
  habits: new Map([
    ['name', "write filename: '…'"],
    ['fileName', "write filename: '…'"],
    ['href', 'fetch it first and give the body as content'],
    ['url', 'fetch it first and give the body as content'],
    ['raw', 'give path or content; the headers are written for you'],
    ['data', 'write content: …'],
    ['encoding', "give the decoded bytes: content: Buffer.from(text, 'base64')"],
    ['contentDisposition', "write disposition: 'inline'"],
    ['contentId', "write cid: '…'"],
    ['contentTransferEncoding', 'it is chosen by content'],
    ['type', "write contentType: '…'"],
  ]),
};

/** Reads what a caller gives for an attachment; `property` names it in errors, as `attachments[0]`. */
export function readPart(options: AttachmentOptions, property: string): Part {
  if (typeof options !== 'object' || options === null) {
    throw fieldError(
      property,
      `must be an object, got ${kindOf(options)}; write { path: '…' } for a file, ` +
        "{ filename: '…', content: … } for content",
    );
  }
  checkNames(options, known);
  const { path, content, cid, description, disposition } = options;
  const filename = options.filename ?? nameOf(path);
  const source = sourceOf(path, content, checkSize(options.size), describe(property, filename));
  return {
    type: typeOf(options, filename, property),
    filename: filename === undefined ? undefined : checkLine(filename, `${property}.filename`),
    disposition:
      disposition === undefined
        ? undefined
        : checkChoice(disposition, ['attachment', 'inline'], `${property}.disposition`),
    cid: cid === undefined ? undefined : checkContentId(cid, `${property}.cid`),
    description:
      description === undefined ? undefined : checkLine(description, `${property}.description`),
    source,
  };
}

const CONTENT_ID = /^[!-;=?-~]{1,900}$/;

/** A Content-ID without its angle brackets (RFC 2045 section 7). */
function checkContentId(value: unknown, property: string): string {
  const text = checkLine(value, property);
  const inner = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
  if (CONTENT_ID.test(inner)) return inner;
  throw fieldError(
    property,
    `must be printable ASCII without spaces or angle brackets, such as 'logo', got ${kindOf(value)}`,
  );
}

function sourceOf(
  path: unknown,
  content: ContentInput | undefined,
  size: number | undefined,
  name: string,
): ContentSource {
  if (path !== undefined && content !== undefined) {
    throw fieldError(name, 'has both path and content; give one of them');
  }
  if (content !== undefined) return contentSource(content, size, name);
  if (path instanceof URL || (typeof path === 'string' && path !== '' && !path.includes('\0'))) {
    return fileSource(path);
  }
  if (path === undefined) throw fieldError(name, 'has no content; give path or content');
  throw fieldError(`The path of ${name}`, `must be a file's path or URL, got ${kindOf(path)}`);
}

function typeOf(
  options: AttachmentOptions,
  filename: string | undefined,
  property: string,
): ContentType {
  const isText = typeof options.content === 'string';
  const written = options.contentType;
  const guessed = filename === undefined ? octetStream : mediaTypeOf(String(filename));
  const fallback = guessed === octetStream && isText ? 'text/plain' : guessed;
  const type = readContentType(written ?? fallback, `${property}.contentType`);
  return isText ? asUtf8(type, `${property}.contentType`) : type;
}

function checkSize(size: unknown): number | undefined {
  if (size === undefined) return undefined;
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw new OptionError(
    'size',
    `'size' must be a whole number of octets from 0, got ${kindOf(size)}`,
  );
}

function nameOf(path: unknown): string | undefined {
  if (typeof path === 'string') return basename(path);
  if (!(path instanceof URL) || path.protocol !== 'file:') return undefined;
  return basename(fileURLToPath(path));
}

function describe(property: string, filename: unknown): string {
  return typeof filename === 'string' ? `${property} (${kindOf(filename)})` : property;
}

/** A file name for a whole message: its subject without what file systems refuse. */
export function messageFileName(subject: string): string {
  const name = subject.replace(/[\s\0-\x1f\x7f/\\:*?"<>|]+/g, ' ').trim();
  return `${[...name].slice(0, 80).join('') || 'message'}.eml`;
}
