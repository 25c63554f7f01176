// Twice the input must take about twice the time: four times is what a quadratic algorithm would need.
import { expect } from 'vitest';

/** The best of several runs counts: a busy machine only ever makes things slower. */
export function expectLinear(size: number, work: (size: number) => void): void {
  const best = (n: number): number => {
    let least = Infinity;
    for (let run = 0; run < 3; run++) {
      const startedAt = performance.now();
      work(n);
      least = Math.min(least, performance.now() - startedAt);
    }
    return least;
  };
  best(size);
  expect(best(4 * size)).toBeLessThan(Math.max(2, best(size)) * 10);
}
