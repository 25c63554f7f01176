// Templates from files: a stored message, or a folder.
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MailMessage, type MessageSource } from '../message/index.ts';
import type { NamedTexts, TemplateOptions } from './engine-options.ts';
import { folderTemplate, templateText } from './from-folder.ts';
import { templateOfMessage } from './from-message.ts';
import type { MessageTemplate } from './message-template.ts';

/** Where a template is read from: a string is a path, of a stored message or of a folder. */
export type TemplateSource = MessageSource | MailMessage;

/** A template with the options that its folder adds. */
export interface LoadedTemplate {
  readonly template: MessageTemplate;
  readonly options: TemplateOptions;
}

/** Reads it; throws what reading a message throws. */
export async function loadTemplate(
  source: TemplateSource,
  options: TemplateOptions,
): Promise<LoadedTemplate> {
  if (source instanceof MailMessage) return { template: templateOfMessage(source), options };
  const path =
    source instanceof URL && source.protocol === 'file:' ? fileURLToPath(source) : source;
  const body = typeof path === 'string' ? bodyOfFile(path) : undefined;
  if (typeof path === 'string' && body !== undefined) {
    return { template: { [body]: await templateText(path) }, options };
  }
  if (typeof path !== 'string' || !(await isFolder(path))) {
    return { template: templateOfMessage(await MailMessage.load(source)), options };
  }
  const { template, partials, layouts } = await folderTemplate(path);
  const merged = {
    ...options,
    partials: joined(partials, options.partials),
    layouts: joined(layouts, options.layouts),
    attachmentFolder: options.attachmentFolder ?? path,
  };
  return { template, options: merged };
}

function bodyOfFile(path: string): 'html' | 'text' | undefined {
  if (/\.html?$/i.test(path)) return 'html';
  return /\.(?:txt|liquid|md)$/i.test(path) ? 'text' : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Loading it as a message tells what is wrong with it.
    return false;
  }
}

// What the caller gives overrules what the folder has.
function joined(found: ReadonlyMap<string, string>, given: NamedTexts | undefined): NamedTexts {
  const pairs = given instanceof Map ? given : Object.entries(given ?? {});
  return new Map([...found, ...pairs]);
}
