// What every verb's `command.ts` gives to the program.
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** Adds a verb's arguments, options and action to its command; the action gives the exit code to `done`. */
export type Configure = (command: Command, io: CliIo, done: (code: ExitCode) => void) => void;
