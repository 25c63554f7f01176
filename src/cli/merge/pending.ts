// The rows that are still to be done, each with its message: what is left out is told on the way.
import type { MailMessage } from '../../message/index.ts';
import { mailboxesOf } from '../../mime/index.ts';
import type { Row, TemplateEngine } from '../../template/index.ts';
import type { MergeAccount } from './account.ts';
import type { MergeFlags } from './flags.ts';
import type { EarlierRuns } from './report.ts';
import { rowKey } from './row-key.ts';

/** A row with its message. */
export interface PendingRow {
  /** The row's number in the table, from 1. */
  readonly row: number;
  readonly key: string;
  readonly to: readonly string[];
  readonly message: MailMessage;
}

/** What is to be merged, and what is known of it. */
export interface MergeJob {
  readonly engine: TemplateEngine;
  readonly rows: AsyncIterable<Row>;
  readonly flags: MergeFlags;
  readonly earlier: EarlierRuns | undefined;
  readonly account: MergeAccount;
  /** Ends it: no more rows are taken. */
  readonly end: AbortController;
}

interface Current {
  row: number;
  key: string;
  messageId: string | undefined;
}

/** The rows to be done, one after another. */
export async function* pendingRows(job: MergeJob): AsyncGenerator<PendingRow> {
  const { engine, account, flags, end } = job;
  const current: Current = { row: 0, key: '', messageId: undefined };
  for await (const outcome of engine.mergeEach(notDone(job, current))) {
    const { row, key, messageId } = current;
    if (outcome.status === 'merged') {
      const { message } = outcome;
      // Who gets it a second time can see that it is the same.
      if (messageId) message.messageId = messageId;
      yield { row, key, to: recipientsOf(message), message };
    } else if (outcome.status === 'skipped') account.ended({ row, key, status: 'skipped' });
    else {
      const { error } = outcome;
      account.ended({ row, key, status: 'failed', detail: error.message }, error);
      if (flags.stopOnError) end.abort();
    }
    if (end.signal.aborted) return;
  }
}

// The engine takes one row, gives what became of it, and takes the next: `current` is the one it has.
async function* notDone(
  { rows, flags, earlier, account, end }: MergeJob,
  current: Current,
): AsyncGenerator<Row> {
  let number = 0;
  for await (const row of rows) {
    if (end.signal.aborted) return;
    number += 1;
    const key = await rowKey(row, flags.key);
    if (earlier?.takeDone(key)) {
      account.doneBefore();
      continue;
    }
    const messageId = earlier?.takeUnknown(key);
    if (messageId !== undefined && !flags.resendUnknown) {
      account.unknownBefore({ row: number, key });
      continue;
    }
    Object.assign(current, { row: number, key, messageId });
    yield row;
  }
}

function recipientsOf({ to, cc, bcc }: MailMessage): string[] {
  return mailboxesOf([...to, ...cc, ...bcc]).map(({ address }) => address);
}
