// One field of a template, read once: what it names, and its value for each row.
import type { Awaitable, RenderEnv, Syntax, TextKind } from '../text-template.ts';

/** A field of a message, or a part of one, to be filled in. */
export interface FieldPlan<T> {
  /** Whether it has the same value for every row. */
  readonly isStatic: boolean;
  /** The fields of the row that it names. */
  fields(): readonly string[];
  /** Its value for a row. */
  fill(env: RenderEnv): Awaitable<T>;
}

/** A value that is the same for every row. */
export function fixed<T>(value: T): FieldPlan<T> {
  return { isStatic: true, fields: () => [], fill: () => value };
}

/** A text as a value; one without fields is written once. */
export function textPlan(
  syntax: Syntax,
  text: string,
  name: string,
  kind: TextKind,
): FieldPlan<string> {
  return syntax.compile(text, name, kind);
}

/** A line of a header, without the blanks that templates leave at its ends. */
export function linePlan(syntax: Syntax, text: string, name: string): FieldPlan<string> {
  return mapped(textPlan(syntax, text, name, 'line'), (line) => line.trim());
}

/** A plan whose value is made into another. */
export function mapped<A, B>(plan: FieldPlan<A>, make: (value: A) => Awaitable<B>): FieldPlan<B> {
  return {
    isStatic: plan.isStatic,
    fields: () => plan.fields(),
    fill: (env) => {
      const value = plan.fill(env);
      return value instanceof Promise ? value.then(make) : make(value);
    },
  };
}

/** Several plans as one, in order. */
export function listPlan<T>(plans: readonly FieldPlan<T>[]): FieldPlan<T[]> {
  return {
    isStatic: plans.every(({ isStatic }) => isStatic),
    fields: () => plans.flatMap((plan) => plan.fields()),
    fill: (env) => {
      const values = plans.map((plan) => plan.fill(env));
      return values.some((value) => value instanceof Promise)
        ? Promise.all(values)
        : (values as T[]);
    },
  };
}

/** The members of an object as one plan; those that are `undefined` stay away. */
export function objectPlan<T extends object>(
  members: readonly (readonly [keyof T & string, FieldPlan<unknown>])[],
): FieldPlan<T> {
  const values = listPlan(members.map(([, plan]) => plan));
  return mapped(values, (filled) => {
    const object: Record<string, unknown> = {};
    for (const [index, [key]] of members.entries()) {
      if (filled[index] !== undefined) object[key] = filled[index];
    }
    return object as T;
  });
}
