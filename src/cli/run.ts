// From argv to an exit code. Loads the command line parser, which loads the one verb that is asked for.
import { exitCodeOf } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/**
 * Runs the command `posthorn` with these arguments (without node and script) and gives the exit code.
 * Never throws: a failure is told on `io.stderr`, or as JSON on `io.stdout` with `--json`.
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv, io);
  } catch (error) {
    const { reportError } = await import('./report-error.ts');
    const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
    const json = ours.includes('--json');
    const delivers = !['check', 'login', 'show', 'convert'].includes(ours[0] ?? '');
    reportError(error, io, { json, verbose: ours.includes('--verbose'), delivers });
    return exitCodeOf(error);
  }
}
