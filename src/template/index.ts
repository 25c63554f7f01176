/**
 * Mail merge: messages (RFC 5322) from a template and rows of data. Templates are Liquid's or `#Field#`; rows come from
 * CSV (RFC 4180), JSON lines, or any iterable. A value of a row can't become a header, an address or markup, and a
 * template reaches no file and no code. @module
 */
export type { MergeOutcome } from './engine.ts';
export { TemplateEngine } from './engine.ts';
export type { NamedTexts, TemplateOptions } from './engine-options.ts';
export type { TemplateContext, TemplateFunction } from './functions.ts';
export type { CssOption } from './inline-css.ts';
export type { TemplateSource } from './load-template.ts';
export type {
  AddressTemplate,
  AttachmentTemplate,
  AttachmentTemplateInput,
  HeadersTemplate,
  MessageTemplate,
} from './message-template.ts';
export { RawHtml } from './raw-html.ts';
export type { Rows } from './rows.ts';
export type { TableSource } from './sources/byte-chunks.ts';
export type { CsvOptions } from './sources/csv.ts';
export { readCsv, readTsv } from './sources/csv.ts';
export { readJsonLines } from './sources/json-lines.ts';
export type { Awaitable, MissingPolicy, Row, TemplateBounds } from './text-template.ts';
