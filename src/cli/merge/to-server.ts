// `posthorn merge --server`: the messages go out over several connections while the next ones are made.
import {
  type BulkItem,
  type BulkOutcome,
  SmtpClient,
  type SmtpClientOptions,
} from '../../client/index.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { replyText } from '../send/account.ts';
import { manyProgress } from '../send/many/many-progress.ts';
import { type MergeJob, type PendingRow, pendingRows } from './pending.ts';
import type { ReportLine } from './report.ts';

type RowLine = Omit<ReportLine, 'status'>;

/** Sends what is to be done; tells each outcome to the job's account. */
export async function mergeToServer(
  job: MergeJob,
  server: SmtpClientOptions,
  total: number | undefined,
  io: CliIo,
): Promise<void> {
  const { flags, end } = job;
  const underWay = new Map<number, RowLine>();
  const client = new SmtpClient(server);
  const progress = manyProgress(io);
  try {
    const report = await client.bulkSend(items(job, underWay), {
      signal: end.signal,
      onProgress: progress.onProgress,
      onOutcome: (outcome) => settle(job, underWay, outcome),
      ...(total !== undefined && { total }),
      ...(flags.connections !== undefined && { connections: flags.connections }),
    });
    const { error } = report;
    // Who pressed Ctrl-C, or asked to stop, knows why.
    if (error && error.code !== 'ABORTED') {
      throw error.code === 'MESSAGE_SOURCE_FAILED' ? (error.cause ?? error) : error;
    }
  } finally {
    progress.clear();
    await client.close();
  }
}

async function* items(job: MergeJob, underWay: Map<number, RowLine>): AsyncGenerator<BulkItem> {
  let index = 0;
  for await (const pending of pendingRows(job)) {
    const line = lineOf(pending);
    // Before anything of it is said to a server: a run that is killed must not be taken for one that never began.
    job.account.started(line);
    underWay.set(index, line);
    index += 1;
    yield { message: pending.message };
  }
}

export function lineOf({ row, key, to, message }: PendingRow): RowLine {
  return { row, key, to, messageId: message.messageId };
}

function settle(
  { account, flags, end }: MergeJob,
  underWay: Map<number, RowLine>,
  outcome: BulkOutcome,
): void {
  const line = underWay.get(outcome.index);
  if (!line) return;
  underWay.delete(outcome.index);
  if (outcome.status === 'not-attempted') {
    account.ended({ ...line, status: 'not-sent' });
    return;
  }
  if (outcome.status === 'sent') {
    const { reply, rejected, unsettled } = outcome.receipt;
    const refused = rejected.map((one) => `${one.address}: ${replyText(one.reply)}`);
    const open = unsettled.map(({ address, error }) => `${address}: ${error.message}`);
    if (refused.length > 0) account.worsen(exitCodes.unavailable);
    for (const { error } of unsettled) account.worsen(exitCodeOf(error));
    const detail = [replyText(reply), ...refused, ...open].join('; ');
    account.ended({ ...line, status: 'sent', detail });
    return;
  }
  const { error } = outcome;
  const status = error.delivered === 'unknown' ? 'unknown' : 'failed';
  account.ended(
    { ...line, status, detail: error.reply ? replyText(error.reply) : error.message },
    error,
  );
  if (flags.stopOnError) end.abort();
}
