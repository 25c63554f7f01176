#!/usr/bin/env node
// The command `posthorn`.
import process from 'node:process';
import { processIo, run } from './cli/index.ts';

process.exitCode = await run(
  process.argv.slice(2),
  processIo(new URL('../package.json', import.meta.url)),
);
