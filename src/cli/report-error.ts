// How a failure is told: what happened, what to do, and what it means for the message.
import { OptionError, PosthornError, printable } from '../base/index.ts';
import type { CliIo } from './io.ts';
import { paintFor } from './paint.ts';
import { isSystemError, systemErrorText } from './system-error.ts';
import { jsonLine, printableText } from './text.ts';

/** How the failure should be told. */
export interface ReportOptions {
  /** One JSON object on standard output instead of prose on standard error. */
  readonly json: boolean;
  /** Also the dialogue with the server and, for a fault of ours, the stack. */
  readonly verbose: boolean;
  /** Whether the verb delivers messages, so that it is to be said what became of them. Default: `true`. */
  readonly delivers?: boolean;
}

/** Tells the failure: prose on standard error, or JSON on standard output. */
export function reportError(error: unknown, io: CliIo, options: ReportOptions): void {
  if (options.json) {
    void io.stdout.write(jsonLine(errorToJson(error)));
    return;
  }
  const paint = paintFor(io.stderr, io.env);
  const [first = '', ...more] = explain(error, options.delivers ?? true);
  void io.stderr.write(`${paint.red('posthorn:')} ${first}\n`);
  for (const line of more) void io.stderr.write(`  ${line}\n`);
  if (!(error instanceof PosthornError)) {
    if (options.verbose && error instanceof Error && !isSystemError(error)) {
      void io.stderr.write(`${printableText(error.stack ?? '')}\n`);
    }
    return;
  }
  if (error.transcript.length === 0) return;
  if (options.verbose) {
    void io.stderr.write(`\n${paint.dim('The dialogue:')}\n`);
    for (const line of error.transcript) void io.stderr.write(`  ${printable(line)}\n`);
  } else {
    void io.stderr.write(`  ${paint.dim('--verbose shows the dialogue with the server.')}\n`);
  }
}

function errorToJson(error: unknown): Record<string, unknown> {
  if (error instanceof PosthornError) return error.toJSON();
  if (isSystemError(error))
    return { name: error.name, code: error.code, message: systemErrorText(error) };
  return { name: 'Error', message: String(error) };
}

/** The lines of prose; the first says what happened. */
function explain(error: unknown, delivers: boolean): string[] {
  if (error instanceof PosthornError) {
    const lines = printableText(error.message).split('\n');
    const where = whereOf(error);
    if (where) lines.push(where);
    if (error.delivered === 'unknown') {
      lines.push(
        'Nobody knows whether the server took the message: look before you send it again.',
      );
    } else if (error.retryable) {
      lines.push(
        delivers
          ? 'Nothing was delivered; the same command may succeed later.'
          : 'The same command may succeed later.',
      );
    }
    return lines;
  }
  if (isSystemError(error)) return [printable(systemErrorText(error))];
  return [
    `this is a fault of Posthorn: ${printable(String(error))}`,
    '--verbose shows where; please report it.',
  ];
}

function whereOf(error: PosthornError): string | undefined {
  if (error instanceof OptionError || error.host === undefined) return undefined;
  // 0 stands for none: a Unix socket, or a name that did not come to it.
  const port = error.port ? `:${error.port}` : '';
  const stage = error.stage === undefined ? '' : `, stage '${error.stage}'`;
  return `Server ${printable(error.host)}${port}${stage}.`;
}
