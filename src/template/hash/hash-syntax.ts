// The hash syntax: #Field# and #Routine(args)#, filled in. Names count exactly as they are written.
import { OptionError, PosthornError, TemplateError, type TemplatePlace } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { callFunction, type FunctionTable } from '../functions.ts';
import { missingFieldError } from '../missing-field.ts';
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
import { oneLine, writeValue } from '../write-value.ts';
import { type HashPiece, type HashValue, placeAt, readHash } from './read-hash.ts';

/** What the templates of one engine share. */
export interface HashSetup {
  readonly missing: MissingPolicy;
  readonly functions: FunctionTable;
  readonly bounds: TemplateBounds;
  /** Conditions are those of liquid: the hash syntax has none. */
  readonly conditions: Pick<Syntax, 'condition'>;
}

/** The hash syntax with these routines. */
export class HashSyntax implements Syntax {
  readonly #setup: HashSetup;

  constructor(setup: HashSetup) {
    this.#setup = setup;
  }

  compile(text: string, name: string, kind: TextKind): TextTemplate {
    return new HashText(text, name, kind, this.#setup);
  }

  condition(text: string, name: string): Condition {
    return this.#setup.conditions.condition(text, name);
  }
}

const missing: unique symbol = Symbol('missing');

class HashText implements TextTemplate {
  readonly isStatic: boolean;
  readonly #text: string;
  readonly #name: string;
  readonly #kind: TextKind;
  readonly #setup: HashSetup;
  readonly #pieces: readonly HashPiece[];

  constructor(text: string, name: string, kind: TextKind, setup: HashSetup) {
    this.#text = text;
    this.#name = name;
    this.#kind = kind;
    this.#setup = setup;
    const isOneLine = kind === 'line' || kind === 'address';
    this.#pieces = readHash(text, name).map((piece) =>
      piece.type === 'literal' && isOneLine ? { ...piece, text: oneLine(piece.text) } : piece,
    );
    this.isStatic = this.#pieces.every(({ type }) => type === 'literal');
    for (const piece of this.#pieces) if (piece.type === 'value') this.#check(piece);
  }

  fields(): readonly string[] {
    const names = new Set<string>();
    for (const piece of this.#pieces) if (piece.type === 'value') collect(piece.value, names);
    return [...names];
  }

  fill(env: RenderEnv): Awaitable<string> {
    let text = '';
    for (const [index, piece] of this.#pieces.entries()) {
      const more = this.#write(piece, env);
      if (isPromise(more)) return this.#renderRest(text, more, index + 1, env);
      text += more;
    }
    return this.#bounded(text);
  }

  async #renderRest(
    begun: string,
    first: Promise<string>,
    from: number,
    env: RenderEnv,
  ): Promise<string> {
    let text = begun + (await first);
    for (const piece of this.#pieces.slice(from)) text += await this.#write(piece, env);
    return this.#bounded(text);
  }

  #bounded(text: string): string {
    const bound = this.#setup.bounds.templateOutput;
    enforceLimit('templateOutput', text.length, `What '${this.#name}' writes`, bound);
    return text;
  }

  #write(piece: HashPiece, env: RenderEnv): Awaitable<string> {
    if (piece.type === 'literal') return piece.text;
    const place = (): TemplatePlace => placeAt(this.#text, piece.offset, this.#name);
    const write = (value: unknown): string =>
      value === missing ? piece.source : writeValue(value, this.#kind, env, place);
    const value = this.#evaluate(piece.value, env, place);
    return isPromise(value) ? value.then(write) : write(value);
  }

  #evaluate(node: HashValue, env: RenderEnv, place: () => TemplatePlace): Awaitable<unknown> {
    if (node.type === 'constant') return node.value;
    if (node.type === 'field') return this.#field(node.name, env.row, place);
    const args: unknown[] = [];
    for (const arg of node.args) {
      const value = this.#evaluate(arg, env, place);
      // A routine is not asked to make something of a field that is not there.
      if (value === missing) return missing;
      args.push(value);
    }
    if (!args.some(isPromise)) return this.#call(node.name, args, env, place);
    return Promise.all(args).then((ready) => this.#call(node.name, ready, env, place));
  }

  #field(name: string, row: Row, place: () => TemplatePlace): unknown {
    const value = readField(row, name);
    if (value !== undefined) return typeof value === 'function' ? undefined : value;
    // Two hashes with words between them are text, unless the row has just such a field.
    if (name.includes(' ')) return missing;
    if (this.#setup.missing === 'error') throw missingFieldError(name, place(), row);
    return this.#setup.missing === 'keep' ? missing : '';
  }

  #call(
    name: string,
    args: readonly unknown[],
    env: RenderEnv,
    place: () => TemplatePlace,
  ): Awaitable<unknown> {
    if (name === 'raw') return this.#kind === 'html' ? new RawHtml(String(args[0] ?? '')) : args[0];
    const routine = this.#setup.functions.get(name);
    const failed = (cause: unknown): Error => routineError(name, cause, place());
    try {
      const value = routine && callFunction(routine, env, args);
      if (!isPromise(value)) return value;
      return value.catch((cause: unknown) => {
        throw failed(cause);
      });
    } catch (cause) {
      throw failed(cause);
    }
  }

  #check({ value, offset }: HashPiece & { readonly type: 'value' }): void {
    for (const name of callsIn(value)) {
      if (name === 'raw' || this.#setup.functions.has(name)) continue;
      throw new TemplateError(
        'TEMPLATE_INVALID',
        `there is no routine '${name}'; correct its name, or give it in routines`,
        placeAt(this.#text, offset, this.#name),
      );
    }
  }
}

/** An own property of the row, or of an object in it: `order.total`. */
function readField(row: Row, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  if (!name.includes('.')) return undefined;
  let value: unknown = row;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Row)[key];
  }
  return value;
}

function collect(value: HashValue, names: Set<string>): void {
  if (value.type === 'field') names.add(value.name);
  else if (value.type === 'call') for (const arg of value.args) collect(arg, names);
}

function callsIn(value: HashValue): string[] {
  return value.type === 'call' ? [value.name, ...value.args.flatMap(callsIn)] : [];
}

function routineError(name: string, cause: unknown, place: TemplatePlace): Error {
  if (cause instanceof PosthornError && !(cause instanceof OptionError)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TemplateError(
    'TEMPLATE_FAILED',
    `the routine '${name}' failed: ${reason}; correct the routine or the value`,
    place,
    { cause },
  );
}
