// Colours, for terminals only.
import type { CliEnv, CliOutput } from './io.ts';

/** Gives text a look, or leaves it as it is where colours are not wanted. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string): string => text;

/** No colours at all. */
export const plainPaint: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

// Codes of ECMA-48 section 8.3.117 (SGR).
const look =
  (open: number, close: number) =>
  (text: string): string =>
    text === '' ? text : `\u001b[${open}m${text}\u001b[${close}m`;

const coloured: Paint = {
  bold: look(1, 22),
  dim: look(2, 22),
  red: look(31, 39),
  green: look(32, 39),
  yellow: look(33, 39),
  cyan: look(36, 39),
};

/** Colours when `output` is a terminal, `NO_COLOR` is unset or empty, and the terminal is not `dumb`. */
export function paintFor(output: CliOutput, env: CliEnv): Paint {
  return hasColours(output, env) ? coloured : plainPaint;
}

/** Whether colours are wanted on `output`. */
export function hasColours(output: CliOutput, env: CliEnv): boolean {
  const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  return output.isTTY && !refused && env.TERM !== 'dumb';
}
