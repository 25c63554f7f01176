// Which outbox is meant, opened for as long as a verb needs it.
import { OptionError } from '../../base/index.ts';
import type { Outbox, OutboxOptions } from '../../delivery/index.ts';
import type { CliIo } from '../io.ts';
import { warnAboutArgv } from '../password.ts';
import type { OutboxFlags } from './flags.ts';

/** Opens the outbox of `--outbox` or POSTHORN_OUTBOX, does the work with it, and closes it. */
export async function withOutbox<T>(
  flags: OutboxFlags,
  io: CliIo,
  work: (outbox: Outbox) => Promise<T>,
  options: OutboxOptions = {},
): Promise<T> {
  const url = urlOf(flags, io);
  const { Outbox: Opened } = await import('../../delivery/index.ts');
  const outbox = await Opened.open(url, options);
  try {
    return await work(outbox);
  } finally {
    await outbox.close();
  }
}

function urlOf({ outbox }: OutboxFlags, io: CliIo): string {
  const given = outbox ?? io.env.POSTHORN_OUTBOX;
  if (given === undefined || given === '') {
    throw new OptionError(
      'outbox',
      'no outbox is named; use --outbox sqlite:outbox.db (or postgres://…, redis://…) or set POSTHORN_OUTBOX',
    );
  }
  // One letter is a drive of Windows: a path like any other.
  if (!/^[a-z][a-z0-9+.-]+:/i.test(given)) return `sqlite:${given}`;
  if (outbox !== undefined && URL.canParse(given) && new URL(given).password !== '') {
    warnAboutArgv(io);
  }
  return given;
}
