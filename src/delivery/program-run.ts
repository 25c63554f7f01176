// One run of a program that reads a message from its standard input.
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { Writable } from 'node:stream';

/** What to run. */
export interface ProgramPlan {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  /** What it reads; asked for chunk by chunk, as it reads. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal | undefined;
  /** How long it may take in all, in milliseconds. */
  readonly timeoutMs: number;
}

/** How a run ended. */
export interface ProgramEnd {
  /** Its exit code; `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote, its beginning. */
  readonly said: string;
  /** Whether it has had the whole input and its end. */
  readonly isWhole: boolean;
  /** Why we ended it, when we did. */
  readonly endedBy: 'timeout' | 'signal' | undefined;
}

// More of what a program says would not be read.
const MOST_SAID_BYTES = 8192;

/**
 * Runs it without a shell. When the input fails, the program and what it has started are killed before they see an end:
 * half a message must not be taken for one. Throws what the input throws, and what `spawn` does.
 */
export async function runProgram(plan: ProgramPlan): Promise<ProgramEnd> {
  const { path, args, env, input, signal, timeoutMs } = plan;
  const child = spawn(path, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    // A group of its own, so that a wrapper is killed with what it runs.
    detached: process.platform !== 'win32',
    ...(env && { env: { ...env } }),
  });
  const said = new Said(child);
  const ended = endOf(child);
  let endedBy: ProgramEnd['endedBy'];
  const end = (why: ProgramEnd['endedBy']): void => {
    endedBy ??= why;
    kill(child);
  };
  const onAbort = (): void => end('signal');
  const timer =
    timeoutMs === Number.POSITIVE_INFINITY
      ? undefined
      : setTimeout(() => end('timeout'), timeoutMs);
  signal?.addEventListener('abort', onAbort);
  try {
    const isWhole = await feed(child.stdin, input, ended).catch(async (error: unknown) => {
      kill(child);
      await ended.catch(() => undefined);
      if (endedBy === undefined) throw error;
      return false;
    });
    const { exitCode, signal: by } = await ended;
    return { exitCode, signal: by, said: said.text, isWhole, endedBy };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Writes all of it as it is read; `false` when the program stopped reading before. */
async function feed(
  stdin: Writable,
  input: AsyncIterable<Uint8Array>,
  ended: Promise<unknown>,
): Promise<boolean> {
  let isOpen = true;
  const over = new Promise<void>((resolve) => {
    // A program that wants no more has its reasons: its exit code tells.
    stdin.once('error', () => resolve());
    stdin.once('close', () => resolve());
  });
  const gone = Promise.race([over, ended.then(() => undefined)]).finally(() => {
    isOpen = false;
  });
  gone.catch(() => undefined);
  for await (const chunk of input) {
    if (!isOpen) return false;
    // The memory of a chunk is used again when the next is asked for: it has to have left by then.
    const written = new Promise<void>((resolve) => stdin.write(chunk, () => resolve()));
    await Promise.race([written, gone]);
  }
  if (!isOpen) return false;
  const isWritten = new Promise<boolean>((resolve) => stdin.end(() => resolve(true)));
  return await Promise.race([isWritten, gone.then(() => stdin.writableFinished)]);
}

async function endOf(
  child: ChildProcess,
): Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

// SIGKILL: a program that is asked to end may take what it has for the whole message.
function kill(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The beginning of what a program writes. */
class Said {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor({ stdout, stderr }: ChildProcess) {
    for (const stream of [stderr, stdout]) {
      stream?.on('data', (piece: Buffer) => {
        const room = MOST_SAID_BYTES - this.#length;
        if (room <= 0) return;
        this.#pieces.push(piece.subarray(0, room));
        this.#length += Math.min(room, piece.length);
      });
      stream?.on('error', () => undefined);
    }
  }

  get text(): string {
    return Buffer.concat(this.#pieces).toString('utf8').trim();
  }
}
