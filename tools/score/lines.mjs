// The loop of an adapter of the corpus harness: one line in, one line of JSON out.
import { createInterface } from 'node:readline';

/** Answers every line of standard input with what `answer` makes of it. */
export async function answerLines(answer) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line !== '') process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
}

/** What `work` gives, or the error it threw, as the harness wants them. */
export function outcome(head, work) {
  try {
    return { ...head, ok: true, ...work() };
  } catch (error) {
    return { ...head, ok: false, error: String(error?.message ?? error).slice(0, 300) };
  }
}
