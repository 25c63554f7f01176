// Attachments of a template: names, types and contents filled in, paths kept in their folder.
import { isAbsolute, relative, resolve } from 'node:path';
import { InvalidMessageError, printable } from '../../base/index.ts';
import { Attachment, type AttachmentInput, MailMessage } from '../../message/index.ts';
import {
  type AttachmentTemplate,
  type AttachmentTemplateInput,
  checkAttachment,
} from '../message-template.ts';
import type { RenderEnv, Row, Syntax } from '../text-template.ts';
import { type FieldPlan, fixed, linePlan, mapped, objectPlan, textPlan } from './field-plan.ts';

/** What the attachments of one template share. */
export interface AttachmentSetup {
  readonly syntax: Syntax;
  /** Where relative paths begin; absolute. */
  readonly folder: string;
}

/** One attachment: none, one, or with `each` any number. */
export function attachmentPlan(
  template: AttachmentTemplateInput,
  name: string,
  setup: AttachmentSetup,
): FieldPlan<AttachmentInput[]> {
  if (template instanceof Attachment || template instanceof MailMessage) return fixed([template]);
  checkAttachment(template);
  const plan = onePlan(template, name, setup);
  return template.each === undefined ? plan : eachPlan(plan, template.each, name);
}

const lines = ['filename', 'contentType', 'cid', 'description'] as const;

function onePlan(
  template: AttachmentTemplate,
  name: string,
  setup: AttachmentSetup,
): FieldPlan<AttachmentInput[]> {
  const { syntax } = setup;
  const members: [keyof Filled & string, FieldPlan<unknown>][] = [];
  for (const key of lines) {
    const text = template[key];
    if (text === undefined) continue;
    const line = linePlan(syntax, text, `${name}.${key}`);
    members.push([key, mapped(line, (value) => (value === '' ? undefined : value))]);
  }
  const { path, content, disposition, each: _each, template: text, ...rest } = template;
  for (const key of lines) delete rest[key];
  if (path !== undefined) members.push(['path', pathPlan(path, `${name}.path`, setup)]);
  if (content !== undefined) members.push(['content', fixed(content)]);
  if (disposition !== undefined) members.push(['disposition', fixed(disposition)]);
  if (text !== undefined) {
    const isHtml =
      /^text\/html\b/i.test(template.contentType ?? '') || isHtmlName(template.filename);
    members.push(['content', textPlan(syntax, text, `${name}.template`, isHtml ? 'html' : 'text')]);
  }
  return mapped(objectPlan<Filled>(members), (filled) =>
    path !== undefined && filled.path === '' ? [] : [{ ...rest, ...filled } as AttachmentInput],
  );
}

const isHtmlName = (name: string | undefined): boolean => /\.html?$/i.test(name ?? '');

interface Filled {
  filename: string;
  contentType: string;
  cid: string;
  description: string;
  path: string | URL;
  content: unknown;
  disposition: unknown;
}

function pathPlan(
  path: string | URL,
  name: string,
  { syntax, folder }: AttachmentSetup,
): FieldPlan<string | URL> {
  if (path instanceof URL) return fixed(path);
  const template = syntax.compile(path, name, 'line');
  if (template.isStatic) return fixed(resolve(folder, path));
  const [own = ''] = path.split(/\{\{|\{%|#/, 1);
  const base = resolve(
    folder,
    own.slice(0, Math.max(own.lastIndexOf('/'), own.lastIndexOf('\\')) + 1),
  );
  return mapped(linePlan(syntax, path, name), (filled) => confined(filled, base, folder, name));
}

/** The path in full; an error when a value leads it out of its folder. */
function confined(path: string, base: string, folder: string, name: string): string {
  if (path === '') return '';
  const full = resolve(folder, path);
  const inside = relative(base, full);
  if (inside !== '' && !isAbsolute(inside) && !/^\.\.(?:[/\\]|$)/.test(inside)) return full;
  throw new InvalidMessageError(
    'MESSAGE_FIELD_INVALID',
    `${name}: the value leads to '${printable(path, 200)}', out of the folder '${printable(base, 200)}'; ` +
      'correct the data, or set attachmentFolder to a folder that holds all files',
  );
}

function eachPlan(
  plan: FieldPlan<AttachmentInput[]>,
  each: string,
  name: string,
): FieldPlan<AttachmentInput[]> {
  return {
    isStatic: false,
    fields: () => [each, ...plan.fields().filter((field) => field !== 'item')],
    fill: async (env) => {
      const filled: AttachmentInput[] = [];
      for (const item of itemsOf(env.row, each, name)) {
        filled.push(...(await plan.fill(withItem(env, item))));
      }
      return filled;
    },
  };
}

const withItem = (env: RenderEnv, item: unknown): RenderEnv => ({
  ...env,
  row: { ...env.row, item },
  made: {},
});

function itemsOf(row: Row, field: string, name: string): readonly unknown[] {
  const value = Object.hasOwn(row, field) ? row[field] : undefined;
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  throw new InvalidMessageError(
    'MESSAGE_FIELD_INVALID',
    `${name}.each: the field '${printable(field, 80)}' is no list; give an array`,
  );
}
