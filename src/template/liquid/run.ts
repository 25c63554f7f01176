// Runs LiquidJS's generators. Without a promise on the way it is done at once; LiquidJS's own way of waiting makes a
// promise for every step, which costs ten times the rest.
import { LimitError, limits } from '../../base/index.ts';
import { isPromise } from '../promise.ts';
import type { Awaitable } from '../text-template.ts';

type Step = Iterator<unknown, unknown, unknown>;

// Templates that include themselves end here, long before the memory does.
const MOST_INSIDE = 2_000;

/** The value that a generator returns; whatever it yields is worked out for it: generators, promises, values. */
export function run(generator: unknown): Awaitable<unknown> {
  return isStep(generator) ? new Run(generator).go(undefined, false) : generator;
}

/** What is yet to be gone on with, innermost last. */
class Run {
  readonly #open: Step[];

  constructor(first: Step) {
    this.#open = [first];
  }

  go(given: unknown, isThrown: boolean): Awaitable<unknown> {
    let value = given;
    let thrown = isThrown;
    for (;;) {
      const step = this.#open.at(-1);
      if (step === undefined) {
        if (thrown) throw value;
        return value;
      }
      try {
        const next: IteratorResult<unknown, unknown> =
          thrown && step.throw ? step.throw(value) : step.next(value);
        thrown = false;
        value = next.value;
        if (next.done) this.#open.pop();
      } catch (error) {
        this.#open.pop();
        thrown = true;
        value = error;
        continue;
      }
      if (isStep(value)) {
        this.#enter(value);
        value = undefined;
      } else if (isPromise(value)) {
        return value.then(
          (settled) => this.go(settled, false),
          (error: unknown) => this.go(error, true),
        );
      }
    }
  }

  #enter(step: Step): void {
    if (this.#open.length >= MOST_INSIDE) {
      throw new LimitError(
        'templateDepth',
        limits.templateDepth,
        'The template includes itself, or others without end; end the recursion with a condition',
      );
    }
    this.#open.push(step);
  }
}

function isStep(value: unknown): value is Step {
  return (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    'throw' in value &&
    typeof value.next === 'function'
  );
}
