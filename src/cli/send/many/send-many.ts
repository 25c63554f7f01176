// `posthorn send` of several files or a folder: over several connections, with a line that tells how far it has come.
import {
  type BulkItem,
  type BulkOutcome,
  type BulkReport,
  type EnvelopeOptions,
  SmtpClient,
} from '../../../client/index.ts';
import { MailMessage } from '../../../message/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../../exit-codes.ts';
import type { CliIo } from '../../io.ts';
import { paintFor } from '../../paint.ts';
import { reportError } from '../../report-error.ts';
import { jsonLine } from '../../text.ts';
import { replyText } from '../account.ts';
import type { SendFlags } from '../flags.ts';
import { serverOptions } from '../server.ts';
import { manyAccountOf, type Trouble, troubleOf } from './many-account.ts';
import { manyProgress } from './many-progress.ts';
import { worseOf } from './worse.ts';

// More would not be read; --json has them all.
const MOST_TROUBLES = 100;

/** Sends the messages in these files, each as it is. */
export async function sendMany(
  files: readonly string[],
  envelope: EnvelopeOptions,
  flags: SendFlags,
  io: CliIo,
): Promise<ExitCode> {
  const server = await serverOptions(flags, io, false);
  const told = new Account(files, flags, io);
  const end = new AbortController();
  const forget = io.onInterrupt(() => {
    void io.stderr.write(
      `${io.stderr.isTTY ? '\n' : ''}Ending after what is under way; Ctrl-C again ends at once.\n`,
    );
    end.abort();
  });
  const client = new SmtpClient(server);
  const progress = manyProgress(io);
  try {
    const report = await client.bulkSend(messagesIn(files, envelope), {
      signal: end.signal,
      total: files.length,
      onProgress: progress.onProgress,
      onOutcome: told.add,
      ...(flags.connections !== undefined && { connections: flags.connections }),
    });
    progress.clear();
    return told.finish(report);
  } finally {
    progress.clear();
    forget();
    await client.close();
  }
}

// Some are read while others are sent; one that can't be read is the trouble of that one.
function* messagesIn(
  files: readonly string[],
  envelope: EnvelopeOptions,
): Generator<Promise<BulkItem>> {
  for (const file of files) {
    yield MailMessage.load(file).then((message) => ({ message, options: { envelope } }));
  }
}

/** Keeps what has to be told at the end, and tells the rest at once. */
class Account {
  readonly #files: readonly string[];
  readonly #flags: SendFlags;
  readonly #io: CliIo;
  readonly #troubles: Trouble[] = [];
  #code: ExitCode = exitCodes.ok;

  constructor(files: readonly string[], flags: SendFlags, io: CliIo) {
    this.#files = files;
    this.#flags = flags;
    this.#io = io;
  }

  readonly add = (outcome: BulkOutcome): void => {
    const file = this.#files[outcome.index] ?? '';
    if (this.#flags.json) void this.#io.stdout.write(jsonLine(asJson(file, outcome)));
    if (outcome.status === 'failed') {
      const { error } = outcome;
      this.#worsen(exitCodeOf(error));
      this.#keep(troubleOf(file, error));
    } else if (outcome.status === 'sent') {
      const { rejected, unsettled } = outcome.receipt;
      if (rejected.length > 0) this.#worsen(exitCodes.unavailable);
      for (const { address, reply } of rejected) {
        this.#keep({ file, to: [address], reason: replyText(reply) });
      }
      for (const { address, error } of unsettled) {
        this.#worsen(exitCodeOf(error));
        this.#keep({ ...troubleOf(file, error), to: [address] });
      }
    }
  };

  /** Tells the end of it. */
  finish(report: BulkReport): ExitCode {
    const { json, verbose } = this.#flags;
    const { error } = report;
    if (error) this.#worsen(exitCodeOf(error));
    if (json) {
      const { failures: _told, ...summary } = report;
      void this.#io.stdout.write(jsonLine({ summary: { ...summary, error: error?.toJSON() } }));
      return this.#code;
    }
    const paint = paintFor(this.#io.stdout, this.#io.env);
    const total = this.#files.length;
    void this.#io.stdout.write(manyAccountOf(report, total, this.#troubles, paint));
    // Who pressed Ctrl-C knows why.
    if (error && error.code !== 'ABORTED') {
      reportError(error, this.#io, { json: false, verbose: verbose ?? false });
    }
    return this.#code;
  }

  #worsen(code: ExitCode): void {
    this.#code = worseOf(this.#code, code);
  }

  #keep(trouble: Trouble): void {
    if (this.#troubles.length < MOST_TROUBLES) this.#troubles.push(trouble);
  }
}

function asJson(file: string, outcome: BulkOutcome): Record<string, unknown> {
  const { index, status } = outcome;
  if (outcome.status === 'sent') return { index, file, status, receipt: outcome.receipt };
  if (outcome.status === 'failed') return { index, file, status, error: outcome.error.toJSON() };
  return { index, file, status };
}
