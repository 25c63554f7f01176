// The nodes of a template that write: literal text, and values in it. Nearly every value is a field of the row, by its
// name alone: it is read directly.
import {
  type Context,
  Drop,
  type Emitter,
  type Liquid,
  Output,
  type Template,
  type Token,
  type TopLevelToken,
  TypeGuards,
  type Value,
} from 'liquidjs';
import { missingFieldError } from '../missing-field.ts';
import { RawHtml } from '../raw-html.ts';
import type { MissingPolicy, RenderEnv, TextKind } from '../text-template.ts';
import { oneLine, writeValue } from '../write-value.ts';
import { placeOfToken, undefinedVariable } from './liquid-error.ts';

/** What the nodes of one kind of text share. */
export interface NodeRules {
  readonly kind: TextKind;
  readonly missing: MissingPolicy;
}

/** Where the row's environment is kept: among the globals, under a name that no template can write. */
export const envKey: unique symbol = Symbol('env');

/** The environment of the row that is being rendered. */
export function envOf(context: Context): RenderEnv {
  return (context.globals as { readonly [envKey]: RenderEnv })[envKey];
}

/** Text of the template itself. */
export class Literal implements Template {
  readonly token: Token;
  readonly text: string;

  constructor(token: Token, text: string) {
    this.token = token;
    this.text = text;
  }

  render(context: Context, emitter: Emitter): void {
    context.memoryLimit.use(this.text.length);
    emitter.write(this.text);
  }
}

// What LiquidJS works out for values that have no such field.
const computed: ReadonlySet<string> = new Set(['size', 'first', 'last']);
const FIND_SCOPE = 'findScope';
const unknown: unique symbol = Symbol('unknown');

type OutputToken = ConstructorParameters<typeof Output>[0];

/** A value of the row: `{{ field }}`. */
class FieldOutput implements Template {
  readonly token: OutputToken;
  readonly #value: Value;
  readonly #rules: NodeRules;
  readonly #path: readonly string[] | undefined;
  readonly #isRaw: boolean;

  constructor(token: OutputToken, liquid: Liquid, rules: NodeRules) {
    this.token = token;
    this.#value = new Output(token, liquid).value;
    this.#rules = rules;
    const { filters } = this.#value;
    this.#isRaw = filters.at(-1)?.raw ?? false;
    // Escaping is not done by a filter but here, where it is known what the text is for.
    if (!this.#isRaw && liquid.options.outputEscape) filters.pop();
    this.#path = filters.length === 0 ? this.#plainPath() : undefined;
  }

  render(context: Context, emitter: Emitter): unknown {
    const found = this.#path === undefined ? unknown : readPath(context, this.#path);
    if (found === unknown || found === undefined) return this.#renderSlowly(context, emitter);
    this.#write(found, context, emitter);
    return undefined;
  }

  /** For the analysis of what a template names. */
  *arguments(): Generator<Value> {
    yield this.#value;
  }

  *#renderSlowly(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const { missing } = this.#rules;
    context.strictVariables = missing !== 'blank';
    try {
      this.#write(yield this.#value.value(context, false), context, emitter);
    } catch (error) {
      const field = undefinedVariable(error);
      if (field === undefined) throw error;
      if (missing === 'error') {
        throw missingFieldError(field, placeOfToken(this.token), envOf(context).row);
      }
      emitter.write(this.token.getText());
    } finally {
      // Conditions and loops take what is not there for nothing, but where it is an error.
      context.strictVariables = missing === 'error';
    }
  }

  #write(value: unknown, context: Context, emitter: Emitter): void {
    const { kind } = this.#rules;
    const plain = value instanceof Drop && !(value instanceof RawHtml) ? value.valueOf() : value;
    const isMarkup = this.#isRaw || this.#isBlockSuper(context);
    const written = isMarkup && kind === 'html' ? new RawHtml(String(plain ?? '')) : plain;
    const text = writeValue(written, kind, envOf(context), () => placeOfToken(this.token));
    context.memoryLimit.use(text.length);
    emitter.write(text);
  }

  /** The names of `a.b.c`, when that is all there is. */
  #plainPath(): readonly string[] | undefined {
    const { postfix } = this.#value.initial as unknown as { readonly postfix: readonly Token[] };
    const [token] = postfix;
    if (postfix.length !== 1 || !TypeGuards.isPropertyAccessToken(token)) return undefined;
    if (token.variable) return undefined;
    const names: string[] = [];
    for (const prop of token.props) {
      if (!('content' in prop) || typeof prop.content !== 'string') return undefined;
      if (computed.has(prop.content)) return undefined;
      names.push(prop.content);
    }
    return names.length > 0 ? names : undefined;
  }

  // What a layout's block held before is text that was written already.
  #isBlockSuper(context: Context): boolean {
    const path = this.#path;
    if (path?.[0] !== 'block' || path[1] !== 'super') return false;
    return context[FIND_SCOPE]('block')['block'] instanceof Drop;
  }
}

/** The value, when it is one of own properties only; `unknown` when LiquidJS has to look. */
function readPath(context: Context, path: readonly string[]): unknown {
  const [root = ''] = path;
  let value: unknown = context[FIND_SCOPE](root);
  for (const name of path) {
    if (typeof value !== 'object' || value === null || value instanceof Drop) return unknown;
    if (!Object.hasOwn(value, name)) return unknown;
    value = (value as Record<string, unknown>)[name];
  }
  return isSpecial(value) ? unknown : value;
}

function isSpecial(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && ('toLiquid' in value || 'then' in value);
}

/** The node for a token that LiquidJS would write by itself; `undefined` for tags. */
export function nodeOf(
  token: TopLevelToken,
  liquid: Liquid,
  rules: NodeRules,
): Template | undefined {
  if (TypeGuards.isOutputToken(token)) return new FieldOutput(token, liquid, rules);
  if (!TypeGuards.isHTMLToken(token)) return undefined;
  return new Literal(token, literalText(token.getContent(), rules.kind));
}

function literalText(text: string, kind: TextKind): string {
  if (kind === 'html' || kind === 'text') return text;
  return oneLine(text);
}
