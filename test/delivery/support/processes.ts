// Processes that enqueue or work, to be killed, stopped and continued.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../../', import.meta.url);
let bundle: Promise<string> | undefined;

/** What the process is to do. */
export interface Task {
  readonly do: 'enqueue' | 'work';
  readonly url: string;
  readonly delivery: 'at-least-once' | 'at-most-once';
  /** Where to send. */
  readonly port: number;
  readonly leaseMs?: number;
  readonly concurrency?: number;
  /** What messages that are enqueued are called. */
  readonly label?: string;
}

/** A process under way. */
export interface TaskProcess {
  readonly child: ChildProcess;
  /** Lines it has written: `ready`, ids of messages that were enqueued, events as JSON. */
  readonly lines: string[];
  /** Resolves when it has begun: a worker with its first message. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
}

/** Starts a process. */
export async function startProcess(task: Task): Promise<TaskProcess> {
  bundle ??= bundled();
  const child = spawn(process.execPath, [await bundle, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (piece: Buffer) => {
      const parts = (rest + piece.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines.includes('ready')) resolve();
    });
  });
  return { child, lines, ready, ended: once(child, 'close') };
}

// Node 20 runs no TypeScript; what is installed is found from inside the project.
async function bundled(): Promise<string> {
  const folder = fileURLToPath(new URL('node_modules/.cache/posthorn-test/', root));
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}outbox-process-${process.pid}.mjs`;
  await build({
    entryPoints: [fileURLToPath(new URL('outbox-process.ts', import.meta.url))],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
