// A template and its rows.
import { PosthornError, TemplateError } from '../base/index.ts';
import { MailMessage, type MessageFields } from '../message/index.ts';
import { readSettings, type Settings, type TemplateOptions } from './engine-options.ts';
import type { FieldPlan } from './fields/field-plan.ts';
import { messagePlan } from './fields/message-plan.ts';
import { templateOfMessage } from './from-message.ts';
import { loadTemplate, type TemplateSource } from './load-template.ts';
import type { MessageTemplate } from './message-template.ts';
import { checkRows, fieldsOfRow, type Rows } from './rows.ts';
import type { RenderEnv, Row } from './text-template.ts';

/** What became of one row. */
export type MergeOutcome =
  | {
      readonly status: 'merged';
      /** Which row, counted from 0. */
      readonly index: number;
      /** The row, as it was given. */
      readonly row: Row;
      /** Its message. */
      readonly message: MailMessage;
    }
  | {
      /** The option `skip` left it out. */
      readonly status: 'skipped';
      readonly index: number;
      readonly row: Row;
    }
  | {
      readonly status: 'failed';
      readonly index: number;
      readonly row: Row;
      /** Why there is no message. */
      readonly error: PosthornError;
    };

/**
 * Letters from a template and a table of data. The template is read once; what is wrong with it is told then. A template
 * reaches nothing but the row, the partials and the functions it was given.
 */
export class TemplateEngine {
  readonly #settings: Settings;
  readonly #plan: FieldPlan<MessageFields>;
  readonly #seed: string | undefined;
  #merged = 0;

  /**
   * @param template The fields of a message, every text a template; or a message whose texts are.
   * @throws {@link TemplateError} `TEMPLATE_INVALID`: a text can't be read; the message says where.
   * @throws {@link OptionError} A field or option is not known or has a value it can't have.
   * @throws {@link InvalidAddressError} An address without fields is none.
   */
  constructor(template: MessageTemplate | MailMessage, options: TemplateOptions = {}) {
    this.#settings = readSettings(options);
    const fields = template instanceof MailMessage ? templateOfMessage(template) : template;
    this.#plan = messagePlan(fields, this.#settings);
    this.#seed = fields.deterministic;
  }

  /**
   * Reads a template: a stored message (a path or bytes), or a folder with `subject.txt`, `html.html`, `text.txt`,
   * `headers.txt`, and the folders `partials`, `layouts`, `attachments` and `linked`.
   *
   * @param source A string is a path. A file `.html` or `.txt` is that body alone.
   * @param fields Fields that the source doesn't have, or has otherwise.
   * @throws What the constructor throws; and `FILE_INACCESSIBLE`, {@link FormatError}.
   */
  static async load(
    source: TemplateSource,
    options: TemplateOptions = {},
    fields: MessageTemplate = {},
  ): Promise<TemplateEngine> {
    const loaded = await loadTemplate(source, options);
    return new TemplateEngine({ ...loaded.template, ...fields }, loaded.options);
  }

  /** The fields that the template names, each once: columns for a table, inputs for a form. */
  fields(): string[] {
    const { skip } = this.#settings;
    const asked = typeof skip === 'object' ? skip.fields() : [];
    return [...new Set([...this.#plan.fields(), ...asked])];
  }

  /**
   * The message for one row; the option `skip` is not asked.
   *
   * @throws {@link TemplateError} `TEMPLATE_FIELD_MISSING`: the row doesn't have a field; `TEMPLATE_FAILED`: a filter or
   * routine threw.
   * @throws {@link InvalidMessageError} A value has a line end where a header field can't have one, leads to a file
   * outside its folder, or there is no recipient.
   * @throws {@link InvalidAddressError} A value is not one address.
   * @throws {@link LimitError} The template takes too long or writes too much.
   */
  async merge(row: Row): Promise<MailMessage> {
    return this.#merge(fieldsOfRow(row, this.#settings.columns), this.#merged);
  }

  /**
   * The messages for many rows, one after another, in constant memory: a row is asked for when its message is. The first
   * row that fails ends it; {@link TemplateEngine.mergeEach} goes on.
   *
   * @throws What {@link TemplateEngine.merge} throws, the message beginning with the row's number, counted from 1.
   */
  async *mergeAll(rows: Rows): AsyncGenerator<MailMessage, void, undefined> {
    for await (const outcome of this.mergeEach(rows)) {
      if (outcome.status === 'merged') yield outcome.message;
      if (outcome.status !== 'failed') continue;
      const { error, index } = outcome;
      error.message = `row ${index + 1}: ${error.message}`;
      throw error;
    }
  }

  /** What becomes of each row, one after another; a row that fails does not stop the others. */
  async *mergeEach(rows: Rows): AsyncGenerator<MergeOutcome, void, undefined> {
    let index = 0;
    for await (const row of checkRows(rows)) {
      yield await this.#outcome(row, index);
      index += 1;
    }
  }

  async #outcome(given: Row, index: number): Promise<MergeOutcome> {
    try {
      const row = fieldsOfRow(given, this.#settings.columns);
      if (await this.#isSkipped(row, index)) return { status: 'skipped', index, row: given };
      return { status: 'merged', index, row: given, message: await this.#merge(row, index) };
    } catch (error) {
      return { status: 'failed', index, row: given, error: asPosthornError(error) };
    }
  }

  async #merge(row: Row, index: number): Promise<MailMessage> {
    const { attach } = this.#settings;
    const filled = this.#plan.fill(this.#env(row));
    const fields = filled instanceof Promise ? await filled : filled;
    this.#merged += 1;
    const seed = this.#seed === undefined ? {} : { deterministic: `${this.#seed} ${index}` };
    const message = new MailMessage({ ...fields, ...seed });
    if (attach) {
      const more = await attach(row, index);
      if (more.length > 0) message.attachments = [...message.attachments, ...more];
    }
    return message;
  }

  async #isSkipped(row: Row, index: number): Promise<boolean> {
    const { skip } = this.#settings;
    if (skip === undefined) return false;
    return typeof skip === 'function' ? await skip(row, index) : await skip.holds(this.#env(row));
  }

  #env(row: Row): RenderEnv {
    const { locale, timeZone } = this.#settings;
    return { row, locale: locale(row), timeZone: timeZone(row), slots: [], made: {} };
  }
}

// What functions of the caller's throw outside of a text: skip, attach, locale.
function asPosthornError(error: unknown): PosthornError {
  if (error instanceof PosthornError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TemplateError(
    'TEMPLATE_FAILED',
    `a function among the options failed: ${reason}; correct it`,
    { template: 'options', line: 0, column: 0 },
    { cause: error },
  );
}
