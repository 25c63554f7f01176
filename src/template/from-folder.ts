// A template as a folder of files. They are all read now: a template reaches no file later.
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { InvalidMessageError, limits, OptionError, printable } from '../base/index.ts';
import { enforceLimit } from '../base/internal.ts';
import { decodeCharset } from '../codec/index.ts';
import type { AttachmentTemplate, MessageTemplate } from './message-template.ts';

/** What a folder holds. */
export interface FolderTemplate {
  readonly template: MessageTemplate;
  readonly partials: ReadonlyMap<string, string>;
  readonly layouts: ReadonlyMap<string, string>;
}

// Field by the name of its file, without extension and without regard to case.
const fieldOfFile: ReadonlyMap<string, 'subject' | 'html' | 'text' | 'headers'> = new Map([
  ['subject', 'subject'],
  ['html', 'html'],
  ['body', 'html'],
  ['text', 'text'],
  ['plain', 'text'],
  ['headers', 'headers'],
]);
const extensions: ReadonlySet<string> = new Set(['', '.txt', '.html', '.htm', '.liquid', '.hash']);

/** Fields of `headers.txt` that a property writes. */
const propertyOfHeader: ReadonlyMap<string, keyof MessageTemplate> = new Map([
  ['from', 'from'],
  ['sender', 'sender'],
  ['reply-to', 'replyTo'],
  ['to', 'to'],
  ['cc', 'cc'],
  ['bcc', 'bcc'],
  ['subject', 'subject'],
  ['priority', 'priority'],
  ['sensitivity', 'sensitivity'],
  ['in-reply-to', 'inReplyTo'],
  ['references', 'references'],
  ['disposition-notification-to', 'readReceiptTo'],
]);

/** Reads `subject`, `html`, `text`, `headers` and the folders beside them. */
export async function folderTemplate(folder: string): Promise<FolderTemplate> {
  const template: Record<string, unknown> = {};
  for (const entry of await entriesOf(folder)) {
    const field = entry.isFile() ? fieldOf(entry.name) : undefined;
    if (field === undefined) continue;
    const text = await templateText(join(folder, entry.name));
    if (field === 'headers') Object.assign(template, fieldsOfHeaders(text));
    else template[field] = field === 'subject' ? text.trim() : text;
  }
  const linked = await filesIn(join(folder, 'linked'));
  const attached = await filesIn(join(folder, 'attachments'));
  if (linked.length > 0) template['linkedResources'] = linked.map(linkedResource);
  if (attached.length > 0) template['attachments'] = attached.map((path) => ({ path }));
  if (template['html'] === undefined && template['text'] === undefined) {
    throw new OptionError(
      'template',
      `The folder '${printable(folder, 200)}' is no template: it holds neither html.html nor text.txt`,
    );
  }
  return {
    template,
    partials: await textsIn(join(folder, 'partials')),
    layouts: await textsIn(join(folder, 'layouts')),
  };
}

function fieldOf(name: string): ReturnType<typeof fieldOfFile.get> {
  // text.liquid, html.liquid.html
  const bare = name.toLowerCase().replace(/\.liquid(?=\.|$)/, '');
  const extension = extname(bare);
  if (!extensions.has(extension)) return undefined;
  const stem = bare.slice(0, bare.length - extension.length);
  return fieldOfFile.get(stem) ?? (stem === 'index' && extension !== '.txt' ? 'html' : undefined);
}

function fieldsOfHeaders(text: string): Partial<MessageTemplate> {
  const fields: Record<string, unknown> = {};
  const headers: [string, string][] = [];
  for (const line of text.split(/\r\n|\n/)) {
    const at = line.indexOf(':');
    if (line.trim() === '') continue;
    if (at <= 0) {
      throw new OptionError(
        'headers',
        `headers.txt has lines such as 'Name: value', not '${printable(line, 80)}'`,
      );
    }
    const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    const property = propertyOfHeader.get(name.toLowerCase());
    if (property === undefined) headers.push([name, value]);
    else fields[property] = value;
  }
  return headers.length === 0 ? fields : { ...fields, headers };
}

function linkedResource(path: string): AttachmentTemplate {
  const name = path.slice(path.lastIndexOf(sep) + 1);
  return { path, cid: name };
}

/** Every text under a folder, by its path inside it, with and without its extension. */
async function textsIn(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of await filesIn(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    const text = await templateText(path);
    texts.set(name, text);
    texts.set(name.slice(0, name.length - extname(name).length), text);
  }
  return texts;
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

async function entriesOf(folder: string): Promise<import('node:fs').Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(folder, error);
  }
}

/** The text of a template's file: UTF-8, else windows-1252. */
export async function templateText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  enforceLimit(
    'templateChars',
    bytes.length,
    `The file '${printable(path, 200)}'`,
    4 * limits.templateChars,
  );
  return decodeCharset(bytes, undefined, { fallbackCharset: 'windows-1252' }).text;
}

function unreadable(path: string, cause: unknown): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `The template file '${printable(path, 200)}' can't be read (${printable(reason, 200)}); check the path`,
    { cause },
  );
}
