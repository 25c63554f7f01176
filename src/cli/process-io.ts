// The real world behind `CliIo`: the one file of this room that touches the process's streams and signals.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { exitCodes } from './exit-codes.ts';
import type { CliIo, CliOutput } from './io.ts';

/** The process's own streams, environment and signals. `packageFile`: where `package.json` is. */
export function processIo(packageFile: URL): CliIo {
  return {
    stdin: {
      get isTTY(): boolean {
        return process.stdin.isTTY === true;
      },
      [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator](),
    },
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    version: () => {
      const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
      return version;
    },
    askSecret,
    onInterrupt,
  };
}

function output(stream: WriteStream): CliOutput {
  // A reader such as `head` may leave before we are done: that is its right and no failure of ours.
  stream.once('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.ioError);
  });
  return {
    write: (data) => {
      if (stream.write(data)) return undefined;
      return new Promise((resolve) => stream.once('drain', resolve));
    },
    isTTY: stream.isTTY === true,
    get columns(): number | undefined {
      return stream.columns;
    },
  };
}

function askSecret(question: string): Promise<string | undefined> {
  // readline edits the line as usual; what it would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  return new Promise((resolve) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    // Ctrl-C ends the question; raw mode keeps the signal from reaching the process by itself.
    lines.once('SIGINT', () => {
      lines.close();
      process.kill(process.pid, 'SIGINT');
    });
    lines.once('close', () => {
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}

function onInterrupt(listener: () => void): () => void {
  process.once('SIGINT', listener);
  process.once('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
