// A world for `run` without a process: what it reads is given, what it writes is kept.
import type { CliIo, CliOutput } from '../../src/cli/index.ts';
import { run } from '../../src/cli/index.ts';

/** What the fake world holds; everything may be left out. */
export interface FakeWorld {
  readonly stdin?: string | Uint8Array | Error;
  readonly env?: Record<string, string>;
  /** Whether standard input, output and error are a terminal. */
  readonly terminal?: boolean;
  /** What is typed when a secret is asked for. */
  readonly secret?: string;
  /** Called with what was written so far, and a way to press Ctrl-C, after every write. */
  readonly onWrite?: (soFar: string, interrupt: () => void) => void;
}

/** What a run of the command left behind. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
  readonly questions: readonly string[];
}

/** Runs the command in a fake world. */
export async function runCommand(
  argv: readonly string[],
  world: FakeWorld = {},
): Promise<RunResult> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const questions: string[] = [];
  const interrupts = new Set<() => void>();
  const isTTY = world.terminal ?? false;
  const interrupt = (): void => {
    for (const listener of [...interrupts]) listener();
  };
  const output = (into: Uint8Array[]): CliOutput => ({
    isTTY,
    columns: isTTY ? 80 : undefined,
    write: (data) => {
      into.push(typeof data === 'string' ? Buffer.from(data) : data);
      world.onWrite?.(Buffer.concat(into).toString(), interrupt);
    },
  });
  const io: CliIo = {
    stdin: {
      isTTY,
      async *[Symbol.asyncIterator]() {
        if (world.stdin instanceof Error) throw world.stdin;
        yield typeof world.stdin === 'string'
          ? Buffer.from(world.stdin)
          : (world.stdin ?? new Uint8Array(0));
      },
    },
    stdout: output(out),
    stderr: output(err),
    env: world.env ?? {},
    version: () => '1.2.3',
    askSecret: async (question) => {
      questions.push(question);
      return world.secret;
    },
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
  };
  const code = await run(argv, io);
  const bytes = Buffer.concat(out);
  return {
    code,
    stdout: bytes.toString(),
    stderr: Buffer.concat(err).toString(),
    bytes,
    questions,
  };
}
