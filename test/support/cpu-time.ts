/**
 * Milliseconds that some work takes, as far as it was this process that took them: other tests in it count, other
 * processes do not.
 */
export function cpuMs(work: () => unknown): number {
  const elapsed = stopwatch();
  work();
  return elapsed();
}

/** The same for work that waits for its own callbacks. */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const elapsed = stopwatch();
  await work();
  return elapsed();
}

function stopwatch(): () => number {
  const usage = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(usage);
    // Several threads of one process use more time than passes.
    return Math.min((user + system) / 1000, performance.now() - start);
  };
}
