// What both syntaxes have in common: a text with fields in it, filled in for one row after another.
import type { TemplatePlace } from '../base/index.ts';

/** One row of data: an object whose own properties are the fields. */
export type Row = Readonly<Record<string, unknown>>;

/** What a field that the row doesn't have becomes: an error, nothing, or the field as the template has it. */
export type MissingPolicy = 'error' | 'blank' | 'keep';

/**
 * What a text is for, which decides how values are written into it: HTML escapes them, a header's line refuses line
 * ends, an address field keeps them apart from its commas and brackets.
 */
export type TextKind = 'html' | 'text' | 'line' | 'address';

/** What a value is written with besides the value. */
export interface RenderEnv {
  /** The row. */
  readonly row: Row;
  /** The language of dates and numbers (BCP 47). */
  readonly locale: string;
  /** The zone of dates (IANA); `undefined`: the machine's. */
  readonly timeZone: string | undefined;
  /** The values of an address field, each where its place-holder says. */
  readonly slots: unknown[];
  /** What a syntax makes of the row once, for all texts of a message. */
  readonly made: { globals?: object };
}

/** A value, or the promise of one: what is ready need not be waited for. */
export type Awaitable<T> = T | Promise<T>;

/** A text with fields in it. */
export interface TextTemplate {
  /** Whether it is the same for every row. */
  readonly isStatic: boolean;
  /** The fields it names, each once, in order. */
  fields(): readonly string[];
  /** The text for one row. */
  fill(env: RenderEnv): Awaitable<string>;
}

/** Bounds on filling in one text. */
export interface TemplateBounds {
  /** Milliseconds that it may take. */
  readonly templateMs: number;
  /** Characters that it may become, and that may be held on the way. */
  readonly templateOutput: number;
}

/** Makes templates of one kind. */
export interface Syntax {
  /** Reads a text; `name` is its name in errors. Throws {@link TemplateError}. */
  compile(text: string, name: string, kind: TextKind): TextTemplate;
  /** Reads a condition; throws {@link TemplateError}. */
  condition(text: string, name: string): Condition;
}

/** A condition on a row. */
export interface Condition {
  fields(): readonly string[];
  holds(env: RenderEnv): Awaitable<boolean>;
}

/** Says where a value stands; asked only when something is wrong with it. */
export type PlaceOf = () => TemplatePlace;
