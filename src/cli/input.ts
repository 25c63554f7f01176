// Reading what a verb is given: a file, or standard input for '-'.
import { readFile } from 'node:fs/promises';
import type { CliIo } from './io.ts';

/** All octets of the file, or of standard input when `path` is `-`. Throws Node's error when it can't be read. */
export async function readInput(path: string, io: CliIo): Promise<Uint8Array> {
  if (path !== '-') return readFile(path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same as text: UTF-8, without a byte order mark. */
export async function readTextInput(path: string, io: CliIo): Promise<string> {
  return new TextDecoder().decode(await readInput(path, io));
}
