// The liquid syntax, on LiquidJS: {{ field }}, {% if %}, {% for %}, filters, partials, layouts. Files and code are out of
// reach: partials are what the caller gave, fields are own properties of the row.
import {
  CaptureTag,
  Context,
  isTruthy,
  Liquid,
  LiquidError,
  LookupType,
  ParseError,
  Parser,
  type Template,
  type Token,
  type TopLevelToken,
  toValue,
  Value,
} from 'liquidjs';
import { limits, type PosthornError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { callFunction, type FunctionTable } from '../functions.ts';
import { isPromise } from '../promise.ts';
import { RawHtml } from '../raw-html.ts';
import type {
  Awaitable,
  Condition,
  MissingPolicy,
  RenderEnv,
  Row,
  Syntax,
  TemplateBounds,
  TextKind,
  TextTemplate,
} from '../text-template.ts';
import { escapeHtml, writeValue } from '../write-value.ts';
import { placeOfToken, templateError } from './liquid-error.ts';
import { envKey, envOf, Literal, type NodeRules, nodeOf } from './nodes.ts';
import { run } from './run.ts';

/** What the templates of one engine share. */
export interface LiquidSetup {
  readonly missing: MissingPolicy;
  readonly functions: FunctionTable;
  readonly bounds: TemplateBounds;
  /** Partials and layouts by name. */
  readonly partials: ReadonlyMap<string, string>;
}

/** The liquid syntax with these partials and functions. */
export class LiquidSyntax implements Syntax {
  readonly #setup: LiquidSetup;
  readonly #byKind = new Map<TextKind, FieldLiquid>();

  constructor(setup: LiquidSetup) {
    this.#setup = setup;
  }

  compile(text: string, name: string, kind: TextKind): TextTemplate {
    const liquid = this.#liquid(kind);
    enforceLimit('templateChars', text.length, `The template '${name}'`);
    try {
      return new LiquidText(liquid, liquid.parse(text, name), name);
    } catch (error) {
      throw liquid.failure(error, name, undefined);
    }
  }

  condition(text: string, name: string): Condition {
    const liquid = this.#liquid('text');
    try {
      // The tag reads it for its fields and for what follows the end of it; the value answers.
      const fields = liquid.parse(`{% if ${text} %}{% endif %}`, name);
      return new LiquidCondition(liquid, fields, new Value(text, liquid), name);
    } catch (error) {
      throw liquid.failure(error, name, undefined);
    }
  }

  #liquid(kind: TextKind): FieldLiquid {
    let found = this.#byKind.get(kind);
    if (!found) {
      found = new FieldLiquid({ kind, missing: this.#setup.missing }, this.#setup);
      this.#byKind.set(kind, found);
    }
    return found;
  }
}

/** What LiquidJS calls a filter with. */
interface FilterThis {
  readonly context: Context;
  readonly token: Token;
}

/** LiquidJS for one kind of text. */
class FieldLiquid extends Liquid {
  readonly rules: NodeRules;
  readonly #bounds: TemplateBounds;

  constructor(rules: NodeRules, { functions, partials, bounds }: LiquidSetup) {
    const { kind, missing } = rules;
    super({
      strictVariables: missing === 'error',
      strictFilters: true,
      lenientIf: true,
      ownPropertyOnly: true,
      cache: true,
      templates: Object.assign(Object.create(null), Object.fromEntries(partials)),
      parseLimit: limits.templateChars,
      renderLimit: bounds.templateMs,
      memoryLimit: bounds.templateOutput,
      // Used by the tags that write a value: echo, cycle.
      outputEscape: function (this: FilterThis, value: unknown): string {
        return writeValue(value, kind, envOf(this.context), () => placeOfToken(this.token));
      } as (value: unknown) => string,
    });
    this.rules = rules;
    this.#bounds = bounds;
    this.registerTag('capture', CapturedText);
    // Only HTML knows what raw is; in a header or address every value is guarded.
    if (kind === 'html') registerHtmlFilters(this);
    else this.registerFilter('raw', (value: unknown) => value);
    for (const [name, call] of functions) {
      this.registerFilter(name, function (value: unknown, ...args: unknown[]): unknown {
        return callFunction(call, envOf(this.context), [value, ...args]);
      });
    }
  }

  /** The error for something that was thrown while reading or filling in `name`. */
  failure(error: unknown, name: string, row: Row | undefined): PosthornError {
    return templateError(error, { name, row, bounds: this.#bounds });
  }

  override parse(text: string, name?: string): Template[] {
    return new FieldParser(this).parse(text, name);
  }

  override _parsePartialFile(
    file: string,
    sync?: boolean,
    from?: string,
  ): Generator<unknown, Template[], string | Template[]> {
    return new FieldParser(this).parseFile(file, sync, LookupType.Partials, from);
  }

  override _parseLayoutFile(
    file: string,
    sync?: boolean,
    from?: string,
  ): Generator<unknown, Template[], string | Template[]> {
    return new FieldParser(this).parseFile(file, sync, LookupType.Layouts, from);
  }
}

/** Filters that write markup, for a text in which all else is escaped: what they were given is escaped once. */
function registerHtmlFilters(liquid: Liquid): void {
  const escaped = (value: unknown): string =>
    value instanceof RawHtml ? value.html : escapeHtml(String(value ?? ''));
  for (const name of ['escape', 'xml_escape']) {
    liquid.registerFilter(name, (value: unknown) => new RawHtml(escaped(value)));
  }
  const { escape_once: once } = liquid.filters;
  if (typeof once === 'function')
    liquid.registerFilter('escape_once', { handler: once, raw: true });
  liquid.registerFilter(
    'newline_to_br',
    (value: unknown) => new RawHtml(escaped(value).replace(/\r\n|\r|\n/g, '<br>\n')),
  );
}

/** LiquidJS's reader of templates, with nodes of ours for text and values. */
class FieldParser extends Parser {
  readonly #liquid: FieldLiquid;

  constructor(liquid: FieldLiquid) {
    super(liquid);
    this.#liquid = liquid;
  }

  override parseToken(
    token: TopLevelToken,
    remainTokens: TopLevelToken[],
  ): ReturnType<Parser['parseToken']> {
    try {
      const node = nodeOf(token, this.#liquid, this.#liquid.rules);
      // Of a node only what `Template` says is used.
      if (node) return node as unknown as ReturnType<Parser['parseToken']>;
    } catch (error) {
      throw LiquidError.is(error) ? error : new ParseError(error as Error, token);
    }
    return super.parseToken(token, remainTokens);
  }
}

/** `{% capture %}`: what was written there is written already, and not escaped a second time. */
class CapturedText extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const text = yield this.liquid.renderer.renderTemplates(this.templates, context);
    const { kind } = (this.liquid as FieldLiquid).rules;
    context.bottom()[this.variable] = kind === 'html' ? new RawHtml(String(text)) : text;
  }
}

/** A text of the liquid syntax. */
class LiquidText implements TextTemplate {
  readonly isStatic: boolean;
  readonly #liquid: FieldLiquid;
  readonly #templates: Template[];
  readonly #name: string;

  constructor(liquid: FieldLiquid, templates: Template[], name: string) {
    this.#liquid = liquid;
    this.#templates = templates;
    this.#name = name;
    this.isStatic = templates.every((node) => node instanceof Literal);
  }

  fields(): readonly string[] {
    return fieldsOf(this.#liquid, this.#templates, this.#name);
  }

  fill(env: RenderEnv): Awaitable<string> {
    const { renderer } = this.#liquid;
    const steps = renderer.renderTemplates(this.#templates, contextFor(this.#liquid, env));
    return settle(this.#liquid, () => run(steps), String, this.#name, env);
  }
}

class LiquidCondition implements Condition {
  readonly #liquid: FieldLiquid;
  readonly #templates: Template[];
  readonly #value: Value;
  readonly #name: string;

  constructor(liquid: FieldLiquid, templates: Template[], value: Value, name: string) {
    this.#liquid = liquid;
    this.#templates = templates;
    this.#value = value;
    this.#name = name;
  }

  fields(): readonly string[] {
    return fieldsOf(this.#liquid, this.#templates, this.#name);
  }

  holds(env: RenderEnv): Awaitable<boolean> {
    const context = contextFor(this.#liquid, env);
    const judge = (value: unknown): boolean => isTruthy(toValue(value), context);
    const start = (): Awaitable<unknown> => run(this.#value.value(context, true));
    return settle(this.#liquid, start, judge, this.#name, env);
  }
}

function contextFor(liquid: FieldLiquid, env: RenderEnv): Context {
  const globals = globalsOf(env);
  return new Context(globals, liquid.options, { sync: true, globals }, { liquid });
}

/**
 * The row as templates see it, partials too, since a letter's footer is about it as much as its text. A copy: tags such as
 * `increment` write into it.
 */
function globalsOf(env: RenderEnv): object {
  env.made.globals ??= { ...env.row, [envKey]: env };
  return env.made.globals;
}

function settle<T>(
  liquid: FieldLiquid,
  start: () => Awaitable<unknown>,
  finish: (value: unknown) => T,
  name: string,
  { row }: RenderEnv,
): Awaitable<T> {
  try {
    const value = start();
    if (!isPromise(value)) return finish(value);
    return value.then(finish).catch((error: unknown) => {
      throw liquid.failure(error, name, row);
    });
  } catch (error) {
    throw liquid.failure(error, name, row);
  }
}

function fieldsOf(liquid: FieldLiquid, templates: Template[], name: string): readonly string[] {
  try {
    return liquid.globalVariablesSync(templates);
  } catch (error) {
    throw liquid.failure(error, name, undefined);
  }
}
