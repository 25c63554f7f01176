// `posthorn merge --dry-run`: every row is checked, the first messages are shown, nothing is sent.
import { printable } from '../../base/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine, printableText } from '../text.ts';
import { rowMeter } from './meter.ts';
import { type MergeJob, type PendingRow, pendingRows } from './pending.ts';

/** Shows the first `shown` messages, and what is wrong with any row. */
export async function dryRunMerge(
  job: MergeJob,
  shown: number,
  total: number | undefined,
  io: CliIo,
): Promise<ExitCode> {
  const { account, flags } = job;
  const meter = rowMeter(io, total);
  let count = 0;
  try {
    for await (const pending of pendingRows(job)) {
      count += 1;
      const bytes = await pending.message.toBytes();
      if (count <= shown && !flags.json) await show(pending, bytes, io);
      const { row, key, to } = pending;
      if (flags.json) {
        const message = count <= shown ? { message: Buffer.from(bytes).toString('base64') } : {};
        await io.stdout.write(
          jsonLine({ dryRun: true, row, key, to, size: bytes.length, ...message }),
        );
      }
      account.checked();
      meter.tell(count, account.count('failed'));
    }
  } finally {
    meter.clear();
  }
  return account.finish('Not sent; ready to send', 'checked');
}

async function show({ row, to }: PendingRow, bytes: Uint8Array, io: CliIo): Promise<void> {
  const paint = paintFor(io.stdout, io.env);
  const title = `Row ${row}, to ${printable(to.join(', '), 500)}`;
  await io.stdout.write(
    `${paint.bold(title)}\n\n${printableText(new TextDecoder().decode(bytes))}\n`,
  );
}
