// `posthorn merge --out`: each message as a file, named by the number of its row.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PosthornError } from '../../base/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { CliIo } from '../io.ts';
import { rowMeter } from './meter.ts';
import { type MergeJob, pendingRows } from './pending.ts';
import { lineOf } from './to-server.ts';

/** Saves what is to be done. */
export async function mergeToFiles(
  job: MergeJob,
  folder: string,
  total: number | undefined,
  io: CliIo,
): Promise<void> {
  const { account, flags, end } = job;
  await mkdir(folder, { recursive: true });
  const meter = rowMeter(io, total);
  try {
    for await (const pending of pendingRows(job)) {
      const line = lineOf(pending);
      const path = join(folder, `${String(pending.row).padStart(6, '0')}.eml`);
      try {
        await write(path, pending.message);
        account.ended({ ...line, status: 'saved', detail: path });
      } catch (error) {
        // A full disk concerns every row, a missing attachment this one.
        if (!(error instanceof PosthornError)) throw error;
        account.ended({ ...line, status: 'failed', detail: error.message }, error);
        if (flags.stopOnError) end.abort();
      }
      meter.tell(account.count('saved'), account.count('failed'));
      if (end.signal.aborted) return;
    }
  } finally {
    meter.clear();
  }
}

// Not made durable one by one, as `message.save` does it: that takes milliseconds each, and the merge can make them again.
async function write(path: string, message: MailMessage): Promise<void> {
  try {
    await writeFile(path, message.toStream());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
