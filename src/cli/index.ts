/** The command `posthorn`: one folder per verb behind `run(argv, io)`. Not exported from the package. @module */
export type { CliEnv, CliInput, CliIo, CliOutput } from './io.ts';
export { processIo } from './process-io.ts';
export { run } from './run.ts';
