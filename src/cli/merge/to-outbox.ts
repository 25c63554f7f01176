// `posthorn merge --outbox`: each message into a durable queue, once: its key is that of its row.
import { PosthornError } from '../../base/index.ts';
import { Outbox } from '../../delivery/index.ts';
import type { CliIo } from '../io.ts';
import { rowMeter } from './meter.ts';
import { type MergeJob, pendingRows } from './pending.ts';
import { lineOf } from './to-server.ts';

/** Puts what is to be done into the outbox. */
export async function mergeToOutbox(
  job: MergeJob,
  url: string,
  total: number | undefined,
  io: CliIo,
): Promise<void> {
  const { account, flags, end } = job;
  const outbox = await Outbox.open(url);
  const meter = rowMeter(io, total);
  const repeats = new Map<string, number>();
  try {
    for await (const pending of pendingRows(job)) {
      const line = lineOf(pending);
      try {
        const { id } = await outbox.enqueue(pending.message, {
          idempotencyKey: idempotencyKey(pending.key, repeats),
        });
        account.ended({ ...line, status: 'queued', detail: id });
      } catch (error) {
        if (!(error instanceof PosthornError) || error.code.startsWith('OUTBOX_')) throw error;
        account.ended({ ...line, status: 'failed', detail: error.message }, error);
        if (flags.stopOnError) end.abort();
      }
      meter.tell(account.count('queued'), account.count('failed'));
      if (end.signal.aborted) return;
    }
  } finally {
    meter.clear();
    await outbox.close();
  }
}

// Two rows with the same cells are two messages, in this run and in the next.
function idempotencyKey(key: string, repeats: Map<string, number>): string {
  const before = repeats.get(key) ?? 0;
  repeats.set(key, before + 1);
  return before === 0 ? `merge:${key}` : `merge:${key}:${before}`;
}
