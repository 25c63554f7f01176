import { expect } from 'vitest';

const ATTEMPTS = 24;

/**
 * Twice the input must take at most three times the time (a quadratic algorithm takes four times). A busy machine
 * makes single runs slower, so the best of several attempts counts.
 */
export function expectLinear(run: (size: number) => void, size: number): void {
  const measure = (n: number): number => {
    const started = performance.now();
    run(n);
    return performance.now() - started;
  };
  let ratio = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && ratio > 3; attempt++) {
    measure(size);
    const once = Math.max(measure(size), measure(size), 1);
    ratio = Math.min(ratio, Math.min(measure(2 * size), measure(2 * size)) / once);
  }
  expect(ratio).toBeLessThanOrEqual(3);
}
